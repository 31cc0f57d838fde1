import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useConfigurationChanged } from '../api/editing.ts';
import { recordDeleted } from '../api/presence.ts';
import { contextPath, deleteContext, type ParameterContextEntity } from '../api/parameters.ts';
import { Confirmation } from '../shared/dialog.tsx';

export function DeleteContext({ context, onClose }: { readonly context: ParameterContextEntity; readonly onClose: () => void }) {
  const client = useQueryClient();
  const changed = useConfigurationChanged();
  const { name, boundProcessGroups } = context.component;
  const remove = useMutation({
    mutationFn: () => deleteContext(context),
    onSuccess: () => {
      recordDeleted(client, { id: context.id, name, path: contextPath(context.id) });
      void changed();
      onClose();
    },
  });
  return (
    <Confirmation title={`Delete ${name}?`} action="Delete" busy={remove.isPending} onConfirm={() => remove.mutate()} onClose={onClose}>
      <p>
        {boundProcessGroups.length === 0
          ? 'No group is bound to it.'
          : `Components of ${boundProcessGroups.map(({ component }) => component.name).join(', ')} that refer to its parameters will be invalid.`}
      </p>
      {remove.error && (
        <p className="callout" data-tone="danger" role="alert">
          {remove.error.message}
        </p>
      )}
    </Confirmation>
  );
}
