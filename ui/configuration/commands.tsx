import { useRunCommand, useTerminate } from '../api/running.ts';
import type { RunCommand, RunnableKind } from '../api/shapes.ts';
import { Button } from '../shared/button.tsx';
import type { IconName } from '../shared/icons.ts';
import { noticeFailed } from '../shared/notices.ts';
import type { RunState } from '../shared/run-state.ts';

/** A component that can be told to run. */
export interface Runnable {
  readonly id: string;
  readonly kind: RunnableKind;
  readonly name: string;
  readonly state: RunState;
  /** It was started and will run as soon as it can. */
  readonly waits?: boolean;
}

interface Command {
  readonly state: RunCommand;
  readonly title: string;
  readonly icon: IconName;
  readonly tone?: 'primary';
}

const START: Command = { state: 'RUNNING', title: 'Start', icon: 'play', tone: 'primary' };
const STOP: Command = { state: 'STOPPED', title: 'Stop', icon: 'stop' };
const ONCE: Command = { state: 'RUN_ONCE', title: 'Run once', icon: 'once' };
const DISABLE: Command = { state: 'DISABLED', title: 'Disable', icon: 'disable' };
const ENABLE: Command = { state: 'STOPPED', title: 'Enable', icon: 'power' };

/** What makes sense for a component in a state. */
export function commandsFor({ kind, state, waits }: Pick<Runnable, 'kind' | 'state' | 'waits'>): readonly Command[] {
  if (state === 'running' || state === 'starting' || state === 'once' || waits) return [STOP];
  if (state === 'disabled') return [ENABLE];
  if (state === 'stopping') return [];
  if (state === 'invalid' || state === 'validating') return [DISABLE];
  return kind === 'processor' ? [START, ONCE, DISABLE] : [START, DISABLE];
}

interface RunCommandsProps {
  readonly groupId: string;
  readonly component: Runnable;
}

export function RunCommands({ groupId, component }: RunCommandsProps) {
  const run = useRunCommand(groupId);
  const { id, kind, name, state } = component;
  const command = (wanted: Command) => run.mutate([{ kind, id, state: wanted.state }], { onError: (error) => noticeFailed(`${wanted.title} did not work on ${name}.`, error) });
  return (
    <fieldset className="commands" aria-label={`Run ${name}`}>
      {commandsFor(component).map((each) => (
        <Button key={each.title} size="small" icon={each.icon} tone={each.tone} busy={run.isPending && run.variables[0]?.state === each.state} onClick={() => command(each)}>
          {each.title}
        </Button>
      ))}
      {state === 'stopping' && kind === 'processor' && <Terminate groupId={groupId} id={id} name={name} />}
    </fieldset>
  );
}

function Terminate({ groupId, id, name }: { readonly groupId: string; readonly id: string; readonly name: string }) {
  const terminate = useTerminate(groupId);
  return (
    <Button
      size="small"
      icon="error"
      busy={terminate.isPending}
      onClick={() => terminate.mutate(id, { onError: (error) => noticeFailed(`The tasks of ${name} could not be terminated.`, error) })}
      title="Give up the tasks that do not end; what they took goes back to its queue"
    >
      Terminate
    </Button>
  );
}
