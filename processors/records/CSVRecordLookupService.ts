import { LOOKUP_SERVICE, RECORD_LOOKUP_SERVICE } from '../../server/extension/lookup.ts';
import { field, recordType, schemaOf, TYPES } from '../../server/extension/record-schema.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { csvLookup, csvLookupProperties } from './csv-lookup.ts';

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.lookup', bundle: 'nifi-lookup-services-nar' },
  description: 'Looks a key up in one column of a CSV file and answers with the other columns as a record of texts. The file is held in memory.',
  tags: ['lookup', 'cache', 'restricted', 'csv', 'record', 'reloadable', 'enrich', 'join', 'value', 'key'],
  restrictions: { 'read-filesystem': 'Lets whoever configures it read any CSV file that the server may read.' },
  properties: csvLookupProperties,
  provides: [RECORD_LOOKUP_SERVICE, LOOKUP_SERVICE],
  onEnabled: (context) =>
    csvLookup(context, undefined, (row, columns) => ({
      value: Object.fromEntries(columns.map((name, index) => [name, row[index]!])),
      type: recordType(schemaOf(columns.map((name) => field(name, TYPES.string)))),
    })),
});
