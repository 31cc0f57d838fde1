import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ComponentTypes } from '../../server/engine/component-types.ts';
import type { Connection } from '../../server/engine/connection.ts';
import type { FlowController } from '../../server/engine/flow-controller.ts';
import type { ProcessGroup } from '../../server/engine/process-group.ts';
import type { ProcessorNode } from '../../server/engine/processor-node.ts';
import { openMillrace } from '../../server/millrace.ts';

export const standard = (name: string): string => `org.apache.nifi.processors.standard.${name}`;

const created = { version: 0 };

/** Builds flows in a few words, for benches and tests. */
export class FlowBench {
  readonly flow: FlowController;
  readonly group: ProcessGroup;

  constructor(flow: FlowController, name = 'bench') {
    this.flow = flow;
    this.group = flow.createGroup(flow.root, created, { name });
  }

  processor(type: string, properties: Record<string, string> = {}, config: Record<string, unknown> = {}): ProcessorNode {
    return this.flow.createProcessor(this.group, created, { type, properties, ...config });
  }

  connect(from: ProcessorNode, to: ProcessorNode, selectedRelationships: string[], config: Record<string, unknown> = {}): Connection {
    return this.flow.createConnection(this.group, created, { source: from.id, destination: to.id, selectedRelationships, ...config });
  }

  /** The figures of a processor since it was made. */
  figures(node: ProcessorNode) {
    return node.runnable.statistics.sinceStart();
  }
}

/** Runs `work` on a fresh data directory with durable storage; nothing is left behind. */
export async function withMillrace<T>(work: (flow: FlowController, dataDirectory: string) => Promise<T>, types?: ComponentTypes): Promise<T> {
  const dataDirectory = mkdtempSync(path.join(tmpdir(), 'millrace-bench-'));
  const millrace = await openMillrace({ dataDirectory, log: ({ level, message, component }) => level === 'error' && console.error(component?.name, message), types });
  millrace.flow.start();
  try {
    return await work(millrace.flow, dataDirectory);
  } finally {
    await millrace.close();
    rmSync(dataDirectory, { recursive: true, force: true });
  }
}
