import { LOOKUP_SERVICE, RECORD_LOOKUP_SERVICE, subjectOf } from '../../server/extension/lookup.ts';
import { property } from '../../server/extension/property.ts';
import { recordType } from '../../server/extension/record-schema.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { databaseLookup, lookupAddress, lookupCaching } from './database-lookup.ts';
import { decimalDefaults } from './execute-sql.ts';

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.lookup.db', bundle: 'nifi-lookup-services-nar' },
  description: 'Looks a key up in one column of a table and answers with the first row that is found, as a record.',
  tags: ['lookup', 'cache', 'database', 'rdbms', 'record', 'reloadable', 'enrich', 'join', 'value', 'key'],
  properties: {
    ...lookupAddress,
    columns: property.text('Lookup Value Columns', 'The columns of the answer, with commas between them; all where it is not set', { expressions: 'flowfile' }),
    ...lookupCaching,
    ...decimalDefaults,
  },
  provides: [RECORD_LOOKUP_SERVICE, LOOKUP_SERVICE],
  onEnabled: (context) =>
    databaseLookup(
      context,
      (attributes) => context.properties.columns(attributes && subjectOf(attributes)),
      (attributes) => context.properties.table(attributes && subjectOf(attributes)),
      ({ record, schema }) => ({ value: record, type: recordType(schema) }),
    ),
});
