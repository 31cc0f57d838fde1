import { readFileSync } from 'node:fs';
import { after, before } from 'node:test';
import { type Files, type FlowRun, FlowServer } from './flow-run.ts';

export interface Scene {
  readonly parameters?: Readonly<Record<string, string>> | ((flow: FlowRun) => Readonly<Record<string, string>>);
  /** Files that lie there when the flow is started. */
  readonly input?: Files;
  /** Files that must come out: exactly these. */
  readonly output?: Files;
  /** What else happens while it runs. */
  readonly meanwhile?: (flow: FlowRun) => Promise<unknown>;
}

export const definition = (name: string): string => readFileSync(new URL(`definitions/${name}.json`, import.meta.url), 'utf8');

/** Text of lines, each ended. */
export const lines = (...all: string[]): string => all.map((line) => `${line}\n`).join('');

/** One server for a test file, and a function that runs a definition of this folder on it. */
export function stage(): (name: string, scene: Scene) => Promise<FlowRun> {
  let server: FlowServer;
  before(async () => {
    server = await FlowServer.start();
  });
  after(() => server.close());
  return async (name, { parameters = {}, input = {}, output, meanwhile }) => {
    const flow = await server.upload(name, definition(name));
    const folders = { in: flow.path('in'), out: flow.path('out') };
    await flow.setParameters({ ...((await flow.has('in')) ? folders : {}), ...(typeof parameters === 'function' ? parameters(flow) : parameters) });
    flow.put(input);
    await flow.start();
    try {
      await meanwhile?.(flow);
      if (output) await flow.expect(output);
      await flow.isDone();
    } finally {
      await flow.stop();
    }
    return flow;
  };
}
