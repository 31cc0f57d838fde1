import { useProcessor } from '../api/components.ts';
import type { ProcessorConfig, ProcessorEntity } from '../api/shapes.ts';
import { shortType } from '../shared/format.ts';
import { glyphOf } from '../shared/glyph.ts';
import { Failure, Loading } from '../shared/message.tsx';
import { type PanelTab, panelTabStore } from '../shared/panel-tab.ts';
import { runStateOf } from '../shared/run-state.ts';
import { StatusPill } from '../shared/status-pill.tsx';
import { useStore } from '../shared/store.ts';
import { type Tab, Tabs } from '../shared/tabs.tsx';
import { RunCommands } from './commands.tsx';
import { ConfigureButton } from './configure-button.tsx';
import { PanelHead } from './panel-head.tsx';
import { ProcessorOverview } from './processor-overview.tsx';
import { PropertyTable } from './property-table.tsx';
import { StateView } from './state-view.tsx';

interface ProcessorPanelProps {
  readonly groupId: string;
  readonly entity: ProcessorEntity;
}

export function ProcessorPanel({ groupId, entity }: ProcessorPanelProps) {
  const wanted = useStore(panelTabStore);
  const { id, component, status, physicalState } = entity;
  const state = runStateOf({ runStatus: status.runStatus, physicalState, activeThreadCount: status.aggregateSnapshot.activeThreadCount });
  const tab = wanted === 'state' && !component.persistsState ? 'overview' : wanted;
  const tabs: Tab<PanelTab>[] = [
    { key: 'overview', title: 'Overview' },
    { key: 'properties', title: 'Properties' },
  ];
  if (component.persistsState) tabs.push({ key: 'state', title: 'State' });
  const runnable = { id, kind: 'processor', name: component.name, state, waits: state === 'invalid' && physicalState === 'STARTING' } as const;
  return (
    <>
      <PanelHead
        glyph={glyphOf(shortType(component.type))}
        title={component.name}
        subtitle={
          <span title={component.type}>
            {shortType(component.type)} {component.bundle.version}
          </span>
        }
        status={<StatusPill state={state} />}
      >
        <RunCommands groupId={groupId} component={runnable} />
        <ConfigureButton groupId={groupId} kind="processor" id={id} name={component.name} />
      </PanelHead>
      <Tabs label={`About ${component.name}`} tabs={tabs} current={tab} onChange={panelTabStore.set}>
        <TabContent tab={tab} entity={entity} stopped={state !== 'running' && state !== 'stopping' && state !== 'starting' && state !== 'once'} />
      </Tabs>
    </>
  );
}

function TabContent({ tab, entity, stopped }: { readonly tab: PanelTab; readonly entity: ProcessorEntity; readonly stopped: boolean }) {
  const { data: whole, error, refetch } = useProcessor(entity.id);
  if (tab === 'overview') return <ProcessorOverview live={entity} whole={whole} />;
  if (tab === 'state') return <StateView id={entity.id} name={entity.component.name} stopped={stopped} />;
  if (whole) return <PropertyTable config={whole.component.config as ProcessorConfig} />;
  return error ? <Failure title="The properties could not be read" error={error} onRetry={() => void refetch()} /> : <Loading>Reading the properties</Loading>;
}
