import { messageOf } from '../../server/extension/errors.ts';
import { type RegisteredFlow, RegistryError } from '../../server/extension/flow-registry.ts';

type Json = Readonly<Record<string, unknown>>;

/** The name that the outermost group has in files, as NiFi's own git clients write it: instances of a flow then do not differ by it. */
const TOP_GROUP = 'flow-contents-group';

/** A flow as a file of the repository holds it: NiFi's RegisteredFlowSnapshot. */
export interface FlowFile {
  readonly flow: RegisteredFlow;
  readonly definition: Json;
}

/** Reads a file. Throws RegistryError. */
export function parseFlowFile(text: string, file: string, id: string): FlowFile {
  let json: Json;
  try {
    json = JSON.parse(text) as Json;
  } catch (cause) {
    throw new RegistryError('invalid', `${file} in the repository is not JSON (${messageOf(cause)}). Restore an earlier version of it.`, { cause });
  }
  if (typeof json !== 'object' || json === null) throw new RegistryError('invalid', `${file} in the repository is not a flow.`);
  const { flow, snapshotMetadata: _, bucket: __, ...definition } = json as Json & { flow?: { name?: string; description?: string } };
  return { flow: { id, name: flow?.name ?? id, description: flow?.description }, definition };
}

/** A file's text: keys in order and a line each, so that versions can be compared by eye. */
export function flowFileText({ flow, definition }: FlowFile, author: string, timestamp: number): string {
  const contents = definition.flowContents as Json | undefined;
  const snapshot = {
    ...definition,
    ...(contents && { flowContents: withTopGroup(contents) }),
    flow: { identifier: flow.id, name: flow.name, description: flow.description },
    snapshotMetadata: { author, flowIdentifier: flow.id, timestamp },
  };
  return `${JSON.stringify(sorted(snapshot), null, 2)}\n`;
}

/** The contents with the outermost group's identifier exchanged wherever it stands, and without a place on the canvas. */
function withTopGroup(contents: Json): Json {
  const own = contents.identifier;
  const exchanged = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(exchanged);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, (key === 'groupIdentifier' || key === 'groupId') && inner === own ? TOP_GROUP : exchanged(inner)]));
  };
  return { ...(exchanged(contents) as Json), identifier: TOP_GROUP, position: { x: 0, y: 0 } };
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
