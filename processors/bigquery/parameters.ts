import { type BindValue, parameterName, type StatementOptions, withBinds } from '../../server/extension/warehouse.ts';

export interface QueryParameter {
  readonly name: string;
  readonly parameterType: { readonly type: string };
  readonly parameterValue: { readonly value: string | null };
}

/** SQL with `@name` for each bind that has a value, and these values; a `?` becomes `@p0`, `@p1` and so on. */
export function bound(sql: string, binds: StatementOptions['binds']): { sql: string; values: ReadonlyMap<string, BindValue> } {
  const values = new Map<string, BindValue>();
  const out = withBinds(sql, binds, (name, value) => {
    values.set(parameterName(name), value);
    return `@${parameterName(name)}`;
  });
  return { sql: out, values };
}

const OWN: Readonly<Record<string, string>> = { string: 'STRING', boolean: 'BOOL', bigint: 'INT64' };

function ownType(value: BindValue): string {
  if (typeof value === 'bigint' && BigInt.asIntN(64, value) !== value) return 'BIGNUMERIC';
  if (typeof value === 'number') return Number.isSafeInteger(value) ? 'INT64' : 'FLOAT64';
  return OWN[typeof value] ?? 'STRING';
}

/** What a value must look like so that it is read as that type and says the same. */
const READS: Readonly<Record<string, RegExp>> = {
  INT64: /^(0|-?[1-9]\d{0,18})$/,
  FLOAT64: /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i,
  NUMERIC: /^-?\d+(\.\d+)?$/,
  BIGNUMERIC: /^-?\d+(\.\d+)?$/,
  BOOL: /^(true|false)$/,
  DATE: /^\d{4}-\d\d-\d\d$/,
  DATETIME: /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?)?$/,
  TIMESTAMP: /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?)?(Z|[+-]\d\d:\d\d)?$/,
  TIME: /^\d\d:\d\d:\d\d(\.\d+)?$/,
  STRING: /^/,
};

/**
 * Values with the types that BigQuery would give them (`wanted`, from a dry run without them) where their text says the same in
 * that type; otherwise with the types that they have. So `'4'` can be compared with a number, as elsewhere.
 */
export function parameters(values: ReadonlyMap<string, BindValue>, wanted: ReadonlyMap<string, string> = new Map()): QueryParameter[] {
  return [...values].map(([name, value]) => {
    const type = wanted.get(name);
    const fits = type !== undefined && (value === null || READS[type]?.test(String(value)));
    return { name, parameterType: { type: fits ? type : ownType(value) }, parameterValue: { value: value === null ? null : String(value) } };
  });
}
