import type { ReactNode } from 'react';
import { type Editable, useEditable } from '../api/editing.ts';
import { Dialog } from '../shared/dialog.tsx';
import { Failure, Loading } from '../shared/message.tsx';

interface LoadedProps<E extends Editable> {
  readonly path: string;
  readonly what: string;
  readonly onClose: () => void;
  readonly children: (entity: E) => ReactNode;
}

/** Reads a component and then shows its dialog. */
export function Loaded<E extends Editable>({ path, what, onClose, children }: LoadedProps<E>) {
  const { data, error, refetch } = useEditable<E>(path);
  if (data) return children(data);
  return (
    <Dialog title={what} size="large" onClose={onClose}>
      {error ? <Failure title={`The ${what.toLowerCase()} could not be read`} error={error} onRetry={() => void refetch()} /> : <Loading>Reading</Loading>}
    </Dialog>
  );
}
