import type { DescribedEvent, Lineage, LineageNode } from '../../engine/provenance-query.ts';
import type { ContentClaim } from '../../engine/content-claim.ts';
import { formatDataSize } from '../format.ts';
import { canRead, type EntityView } from './common.ts';

export interface AttributeDto {
  name: string;
  value?: string;
  previousValue?: string;
}

export interface ProvenanceEventDto {
  id: string;
  eventId: number;
  eventTime: string;
  eventDuration: number;
  lineageDuration: number;
  eventType: string;
  flowFileUuid: string;
  fileSize: string;
  fileSizeBytes: number;
  groupId?: string;
  componentId: string;
  componentType: string;
  componentName: string;
  transitUri?: string;
  relationship?: string;
  details?: string;
  sourceConnectionIdentifier?: string;
  attributes?: AttributeDto[];
  parentUuids?: string[];
  childUuids?: string[];
  contentEqual?: boolean;
  inputContentAvailable?: boolean;
  outputContentAvailable?: boolean;
  replayAvailable?: boolean;
  replayExplanation?: string;
}

const orNothing = (text: string): string | undefined => (text === '' ? undefined : text);

/** What lists of events show. */
export function eventSummary({ event, ...described }: DescribedEvent, view: EntityView): ProvenanceEventDto {
  const { times } = view;
  const component = view.find(described.componentId);
  const isSeen = !component || canRead(component, view);
  const { eventId, time, type, content, lineageStart } = event;
  return {
    id: String(eventId),
    eventId,
    eventTime: times.timestamp(time),
    eventDuration: 0,
    lineageDuration: Math.max(0, time - lineageStart),
    eventType: type,
    flowFileUuid: described.flowFileUuid,
    fileSize: formatDataSize(content.length),
    fileSizeBytes: content.length,
    groupId: described.groupId,
    componentId: described.componentId,
    componentType: isSeen ? described.componentType : 'Processor',
    componentName: isSeen ? described.componentName : described.componentId,
    transitUri: orNothing(event.transitUri),
    relationship: orNothing(event.relationship),
    details: orNothing(event.details),
  };
}

function attributes({ attributes: now, previousAttributes: before }: DescribedEvent): AttributeDto[] {
  const names = new Set([...now.keys(), ...before.keys()]);
  return [...names].sort().map((name) => ({ name, value: now.get(name), previousValue: before.get(name) }));
}

function claim(side: 'input' | 'output', { segment, offset, length }: ContentClaim): Record<string, unknown> {
  if (segment <= 0) return {};
  const fields = { Section: '1', Container: 'default', Identifier: String(segment), Offset: offset, FileSize: formatDataSize(length), FileSizeBytes: length };
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [`${side}ContentClaim${name}`, value]));
}

/** Everything about an event. */
export function eventDto(described: DescribedEvent, view: EntityView): ProvenanceEventDto {
  const { event, replayRefusal } = described;
  const { content, previousContent } = event;
  return {
    ...eventSummary(described, view),
    sourceConnectionIdentifier: described.sourceConnectionId,
    attributes: attributes(described),
    parentUuids: [...described.parentUuids],
    childUuids: [...described.childUuids],
    contentEqual: content.segment === previousContent.segment && content.offset === previousContent.offset && content.length === previousContent.length,
    inputContentAvailable: described.inputContentAvailable,
    outputContentAvailable: described.outputContentAvailable,
    ...claim('input', previousContent),
    ...claim('output', content),
    replayAvailable: replayRefusal === undefined,
    replayExplanation: replayRefusal,
  };
}

function lineageNodeDto({ id, type, flowFileUuid, time, event }: LineageNode, { times }: EntityView) {
  const base = { id, type, flowFileUuid, timestamp: times.timestamp(time), millis: time };
  return event ? { ...base, eventType: event.event.type, parentUuids: [...event.parentUuids], childUuids: [...event.childUuids] } : base;
}

export function lineageResultsDto({ nodes, links }: Lineage, failure: string | undefined, view: EntityView) {
  return {
    errors: failure === undefined ? [] : [failure],
    nodes: nodes.map((node) => lineageNodeDto(node, view)),
    links: links.map(({ source, target, flowFileUuid, time }) => ({ sourceId: source, targetId: target, flowFileUuid, timestamp: view.times.timestamp(time), millis: time })),
  };
}

const FIELDS = {
  EventType: 'Event Type',
  FlowFileUUID: 'FlowFile UUID',
  Filename: 'Filename',
  ProcessorID: 'Component ID',
  Relationship: 'Relationship',
  TransitURI: 'Transit URI',
  Details: 'Details',
};

export const searchableFields = Object.entries(FIELDS).map(([id, label]) => ({ id, field: id.charAt(0).toLowerCase() + id.slice(1), label, type: 'STRING' }));
