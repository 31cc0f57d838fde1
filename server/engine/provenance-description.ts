import type { Attributes } from './attributes.ts';
import { Connectable } from './connectable.ts';
import { Connection } from './connection.ts';
import type { FlowRuntime } from './flow-runtime.ts';
import type { ProvenanceEvent } from './provenance.ts';

/** An event with the names of what its numbers stand for. */
export interface DescribedEvent {
  readonly event: ProvenanceEvent;
  readonly flowFileUuid: string;
  readonly parentUuids: readonly string[];
  readonly childUuids: readonly string[];
  /** All attributes, the core ones first. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly previousAttributes: ReadonlyMap<string, string>;
  readonly componentId: string;
  /** Its name of today; its id where it has been removed. */
  readonly componentName: string;
  /** Such as `UpdateAttribute`; `Unknown` where it has been removed. */
  readonly componentType: string;
  readonly groupId: string | undefined;
  /** The connection that the FlowFile came from. */
  readonly sourceConnectionId: string | undefined;
  readonly inputContentAvailable: boolean;
  readonly outputContentAvailable: boolean;
  /** Why it cannot be replayed; undefined where it can. */
  readonly replayRefusal: string | undefined;
}

export function describeEvent(event: ProvenanceEvent, runtime: FlowRuntime): DescribedEvent {
  const { journal, components, config } = runtime;
  const { flowFile, attributes, previousAttributes, content, previousContent, sourceQueue } = event;
  const uuid = journal.ids.uuidOf(flowFile);
  const componentId = config.store.idOf(event.component) ?? '';
  const component = components.get(componentId);
  const sourceConnectionId = sourceQueue === 0 ? undefined : config.store.idOf(sourceQueue);
  const inputContentAvailable = sourceQueue !== 0 && journal.content.isAvailable(previousContent.segment);
  return {
    event,
    flowFileUuid: uuid,
    parentUuids: event.parents.map((id) => journal.ids.uuidOf(id)),
    childUuids: event.children.map((id) => journal.ids.uuidOf(id)),
    attributes: withCore(uuid, attributes),
    previousAttributes: withCore(uuid, previousAttributes),
    componentId,
    componentName: component instanceof Connection ? component.name || 'Connection' : (component?.name ?? componentId),
    componentType: component instanceof Connectable ? component.runnable.type : component instanceof Connection ? 'Connection' : 'Unknown',
    groupId: component?.group?.id,
    sourceConnectionId,
    inputContentAvailable,
    outputContentAvailable: journal.content.isAvailable(content.segment),
    replayRefusal: refusal(sourceConnectionId, inputContentAvailable, runtime),
  };
}

function withCore(uuid: string, own: Attributes): ReadonlyMap<string, string> {
  return new Map([['uuid', uuid], ['filename', uuid], ['path', './'], ...own.entries, ['uuid', uuid]]);
}

function refusal(connectionId: string | undefined, contentAvailable: boolean, { components }: FlowRuntime): string | undefined {
  if (connectionId === undefined) return 'Cannot replay data from Provenance Event because the event does not specify the Source FlowFile Queue';
  if (!(components.get(connectionId) instanceof Connection)) return 'Cannot replay data from Provenance Event because the queue that the FlowFile came from no longer exists';
  return contentAvailable ? undefined : 'Cannot replay data from Provenance Event because the content of the FlowFile is no longer available';
}
