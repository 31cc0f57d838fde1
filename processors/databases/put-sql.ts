import { type DatabaseConnection, SqlError } from '../../server/extension/database.ts';
import { ProcessError } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { sqlArguments } from './sql-arguments.ts';

export type PutSession = ProcessSession<'success' | 'failure' | 'retry'>;

/** FlowFiles that make one transaction: those of a fragment, or one alone. */
export type Unit = readonly FlowFile[];

/**
 * Takes up to `max` FlowFiles in units. Fragments of one identifier are a unit once all are there; until then they wait.
 */
export function takeUnits(session: PutSession, max: number, joinsFragments: boolean): Unit[] {
  if (!joinsFragments) return session.getBatch(max).map((flowFile) => [flowFile]);
  const seen = new Map<string, number>();
  const keyOf = (flowFile: FlowFile): string | undefined => (Number(flowFile.getAttribute('fragment.count') ?? 0) > 1 ? flowFile.getAttribute('fragment.identifier') : undefined);
  // A look at the queue first: nothing is taken.
  session.getMatching((flowFile) => {
    const key = keyOf(flowFile);
    if (key !== undefined) seen.set(key, (seen.get(key) ?? 0) + 1);
    return 'skip';
  });
  const isWhole = (flowFile: FlowFile, key: string): boolean => seen.get(key)! >= Number(flowFile.getAttribute('fragment.count'));
  let alone = 0;
  const taken = session.getMatching((flowFile) => {
    const key = keyOf(flowFile);
    if (key !== undefined) return isWhole(flowFile, key) ? 'take' : 'skip';
    return alone++ < max ? 'take' : 'skip';
  });
  const units = new Map<string, FlowFile[]>();
  for (const flowFile of taken) {
    const key = keyOf(flowFile) ?? flowFile.uuid;
    units.set(key, [...(units.get(key) ?? []), flowFile]);
  }
  const index = (flowFile: FlowFile): number => Number(flowFile.getAttribute('fragment.index') ?? 0);
  return [...units.values()].map((unit) => unit.sort((a, b) => index(a) - index(b)));
}

/** Runs the statement of one FlowFile; the keys that the database made are in `sql.generated.key` where they are asked for. */
export async function runOne(connection: DatabaseConnection, session: PutSession, flowFile: FlowFile, given: string | undefined, wantsKeys: boolean): Promise<FlowFile> {
  const sql = given || session.read(flowFile).toString();
  const returning = wantsKeys && /^\s*insert\b/i.test(sql) && !/\breturning\b/i.test(sql) ? `${sql.trim().replace(/;$/, '')} RETURNING *` : sql;
  const { batches } = await connection.run(returning, sqlArguments(flowFile.attributes));
  let key: string | undefined;
  for await (const [row] of batches) key ??= row === undefined ? undefined : String(Object.values(row)[0]);
  return wantsKeys && key !== undefined ? session.putAttribute(flowFile, 'sql.generated.key', key) : flowFile;
}

/** Where a FlowFile goes whose statement failed. Throws what is neither the data's nor the database's fault. */
export function routeOf(thrown: unknown): 'failure' | 'retry' {
  if (thrown instanceof SqlError) return thrown.isTransient ? 'retry' : 'failure';
  if (thrown instanceof ProcessError) return 'failure';
  throw thrown;
}
