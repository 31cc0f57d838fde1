import { findComponent } from '../api/flow.ts';
import type { FlowComponent, FlowDto } from '../api/shapes.ts';
import { Button, IconButton } from '../shared/button.tsx';
import { NOTHING, type Selection, selectionStore } from '../shared/selection.ts';
import { ScrollArea } from '../shared/scroll-area.tsx';
import { openView } from '../shared/views.ts';
import { ConnectionPanel } from './connection-panel.tsx';
import { GroupPanel } from './group-panel.tsx';
import { PlainPanel, PortPanel, SeveralPanel } from './other-panels.tsx';
import { PanelHead } from './panel-head.tsx';
import { ProcessorPanel } from './processor-panel.tsx';
import { ServicesList } from './services-list.tsx';
import './configuration.css';
import './details.css';

/** What the panel asks of the page around it. */
export interface PanelActions {
  readonly enterGroup: (groupId: string) => void;
  readonly openQueue: (connectionId: string) => void;
  readonly emptyQueue: (connectionId: string) => void;
}

interface ConfigurationPanelProps extends PanelActions {
  readonly groupId: string;
  readonly flow: FlowDto;
  readonly selection: Selection;
}

/** Everything about what is selected, beside the canvas. */
export function ConfigurationPanel({ groupId, flow, selection, ...actions }: ConfigurationPanelProps) {
  const components = selection.flatMap((id) => findComponent(flow, id) ?? []);
  const [component] = components;
  if (!component) return null;
  return (
    <aside className="panel" aria-label="Selected component">
      <div className="panel-close">
        <IconButton icon="close" label="Close (clears the selection)" onClick={() => selectionStore.set(NOTHING)} />
      </div>
      {components.length > 1 ? (
        <SeveralPanel groupId={groupId} components={components} />
      ) : (
        <One key={component.entity.id} groupId={groupId} component={component} actions={actions} />
      )}
    </aside>
  );
}

interface OneProps {
  readonly groupId: string;
  readonly component: FlowComponent;
  readonly actions: PanelActions;
}

function One({ groupId, component, actions }: OneProps) {
  const { id } = component.entity;
  switch (component.kind) {
    case 'processor':
      return <ProcessorPanel groupId={groupId} entity={component.entity} />;
    case 'group':
      return <GroupPanel entity={component.entity} onEnter={() => actions.enterGroup(id)} />;
    case 'connection':
      return <ConnectionPanel entity={component.entity} onOpenQueue={() => actions.openQueue(id)} onEmptyQueue={() => actions.emptyQueue(id)} />;
    case 'input-port':
    case 'output-port':
      return <PortPanel groupId={groupId} kind={component.kind} entity={component.entity} />;
    default:
      return <PlainPanel component={component} />;
  }
}

interface ServicesPanelProps {
  readonly groupId: string;
  readonly name: string;
  readonly onClose: () => void;
}

/** The controller services of the group on the canvas. */
export function ServicesPanel({ groupId, name, onClose }: ServicesPanelProps) {
  return (
    <aside className="panel" aria-label="Controller services">
      <div className="panel-close">
        <IconButton icon="close" label="Close" onClick={onClose} />
      </div>
      <PanelHead glyph={{ icon: 'plug' }} title="Controller services" subtitle={`of ${name} and below`}>
        <Button size="small" icon="gear" onClick={() => openView({ name: 'services', groupId })}>
          Manage
        </Button>
      </PanelHead>
      <ScrollArea label="Controller services">
        <ServicesList groupId={groupId} heading={false} />
      </ScrollArea>
    </aside>
  );
}
