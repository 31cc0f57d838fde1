import { useRunCommand } from '../api/running.ts';
import { nameOf } from '../api/flow.ts';
import type { FlowComponent, FunnelEntity, LabelEntity, PortEntity, RunCommand, RunnableKind } from '../api/shapes.ts';
import { Button } from '../shared/button.tsx';
import { Fact } from '../shared/figure.tsx';
import { formatBytes, formatCount, formatNumberOf } from '../shared/format.ts';
import { noticeFailed } from '../shared/notices.ts';
import { runStateOf } from '../shared/run-state.ts';
import { StatusPill } from '../shared/status-pill.tsx';
import { ScrollArea } from '../shared/scroll-area.tsx';
import { RunCommands } from './commands.tsx';
import { ComponentBulletins } from './component-bulletins.tsx';
import { ConfigureButton } from './configure-button.tsx';
import { PanelHead } from './panel-head.tsx';
import { Problems } from '../shared/problems.tsx';
import { Section } from './section.tsx';

interface PortPanelProps {
  readonly groupId: string;
  readonly kind: 'input-port' | 'output-port';
  readonly entity: PortEntity;
}

export function PortPanel({ groupId, kind, entity }: PortPanelProps) {
  const { id, component, status, bulletins } = entity;
  const { flowFilesIn, bytesIn, flowFilesOut, bytesOut, activeThreadCount } = status.aggregateSnapshot;
  const state = runStateOf({ runStatus: status.runStatus, activeThreadCount });
  return (
    <>
      <PanelHead
        glyph={{ icon: kind === 'input-port' ? 'inputPort' : 'outputPort' }}
        title={component.name}
        subtitle={kind === 'input-port' ? 'Input port' : 'Output port'}
        status={<StatusPill state={state} />}
      >
        <RunCommands groupId={groupId} component={{ id, kind, name: component.name, state }} />
        <ConfigureButton groupId={groupId} kind={kind} id={id} name={component.name} />
      </PanelHead>
      <ScrollArea label="Details">
        <Problems problems={component.validationErrors ?? []} />
        <ComponentBulletins bulletins={bulletins} />
        <Section title="Figures" note="of the last five minutes">
          <dl className="facts">
            <Fact name="In">
              {formatCount(flowFilesIn)} · {formatBytes(bytesIn)}
            </Fact>
            <Fact name="Out">
              {formatCount(flowFilesOut)} · {formatBytes(bytesOut)}
            </Fact>
            <Fact name="Concurrent tasks">{formatCount(component.concurrentlySchedulableTaskCount)}</Fact>
          </dl>
        </Section>
      </ScrollArea>
    </>
  );
}

/** Funnels and labels have nothing to operate. */
export function PlainPanel({ component }: { readonly component: { kind: 'funnel'; entity: FunnelEntity } | { kind: 'label'; entity: LabelEntity } }) {
  const isFunnel = component.kind === 'funnel';
  return (
    <>
      <PanelHead glyph={{ icon: component.kind }} title={nameOf(component)} subtitle={isFunnel ? 'Brings several connections together' : 'Label'}>
        {component.kind === 'label' && <ConfigureButton groupId={component.entity.component.parentGroupId} kind="label" id={component.entity.id} name={nameOf(component)} />}
      </PanelHead>
      {component.kind === 'label' && <p className="description">{component.entity.component.label}</p>}
    </>
  );
}

const isRunnable = (kind: FlowComponent['kind']): kind is RunnableKind => kind === 'processor' || kind === 'input-port' || kind === 'output-port';

/** Several components: what can be done with all of them at once. */
export function SeveralPanel({ groupId, components }: { readonly groupId: string; readonly components: readonly FlowComponent[] }) {
  const run = useRunCommand(groupId);
  const runnable = components.flatMap(({ kind, entity }) => (isRunnable(kind) ? [{ kind, id: entity.id, status: (entity as PortEntity).status.runStatus }] : []));
  const command = (state: RunCommand, from: string, title: string) =>
    run.mutate(
      runnable.filter(({ status }) => status === from).map(({ kind, id }) => ({ kind, id, state })),
      { onError: (error) => noticeFailed(`${title} did not work on every component.`, error) },
    );
  const count = (status: string): number => runnable.filter((each) => each.status === status).length;
  return (
    <>
      <PanelHead
        glyph={{ icon: 'group' }}
        title={`${formatNumberOf(components.length, 'component')} selected`}
        subtitle={`${formatCount(count('Running'))} running, ${formatCount(count('Stopped'))} stopped`}
      >
        <Button size="small" tone="primary" icon="play" disabled={count('Stopped') === 0 || run.isPending} onClick={() => command('RUNNING', 'Stopped', 'Start')}>
          Start
        </Button>
        <Button size="small" icon="stop" disabled={count('Running') === 0 || run.isPending} onClick={() => command('STOPPED', 'Running', 'Stop')}>
          Stop
        </Button>
      </PanelHead>
      <ScrollArea label="Details">
        <Section title="Selected">
          <ul className="names">
            {components.map((component) => (
              <li key={component.entity.id}>{nameOf(component)}</li>
            ))}
          </ul>
        </Section>
      </ScrollArea>
    </>
  );
}
