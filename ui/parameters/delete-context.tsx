import { useMutation } from '@tanstack/react-query';
import { useConfigurationChanged } from '../api/editing.ts';
import { deleteContext, type ParameterContextEntity } from '../api/parameters.ts';
import { Confirmation } from '../shared/dialog.tsx';
import { noticeDone } from '../shared/notices.ts';

export function DeleteContext({ context, onClose }: { readonly context: ParameterContextEntity; readonly onClose: () => void }) {
  const changed = useConfigurationChanged();
  const { name, boundProcessGroups } = context.component;
  const remove = useMutation({
    mutationFn: () => deleteContext(context),
    onSuccess: () => {
      noticeDone(`Deleted ${name}`);
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
