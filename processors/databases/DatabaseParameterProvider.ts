import type { ComponentContext } from '../../server/extension/component.ts';
import { DBCP_SERVICE, SqlError } from '../../server/extension/database.ts';
import { ProcessError } from '../../server/extension/errors.ts';
import { defineParameterProvider, fetchingStep, grouped, type ProvidedGroup, type ProvidedParameter } from '../../server/extension/parameter-provider.ts';
import { property } from '../../server/extension/property.ts';
import type { DataRecord } from '../../server/extension/record.ts';
import { textOf } from '../../server/extension/record-coercion.ts';
import { databaseType } from './database-type.ts';
import { namesIn } from './maxima.ts';

const GROUPING = 'parameter-grouping-strategy';
const BY_COLUMN = { [GROUPING]: ['grouping-by-column'] };

const properties = {
  type: { ...databaseType.type, name: 'db-type', displayName: 'Database Type' },
  dialect: { ...databaseType.dialect, dependsOn: { 'db-type': ['Database Dialect Service'] } },
  pool: property.service('dbcp-service', 'The connections to the database', DBCP_SERVICE, { required: true, displayName: 'Database Connection Pooling Service' }),
  grouping: property.choice(
    GROUPING,
    'Whether a column says which group a parameter belongs to, or the table does',
    { 'grouping-by-column': 'Column', 'grouping-by-table-name': 'Table Name' },
    { default: 'grouping-by-column', displayName: 'Parameter Grouping Strategy' },
  ),
  table: property.text('table-name', 'The table with the parameters', { required: true, displayName: 'Table Name', dependsOn: BY_COLUMN }),
  tables: property.text('table-names', 'The tables with the parameters, with commas between them: each is a group', {
    required: true,
    displayName: 'Table Names',
    dependsOn: { [GROUPING]: ['grouping-by-table-name'] },
  }),
  nameColumn: property.text('parameter-name-column', 'The column with the names', { required: true, displayName: 'Parameter Name Column' }),
  valueColumn: property.text('parameter-value-column', 'The column with the values', { required: true, displayName: 'Parameter Value Column' }),
  groupColumn: property.text('parameter-group-name-column', 'The column with the names of the groups', {
    required: true,
    displayName: 'Parameter Group Name Column',
    dependsOn: BY_COLUMN,
  }),
  where: property.text('sql-where-clause', 'A condition that rows must meet', { displayName: 'SQL WHERE clause' }),
};
type Context = ComponentContext<typeof properties>;

function textIn(record: DataRecord, at: number, column: string, table: string): string {
  const value = Object.values(record)[at] ?? null;
  if (value === null) throw new ProcessError(`A row of ${table} has no value in the column ${column}. Fill it in, or leave the row out by SQL WHERE clause.`);
  return textOf(value);
}

async function readTable({ properties: values }: Context, table: string, add: (group: string, parameter: ProvidedParameter) => void): Promise<void> {
  const { nameColumn, valueColumn, where } = values;
  const groupColumn = values.grouping === 'grouping-by-column' ? values.groupColumn : undefined;
  const columns = [nameColumn, valueColumn, ...(groupColumn ? [groupColumn] : [])];
  // The same column may stand twice: names of their own keep them apart.
  const asked = columns.map((column, index) => `${column} AS c${index}`).join(', ');
  const connection = await values.pool.connect();
  let isBroken = true;
  try {
    const { batches } = await connection.run(`SELECT ${asked} FROM ${table}${where ? ` WHERE ${where}` : ''}`);
    for await (const batch of batches) {
      for (const record of batch) {
        const [name, value, group = table] = columns.map((column, index) => textIn(record, index, column, table));
        add(group, { name: name!, value: value! });
      }
    }
    isBroken = false;
  } finally {
    connection.release(isBroken);
  }
}

async function groupsOf(context: Context): Promise<ProvidedGroup[]> {
  const { grouping, table, tables } = context.properties;
  const found: (ProvidedParameter & { group: string })[] = [];
  try {
    for (const one of grouping === 'grouping-by-column' ? [table] : namesIn(tables)) await readTable(context, one, (group, parameter) => void found.push({ ...parameter, group }));
  } catch (thrown) {
    if (thrown instanceof SqlError) throw new ProcessError(`The parameters could not be fetched: ${thrown.message}`, { cause: thrown });
    throw thrown;
  }
  return grouped(found);
}

export default defineParameterProvider({
  nifi: { package: 'org.apache.nifi.parameter', bundle: 'nifi-standard-nar' },
  description: 'Makes parameters of the rows of a database: one column has the names, another the values.',
  tags: ['database', 'dbcp', 'sql'],
  properties,
  fetchParameters: groupsOf,
  verify: async (context) => [await fetchingStep(() => groupsOf(context))],
});
