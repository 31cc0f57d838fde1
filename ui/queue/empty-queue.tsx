import { useEmptyQueue } from '../api/queues.ts';
import type { ConnectionEntity } from '../api/shapes.ts';
import { Confirmation } from '../shared/dialog.tsx';
import { formatBytes, formatNumberOf } from '../shared/format.ts';
import { noticeDone, noticeFailed } from '../shared/notices.ts';

interface EmptyQueueProps {
  readonly entity: ConnectionEntity;
  readonly onClose: () => void;
}

/** Asks before everything in a queue is thrown away. */
export function EmptyQueue({ entity: { id, component, status }, onClose }: EmptyQueueProps) {
  const empty = useEmptyQueue(id);
  const { flowFilesQueued, bytesQueued } = status.aggregateSnapshot;
  const onConfirm = () =>
    empty.mutate(undefined, {
      onSuccess: ({ droppedCount, droppedSize }) => {
        noticeDone(`Dropped ${formatNumberOf(droppedCount, 'FlowFile')}`, `${formatBytes(droppedSize)} between ${component.source.name} and ${component.destination.name}.`);
        onClose();
      },
      onError: (error) => noticeFailed('The queue was not emptied.', error),
    });
  return (
    <Confirmation title="Empty this queue?" action="Empty queue" busy={empty.isPending} onConfirm={onConfirm} onClose={onClose}>
      <p>
        <strong>{formatNumberOf(flowFilesQueued, 'FlowFile')}</strong> ({formatBytes(bytesQueued)}) waiting between <strong>{component.source.name}</strong> and{' '}
        <strong>{component.destination.name}</strong> will be dropped and never reach {component.destination.name}.
      </p>
      <p>This cannot be undone. What {component.source.name} remembers stays as it is, so it will not send them again by itself.</p>
    </Confirmation>
  );
}
