import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import JsonRecordSetWriter from '../../../processors/records/JsonRecordSetWriter.ts';
import JsonTreeReader from '../../../processors/records/JsonTreeReader.ts';
import type { Services } from '../../runner.ts';

/** A port that nobody has at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Waits until a condition holds; `meanwhile` runs between. Throws after ten seconds. */
export async function until(condition: () => boolean, meanwhile: () => Promise<unknown> = () => delay(2)): Promise<void> {
  for (const deadline = performance.now() + 10_000; !condition(); await meanwhile()) {
    if (performance.now() > deadline) throw new Error('What is waited for does not happen');
  }
}

/** JSON in and out. */
export const recordServices = { 'Record Reader': { definition: JsonTreeReader }, 'Record Writer': { definition: JsonRecordSetWriter } } as unknown as Services;
