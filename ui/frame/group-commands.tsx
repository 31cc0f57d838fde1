import type { GroupCounts } from '../api/flow.ts';
import { missingIn, type ParameterContextReference, useBoundContext } from '../api/parameters.ts';
import { useRunGroup } from '../api/running.ts';
import { useActivateServices, useServices } from '../api/services.ts';
import { Button } from '../shared/button.tsx';
import { formatNumberOf } from '../shared/format.ts';
import { noticeDone, noticeFailed } from '../shared/notices.ts';
import { openView } from '../shared/views.ts';

function startedText({ invalid }: GroupCounts): string {
  if (invalid === 0) return 'Everything that is not disabled is running.';
  return `${formatNumberOf(invalid, 'component')} ${invalid === 1 ? 'is' : 'are'} invalid and will start as soon as that is mended: look for what is missing there.`;
}

interface GroupCommandsProps {
  readonly groupId: string;
  readonly name: string;
  readonly counts: GroupCounts;
}

/** Starts and stops everything in the group on the canvas and below it. */
export function GroupCommands({ groupId, name, counts }: GroupCommandsProps) {
  const run = useRunGroup();
  const command = (state: 'RUNNING' | 'STOPPED') =>
    run.mutate(
      { id: groupId, state },
      {
        onSuccess: () =>
          noticeDone(
            state === 'RUNNING' ? `Started ${name}` : `Stopped ${name}`,
            state === 'RUNNING' ? startedText(counts) : 'Tasks at work finish what they began. Queued FlowFiles stay.',
          ),
        onError: (error) => noticeFailed(`${name} could not be ${state === 'RUNNING' ? 'started' : 'stopped'}.`, error),
      },
    );
  const busy = (state: string): boolean => run.isPending && run.variables.state === state;
  return (
    <fieldset className="command-group" aria-label={`Run ${name}`}>
      <Button
        tone={counts.stopped > 0 ? 'primary' : 'plain'}
        size="small"
        icon="play"
        disabled={counts.stopped === 0}
        busy={busy('RUNNING')}
        onClick={() => command('RUNNING')}
        title={`Start what is stopped in this group and below: ${formatNumberOf(counts.stopped, 'component')}`}
      >
        Start
      </Button>
      <Button
        size="small"
        icon="stop"
        disabled={counts.running === 0}
        busy={busy('STOPPED')}
        onClick={() => command('STOPPED')}
        title={`Stop what is running in this group and below: ${formatNumberOf(counts.running, 'component')}`}
      >
        Stop
      </Button>
    </fieldset>
  );
}

/** Leads to the parameters that the group on the canvas uses; says how many have no value. */
export function ParametersCommand({ reference }: { readonly reference: ParameterContextReference }) {
  const { data: context } = useBoundContext(reference);
  if (!context) return null;
  const missing = missingIn(context);
  const [first] = missing;
  const open = () => openView({ name: 'parameter-contexts', id: first?.parameterContext?.id ?? context.id, parameter: first?.name });
  return (
    <Button
      tone="quiet"
      size="small"
      icon={first ? 'warning' : 'sliders'}
      onClick={open}
      title={first ? `Without a value: ${missing.map(({ name }) => name).join(', ')}` : `Show the parameters of ${context.component.name}`}
    >
      Parameters{first && ` (${missing.length} missing)`}
    </Button>
  );
}

/** Enables the controller services of the group and below it; shows how many are. */
export function ServicesCommand({ groupId, onShow }: { readonly groupId: string; readonly onShow: () => void }) {
  const { data: services = [] } = useServices(groupId);
  const activate = useActivateServices();
  const enabled = services.filter(({ component }) => component.state === 'ENABLED').length;
  if (services.length === 0) return null;
  const enable = () =>
    activate.mutate(
      { groupId, state: 'ENABLED' },
      { onSuccess: () => noticeDone('Enabling all controller services'), onError: (error) => noticeFailed('The controller services could not be enabled.', error) },
    );
  return (
    <fieldset className="command-group" aria-label="Controller services">
      <Button tone="quiet" size="small" icon="plug" onClick={onShow} title="Show the controller services of this group">
        Services {enabled}/{services.length}
      </Button>
      {enabled < services.length && (
        <Button size="small" icon="bolt" busy={activate.isPending} onClick={enable} title="Enable all controller services of this group and below">
          Enable all
        </Button>
      )}
    </fieldset>
  );
}
