import { useRunGroup } from '../api/running.ts';
import type { ProcessGroupEntity } from '../api/shapes.ts';
import { Button } from '../shared/button.tsx';
import { Fact } from '../shared/figure.tsx';
import { formatBytes, formatCount, formatNumberOf } from '../shared/format.ts';
import { GROUP_GLYPH } from '../shared/glyph.ts';
import { noticeFailed } from '../shared/notices.ts';
import { ScrollArea } from '../shared/scroll-area.tsx';
import { openView } from '../shared/views.ts';
import { ComponentBulletins } from './component-bulletins.tsx';
import { ConfigureButton } from './configure-button.tsx';
import { GroupSetup } from './group-setup.tsx';
import { PanelHead } from './panel-head.tsx';
import { Section } from './section.tsx';
import { ServicesList } from './services-list.tsx';
import { Violations } from './violations.tsx';

interface GroupPanelProps {
  readonly entity: ProcessGroupEntity;
  readonly onEnter: () => void;
}

export function GroupPanel({ entity, onEnter }: GroupPanelProps) {
  const { id, component } = entity;
  return (
    <>
      <PanelHead glyph={GROUP_GLYPH} title={component.name} subtitle="Process group">
        <GroupRun id={id} name={component.name} canStart={entity.stoppedCount > 0} canStop={entity.runningCount > 0} />
        <Button size="small" icon="enter" onClick={onEnter}>
          Open
        </Button>
        <ConfigureButton groupId={id} kind="group" id={id} name={component.name} />
      </PanelHead>
      <ScrollArea label={`About ${component.name}`}>
        {component.comments && <p className="description">{component.comments}</p>}
        <Violations id={id} />
        <GroupSetup groupId={id} reference={component.parameterContext} />
        <ComponentBulletins bulletins={entity.bulletins} />
        <Components entity={entity} />
        <Figures entity={entity} />
        <ServicesList groupId={id} />
      </ScrollArea>
    </>
  );
}

interface GroupRunProps {
  readonly id: string;
  readonly name: string;
  readonly canStart: boolean;
  readonly canStop: boolean;
}

function GroupRun({ id, name, canStart, canStop }: GroupRunProps) {
  const run = useRunGroup();
  const command = (state: 'RUNNING' | 'STOPPED') =>
    run.mutate({ id, state }, { onError: (error) => noticeFailed(`${name} could not be ${state === 'RUNNING' ? 'started' : 'stopped'}.`, error) });
  return (
    <>
      <Button size="small" tone={canStart ? 'primary' : 'plain'} icon="play" disabled={!canStart || run.isPending} onClick={() => command('RUNNING')}>
        Start
      </Button>
      <Button size="small" icon="stop" disabled={!canStop || run.isPending} onClick={() => command('STOPPED')}>
        Stop
      </Button>
    </>
  );
}

function Components({ entity: { component, runningCount, stoppedCount, invalidCount, disabledCount, inputPortCount, outputPortCount } }: Pick<GroupPanelProps, 'entity'>) {
  return (
    <Section title="Components" note="of the group and below">
      <dl className="facts">
        <Fact name="Running">{formatCount(runningCount)}</Fact>
        <Fact name="Stopped">{formatCount(stoppedCount)}</Fact>
        <Fact name="Invalid">{formatCount(invalidCount)}</Fact>
        <Fact name="Disabled">{formatCount(disabledCount)}</Fact>
        <Fact name="Ports">
          {formatCount(inputPortCount)} in, {formatCount(outputPortCount)} out
        </Fact>
        <Fact name="Parameter context">
          {component.parameterContext ? (
            <button type="button" className="link" onClick={() => openView({ name: 'parameter-contexts', id: component.parameterContext!.id })}>
              {component.parameterContext.component.name}
            </button>
          ) : (
            'None'
          )}
        </Fact>
      </dl>
    </Section>
  );
}

function Figures({ entity: { status } }: Pick<GroupPanelProps, 'entity'>) {
  const { flowFilesQueued, bytesQueued, flowFilesIn, bytesIn, flowFilesOut, bytesOut, bytesRead, bytesWritten, activeThreadCount } = status.aggregateSnapshot;
  return (
    <Section title="Figures" note="of the last five minutes">
      <dl className="facts">
        <Fact name="Queued now">
          {formatCount(flowFilesQueued)} · {formatBytes(bytesQueued)}
        </Fact>
        <Fact name="In">
          {formatCount(flowFilesIn)} · {formatBytes(bytesIn)}
        </Fact>
        <Fact name="Out">
          {formatCount(flowFilesOut)} · {formatBytes(bytesOut)}
        </Fact>
        <Fact name="Read and written">
          {formatBytes(bytesRead)} · {formatBytes(bytesWritten)}
        </Fact>
        <Fact name="At work now">{formatNumberOf(activeThreadCount, 'task')}</Fact>
      </dl>
    </Section>
  );
}
