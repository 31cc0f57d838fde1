import { type DatabaseConnection, DBCP_SERVICE } from '../../server/extension/database.ts';
import { messageOf, ProcessError } from '../../server/extension/errors.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { READ_ARGUMENTS } from './execute-sql.ts';
import { type PutSession, routeOf, runOne, takeUnits, type Unit } from './put-sql.ts';

const properties = {
  pool: property.service('JDBC Connection Pool', 'The connections to the database', DBCP_SERVICE, { required: true }),
  statement: property.text('SQL Statement', 'The statement; where it is not set, the content of the FlowFile', { expressions: 'flowfile', language: 'sql' }),
  fragments: property.boolean('Support Fragmented Transactions', 'Whether FlowFiles of one fragment.identifier wait for each other and are one transaction', {
    default: 'true',
    required: false,
  }),
  autoCommit: property.boolean('Database Session AutoCommit', 'Whether each statement is a transaction of its own', { default: 'false', required: false }),
  transactionTimeout: property.duration('Transaction Timeout', 'After what time fragments that are not complete fail; they wait for ever where it is not set'),
  batchSize: property.integer('Batch Size', 'How many FlowFiles a run takes at most', { default: '100', min: 1 }),
  keys: property.boolean('Obtain Generated Keys', 'Whether the key that the database made for a row is told in sql.generated.key', { default: 'false', required: false }),
  rollback: property.boolean('Rollback On Failure', 'Whether FlowFiles that fail stay where they are, to be tried again', { default: 'false' }),
};

type Context = ProcessContext<typeof properties>;

async function runUnit(connection: DatabaseConnection, session: PutSession, unit: Unit, context: Context): Promise<void> {
  const { autoCommit, statement, keys, rollback } = context.properties;
  try {
    if (!autoCommit) await connection.begin();
    const done = [];
    for (const flowFile of unit) done.push(await runOne(connection, session, flowFile, statement(flowFile), keys ?? false));
    if (!autoCommit) await connection.commit();
    for (const flowFile of done) session.report('SEND', flowFile, connection.product);
    session.transfer(done, 'success');
  } catch (thrown) {
    if (!autoCommit) await connection.rollback().catch(() => undefined);
    const route = routeOf(thrown);
    if (rollback) throw new ProcessError(`${messageOf(thrown)} The FlowFile stays in its queue (Rollback On Failure).`);
    context.log.error(`${context.name} could not run the statement of ${unit[0]!.getAttribute('filename')}: ${messageOf(thrown)} It was routed to ${route}.`);
    session.transfer(
      unit.map((flowFile) => session.penalize(flowFile)),
      route,
    );
  }
}

/** Fragments whose others never came. */
function takeLate(session: PutSession, timeout: number | undefined): void {
  if (timeout === undefined) return;
  const late = session.getMatching((flowFile) => (Number(flowFile.getAttribute('fragment.count') ?? 0) > 1 && Date.now() - flowFile.entryDate > timeout ? 'take' : 'skip'));
  if (late.length > 0) session.transfer(late, 'failure');
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Runs the SQL statement that each FlowFile holds: an insert, an update or any other that changes a database.',
  tags: ['sql', 'put', 'rdbms', 'database', 'update', 'insert', 'relational'],
  input: 'required',
  supportsBatching: true,
  properties,
  relationships: {
    success: 'FlowFiles whose statement was run',
    retry: 'FlowFiles that may succeed later: the database could not be reached, or rows were locked',
    failure: 'FlowFiles whose statement the database refused',
  },
  readsAttributes: {
    'fragment.identifier': 'FlowFiles that share it are one transaction',
    'fragment.count': 'How many there are of it',
    'fragment.index': 'In which order they are run',
    ...READ_ARGUMENTS,
  },
  writesAttributes: { 'sql.generated.key': 'The key that the database made, where it was asked for' },
  async onTrigger(session, context) {
    const { pool, batchSize, fragments, transactionTimeout } = context.properties;
    const units = takeUnits(session, batchSize, fragments ?? false);
    if (units.length === 0) return takeLate(session, transactionTimeout);
    let connection: DatabaseConnection;
    try {
      connection = await pool.connect(units[0]![0]!.attributes);
    } catch (thrown) {
      const route = routeOf(thrown);
      context.log.error(`${context.name} could not reach the database: ${messageOf(thrown)}`);
      return session.transfer(
        units.flat().map((flowFile) => session.penalize(flowFile)),
        route,
      );
    }
    try {
      for (const unit of units) await runUnit(connection, session, unit, context);
    } finally {
      connection.release();
    }
  },
});
