import type { FlowFileIds } from './flowfile-record.ts';
import type { DescribedEvent } from './provenance-description.ts';

export interface LineageNode {
  /** The FlowFile's UUID, or the event's number. */
  readonly id: string;
  readonly type: 'FLOWFILE' | 'EVENT';
  readonly flowFileUuid: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly event?: DescribedEvent;
}

export interface LineageLink {
  readonly source: string;
  readonly target: string;
  readonly flowFileUuid: string;
  readonly time: number;
}

/** The ways of FlowFiles through the flow. */
export interface Lineage {
  readonly nodes: readonly LineageNode[];
  readonly links: readonly LineageLink[];
}

/** Events that bring FlowFiles in from outside, or out of nothing. */
const BEGINNINGS: readonly string[] = ['CREATE', 'RECEIVE', 'FETCH'];

/**
 * The graph of events (oldest first) for the FlowFiles asked about, as NiFi draws it: events of one FlowFile follow each other;
 * an event that makes a FlowFile leads to its node, from which its own events go on.
 */
export function buildLineage(events: readonly DescribedEvent[], flowFiles: ReadonlySet<number>, ids: FlowFileIds): Lineage {
  const graph = new LineageGraph();
  for (const described of events) {
    const { event, flowFileUuid } = described;
    graph.addEvent(described);
    if (event.children.length > 0) {
      // A parent shows all that came of it; a child only itself among its siblings.
      const ofParent = flowFiles.has(event.flowFile) || event.parents.some((id) => flowFiles.has(id));
      for (const child of event.children) if (ofParent || flowFiles.has(child)) graph.addFlowFile(ids.uuidOf(child), described);
      for (const parent of event.parents) graph.join(ids.uuidOf(parent), described);
    } else if (BEGINNINGS.includes(event.type)) graph.addFlowFile(flowFileUuid, described);
  }
  return graph;
}

class LineageGraph implements Lineage {
  readonly nodes: LineageNode[] = [];
  readonly links: LineageLink[] = [];
  readonly #known = new Set<string>();
  /** Where the way of a FlowFile has come to. */
  readonly #last = new Map<string, string>();

  addEvent(described: DescribedEvent): void {
    const { event, flowFileUuid } = described;
    const id = String(event.eventId);
    this.nodes.push({ id, type: 'EVENT', flowFileUuid, time: event.time, event: described });
    // An event that makes others is reached from its parents, see `join`.
    if (event.parents.length > 0) return;
    this.#link(this.#last.get(flowFileUuid), id, flowFileUuid, event.time);
    this.#last.set(flowFileUuid, id);
  }

  /** The event makes the FlowFile, or brings it in. */
  addFlowFile(flowFileUuid: string, { event }: DescribedEvent): void {
    if (!this.#known.has(flowFileUuid)) {
      this.#known.add(flowFileUuid);
      this.nodes.push({ id: flowFileUuid, type: 'FLOWFILE', flowFileUuid, time: event.time });
    }
    this.#link(String(event.eventId), flowFileUuid, flowFileUuid, event.time);
    this.#last.set(flowFileUuid, flowFileUuid);
  }

  /** The parent's way leads to the event. */
  join(parentUuid: string, { event }: DescribedEvent): void {
    const id = String(event.eventId);
    this.#link(this.#last.get(parentUuid), id, parentUuid, event.time);
    this.#last.set(parentUuid, id);
  }

  #link(source: string | undefined, target: string, flowFileUuid: string, time: number): void {
    if (source !== undefined && source !== target) this.links.push({ source, target, flowFileUuid, time });
  }
}
