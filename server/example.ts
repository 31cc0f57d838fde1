import { readFileSync } from 'node:fs';
import path from 'node:path';
import { places } from './config.ts';
import type { FlowController } from './engine/flow-controller.ts';
import type { FlowDefinition } from './engine/flow-definition/format.ts';
import type { ProcessGroup } from './engine/process-group.ts';

/** The connector that an empty installation begins with. */
export const EXAMPLE = 'customer-segments.json';

/** Reads a flow definition. Throws with the file's name where it is none. */
export function readDefinition(file: string): FlowDefinition {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as FlowDefinition;
  } catch (cause) {
    throw new Error(`${file} cannot be read as a flow definition: ${(cause as Error).message}`, { cause });
  }
}

/** Puts a definition on the canvas and starts it, its controller services first. */
export function startDefinition(flow: FlowController, definition: FlowDefinition): ProcessGroup {
  const group = flow.import(flow.root, { version: 0, user: 'millrace' }, definition, { position: { x: 100, y: 100 } });
  void flow.activateServices(group, 'ENABLED');
  void flow.schedule(group, 'RUNNING');
  return group;
}

/** Puts the example connector on an empty canvas and starts it. */
export function startExample(flow: FlowController): ProcessGroup {
  return startDefinition(flow, readDefinition(path.join(places.flows, EXAMPLE)));
}
