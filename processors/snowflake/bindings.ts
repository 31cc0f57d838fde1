import { type BindValue, type StatementOptions, withBinds } from '../../server/extension/warehouse.ts';

/** A value as Snowflake's requests have it. */
export interface Binding {
  readonly type: 'TEXT' | 'BOOLEAN' | 'FIXED' | 'REAL';
  readonly value: string | null;
}

function bindingOf(value: BindValue): Binding {
  if (value === null) return { type: 'TEXT', value: null };
  if (typeof value === 'boolean') return { type: 'BOOLEAN', value: String(value) };
  if (typeof value === 'string') return { type: 'TEXT', value };
  return {
    type: typeof value === 'bigint' || Number.isInteger(value) ? 'FIXED' : 'REAL',
    value: typeof value === 'number' && Number.isSafeInteger(value) ? value.toFixed() : String(value),
  };
}

/** A statement with `?` for each of its binds; names and positions that nobody gives a value for stay as they are. */
export function bound(sql: string, binds: StatementOptions['binds']): { statement: string; bindings: readonly Binding[] } {
  const bindings: Binding[] = [];
  const statement = withBinds(sql, binds, (_, value) => {
    bindings.push(bindingOf(value));
    return '?';
  });
  return { statement, bindings };
}

/** Whether a text has several statements, as far as it may: requests of several take no binds. */
export function isSeveral(sql: string, { binds }: StatementOptions): boolean {
  return /;\s*\S/.test(sql) && bound(sql, binds).bindings.length === 0;
}
