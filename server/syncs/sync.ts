import type { ProcessGroup } from '../engine/process-group.ts';
import type { ProcessorNode } from '../engine/processor-node.ts';
import type { Connector } from './catalogue.ts';
import type { ConnectorDescription, StreamDescription } from './connector-description.ts';
import { FlowPlaces } from './flow-places.ts';
import type { SyncRecord } from './sync-record.ts';

/** A stream of a sync, and what is on the canvas of it. */
export interface SyncStream {
  readonly description: StreamDescription;
  /** Those that are still there. */
  readonly sources: readonly ProcessorNode[];
  readonly destination: ProcessorNode | undefined;
  /** A stream that is off has its processors disabled: the canvas shows it. */
  readonly enabled: boolean;
}

/** A process group seen as a product. It has the group's id and name. */
export class Sync {
  readonly group: ProcessGroup;
  readonly connector: Connector;
  readonly description: ConnectorDescription;
  readonly places: FlowPlaces;
  record: SyncRecord;

  constructor(group: ProcessGroup, connector: Connector, record: SyncRecord) {
    this.group = group;
    this.connector = connector;
    this.description = connector.description!;
    this.places = new FlowPlaces(group, connector);
    this.record = record;
  }

  get id(): string {
    return this.group.id;
  }

  get name(): string {
    return this.group.name;
  }

  /** How messages name it. */
  get label(): string {
    return `${this.name} (${this.id})`;
  }

  get streams(): SyncStream[] {
    return this.description.streams.map((description) => {
      const sources = description.sources.map((path) => this.places.processor(path)).filter((node) => node !== undefined);
      return { description, sources, destination: this.places.processor(description.destination), enabled: sources.some(({ state }) => state !== 'DISABLED') };
    });
  }

  /** Processors that begin runs: those without anything that leads to them, whoever put them there. Disabled ones are left out. */
  get sources(): ProcessorNode[] {
    return this.places.processors().filter((node) => node.incoming.size === 0 && node.definition?.input !== 'required' && node.state !== 'DISABLED');
  }

  /** The processor whose schedule is the sync's; undefined where the canvas has none any more. */
  get mainSource(): ProcessorNode | undefined {
    const streams = this.streams;
    return (streams.find(({ enabled }) => enabled) ?? streams[0])?.sources[0];
  }
}
