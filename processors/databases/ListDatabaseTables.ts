import { type DatabaseConnection, DBCP_SERVICE, SqlError } from '../../server/extension/database.ts';
import { messageOf, ProcessError } from '../../server/extension/errors.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { RECORD_SET_WRITER } from '../../server/extension/record-io.ts';
import { tableText } from './record-statements.ts';
import { attributesOf, countRows, likes, type Listed, writeAll } from './table-listing.ts';

const properties = {
  pool: property.service('Database Connection Pooling Service', 'The connections to the database', DBCP_SERVICE, { required: true }),
  catalog: property.text('Catalog', 'Lists only tables of this catalog'),
  schema: property.text('Schema Pattern', 'Lists only tables of schemas like this; % is any text, _ any character'),
  table: property.text('Table Name Pattern', 'Lists only tables with names like this; % is any text, _ any character'),
  types: property.text('Table Types', 'Lists only these types, with commas between them, such as TABLE,VIEW', { default: 'TABLE', required: false }),
  counts: property.boolean('Include Count', 'Whether rows are counted', { default: 'false' }),
  writer: property.service('Record Writer', 'Writes all tables into one FlowFile; where it is not set, each table is a FlowFile without content', RECORD_SET_WRITER),
  refresh: property.duration('Refresh Interval', 'After what time a table is listed again; 0 sec lists it once', { default: '0 sec' }),
};

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Lists the tables of a database, each once.',
  tags: ['sql', 'list', 'jdbc', 'table', 'database'],
  input: 'forbidden',
  triggerSerially: true,
  primaryNodeOnly: true,
  stateful: { scope: 'cluster', description: 'When each table was listed.' },
  defaults: { schedulingPeriod: '1 min' },
  properties,
  relationships: { success: 'The tables' },
  writesAttributes: {
    'db.table.name': 'The name of the table',
    'db.table.catalog': 'Its catalog',
    'db.table.schema': 'Its schema',
    'db.table.fullname': 'Its name with catalog and schema',
    'db.table.type': 'Its type',
    'db.table.remarks': 'What the database says of it',
    'db.table.count': 'How many rows it has, where they are counted',
  },
  async onTrigger(session, context) {
    const { pool, catalog, schema, table, types, counts, writer, refresh } = context.properties;
    const wanted = (types ?? '')
      .split(',')
      .map((type) => type.trim().toUpperCase())
      .filter((type) => type !== '');
    const state = { ...Object.fromEntries(session.getState('cluster')) };
    const isDue = (name: string): boolean => state[name] === undefined || (refresh > 0 && Date.now() - Number(state[name]) >= refresh);
    let connection: DatabaseConnection | undefined;
    try {
      connection = await pool.connect();
      const found: Listed[] = [];
      for (const one of await connection.tables()) {
        const fullName = tableText(one, false);
        if ((catalog && one.catalog !== catalog) || !likes(schema, one.schema) || !likes(table, one.table) || (wanted.length > 0 && !wanted.includes(one.type)) || !isDue(fullName))
          continue;
        found.push({ ...one, fullName, count: counts ? await countRows(connection, one) : undefined });
        state[fullName] = String(Date.now());
      }
      connection.release();
      if (found.length === 0) return context.yield();
      if (writer) session.transfer(await writeAll(session, writer, found), 'success');
      else for (const one of found) session.transfer(session.putAttributes(session.create(), attributesOf(one)), 'success');
      session.setState('cluster', state);
    } catch (thrown) {
      connection?.release(true);
      throw thrown instanceof SqlError ? new ProcessError(`The tables could not be listed: ${messageOf(thrown)}`, { cause: thrown }) : thrown;
    }
  },
});
