import { DBCP_SERVICE } from '../../server/extension/database.ts';
import { property } from '../../server/extension/property.ts';
import { RECORD_READER } from '../../server/extension/record-io.ts';
import { checkRecordPath } from '../../server/extension/record-path/record-path.ts';
import { databaseType } from './database-type.ts';
import { translation } from './name-translation.ts';

const perFlowFile = { expressions: 'flowfile' } as const;
const STATEMENT = 'Statement Type';
const BY_RECORD = ['Use Record Path', 'Use statement.type Attribute'];

/** What PutDatabaseRecord asks. */
export const putProperties = {
  reader: property.service('Record Reader', 'Reads the records', RECORD_READER, { required: true }),
  ...databaseType,
  statement: property.choice(
    STATEMENT,
    'What becomes of each record in the table',
    {
      UPDATE: 'UPDATE',
      INSERT: 'INSERT',
      UPSERT: 'UPSERT',
      INSERT_IGNORE: 'INSERT_IGNORE',
      DELETE: 'DELETE',
      'Use statement.type Attribute': 'Use statement.type Attribute',
      'Use Record Path': 'Use Record Path',
    },
    { required: true },
  ),
  statementPath: property.text('Statement Type Record Path', 'Leads to the text INSERT, UPDATE, UPSERT, INSERT_IGNORE, DELETE or SQL in each record', {
    required: true,
    validate: checkRecordPath,
    dependsOn: { [STATEMENT]: ['Use Record Path'] },
  }),
  dataPath: property.text('Data Record Path', 'Leads to the record, or the records, that are written; the whole record where it is not set', { validate: checkRecordPath }),
  pool: property.service('Database Connection Pooling Service', 'The connections to the database', DBCP_SERVICE, { required: true }),
  catalog: property.text('Database Name', 'The database (catalog) of the table', perFlowFile),
  schema: property.text('Schema Name', 'The schema of the table', perFlowFile),
  table: property.text('Table Name', 'The table', { required: true, ...perFlowFile }),
  binary: property.choice(
    'Binary String Format',
    'How text that goes into columns of bytes is written',
    { 'UTF-8': 'UTF-8', Hexadecimal: 'Hexadecimal', Base64: 'Base64' },
    { default: 'UTF-8', ...perFlowFile },
  ),
  ...translation,
  unmatchedField: property.choice(
    'Unmatched Field Behavior',
    'What happens where the table has no column for a field',
    { 'Ignore Unmatched Fields': 'Ignore Unmatched Fields', 'Fail on Unmatched Fields': 'Fail on Unmatched Fields' },
    { default: 'Ignore Unmatched Fields', required: false },
  ),
  unmatchedColumn: property.choice(
    'Unmatched Column Behavior',
    'What happens where a column needs a value and the records have none',
    { 'Ignore Unmatched Columns': 'Ignore Unmatched Columns', 'Warn on Unmatched Columns': 'Warn on Unmatched Columns', 'Fail on Unmatched Columns': 'Fail on Unmatched Columns' },
    { default: 'Fail on Unmatched Columns', required: false },
  ),
  updateKeys: property.text('Update Keys', 'The columns that tell rows apart, with commas between them; the primary key where it is not set', {
    ...perFlowFile,
    dependsOn: { [STATEMENT]: ['UPDATE', 'UPSERT', 'SQL', ...BY_RECORD] },
  }),
  deleteKeys: property.text('Delete Keys', 'The columns that tell which rows go, with commas between them; all fields where it is not set', {
    ...perFlowFile,
    dependsOn: { [STATEMENT]: ['DELETE', 'SQL', ...BY_RECORD] },
  }),
  sqlField: property.text('Field Containing SQL', 'Where the statement type is SQL: the field that holds the statement', { ...perFlowFile, dependsOn: { [STATEMENT]: BY_RECORD } }),
  multiple: property.boolean('Allow Multiple SQL Statements', 'Where the statement type is SQL: whether a field may hold several, with semicolons between them', {
    default: 'false',
    dependsOn: { [STATEMENT]: BY_RECORD },
  }),
  quotesColumns: property.boolean('Quote Column Identifiers', 'Whether names of columns stand in quotes', { default: 'false', required: false }),
  quotesTable: property.boolean('Quote Table Identifiers', 'Whether the name of the table stands in quotes', { default: 'false', required: false }),
  timeout: property.duration('Max Wait Time', 'How long the statements for a FlowFile may take; 0 seconds has no limit', { default: '0 seconds', expressions: 'environment' }),
  rollback: property.boolean('Rollback On Failure', 'Whether a FlowFile that fails stays where it is, to be tried again', { default: 'false' }),
  cacheSize: property.integer('Table Schema Cache Size', 'The columns of how many tables are remembered', { default: '100' }),
  batchSize: property.integer('Maximum Batch Size', 'How many records are inserted by one statement at most; 0 has no limit', { default: '1000', required: false, ...perFlowFile }),
  autoCommit: property.boolean('Database Session AutoCommit', 'Whether each statement is a transaction of its own; otherwise all records of a FlowFile are written, or none', {
    default: 'false',
    required: false,
  }),
};
