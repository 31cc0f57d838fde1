import type { AnalyzedConnection, Violation } from '../../server/extension/flow-analysis-rule.ts';

/** A limit that a setting of a connection breaks. */
export interface BrokenLimit {
  readonly issue: string;
  /** What the setting is called. */
  readonly setting: string;
  readonly value: string | number;
  readonly relation: 'less' | 'greater';
  readonly limit: string | number;
}

/**
 * A violation of a connection is laid to the processor that it leads from, else to the one that it leads to (as in NiFi): a
 * processor can be invalid, a connection cannot.
 */
export function connectionViolation({ id, name, source, destination }: AnalyzedConnection, { issue, setting, value, relation, limit }: BrokenLimit): Violation {
  const subject = [source, destination].find(({ kind }) => kind === 'PROCESSOR');
  const ends = `from ${source.name} (${source.id}) to ${destination.name} (${destination.id})`;
  return {
    issueId: `${id}_${issue}`,
    componentId: subject?.id ?? id,
    message: `the connection ${name ? `${name} ` : ''}(${id}) ${ends} has a ${setting} of ${value}, which must not be ${relation} than ${limit}. Change the setting of the connection.`,
  };
}
