import { useRunCommand } from '../api/running.ts';
import { useConfigurationChanged } from '../api/editing.ts';
import type { RunnableKind } from '../api/shapes.ts';
import { Button } from '../shared/button.tsx';
import { noticeFailed } from '../shared/notices.ts';

interface StopToConfigureProps {
  readonly groupId: string;
  readonly kind: RunnableKind;
  readonly id: string;
  readonly name: string;
}

/** Says why a running component cannot be changed, and stops it. */
export function StopToConfigure({ groupId, kind, id, name }: StopToConfigureProps) {
  const run = useRunCommand(groupId);
  const changed = useConfigurationChanged();
  const stop = () => run.mutate([{ kind, id, state: 'STOPPED' }], { onSuccess: () => void changed(), onError: (error) => noticeFailed(`${name} could not be stopped.`, error) });
  return (
    <>
      <span>{name} is running. Stop it to change its configuration.</span>
      <Button size="small" icon="stop" busy={run.isPending} onClick={stop}>
        Stop
      </Button>
    </>
  );
}
