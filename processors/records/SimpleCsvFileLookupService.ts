import { LOOKUP_SERVICE, STRING_LOOKUP_SERVICE } from '../../server/extension/lookup.ts';
import { property } from '../../server/extension/property.ts';
import { TYPES } from '../../server/extension/record-schema.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { csvLookup, csvLookupProperties } from './csv-lookup.ts';

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.lookup', bundle: 'nifi-lookup-services-nar' },
  description: 'Looks a key up in one column of a CSV file and answers with the value of another. The file is held in memory.',
  tags: ['lookup', 'cache', 'restricted', 'csv', 'reloadable', 'enrich', 'join', 'value', 'key'],
  restrictions: { 'read-filesystem': 'Lets whoever configures it read any CSV file that the server may read.' },
  properties: { ...csvLookupProperties, valueColumn: property.text('Lookup Value Column', 'The column with the answers', { required: true, expressions: 'environment' }) },
  provides: [STRING_LOOKUP_SERVICE, LOOKUP_SERVICE],
  onEnabled: (context) => csvLookup(context, context.properties.valueColumn, ([value]) => ({ value: value!, type: TYPES.string })),
});
