import { LOOKUP_SERVICE, STRING_LOOKUP_SERVICE, subjectOf } from '../../server/extension/lookup.ts';
import { property } from '../../server/extension/property.ts';
import { textOf } from '../../server/extension/record-coercion.ts';
import { TYPES } from '../../server/extension/record-schema.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { databaseLookup, lookupAddress, lookupCaching } from './database-lookup.ts';

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.lookup.db', bundle: 'nifi-lookup-services-nar' },
  description: 'Looks a key up in one column of a table and answers with the value of another, as text.',
  tags: ['lookup', 'cache', 'database', 'rdbms', 'reloadable', 'enrich', 'join', 'value', 'key'],
  properties: {
    ...lookupAddress,
    valueColumn: property.text('Lookup Value Column', 'The column with the answers', { required: true, expressions: 'environment' }),
    ...lookupCaching,
  },
  provides: [STRING_LOOKUP_SERVICE, LOOKUP_SERVICE],
  onEnabled: (context) =>
    databaseLookup(
      context,
      () => context.properties.valueColumn,
      (attributes) => context.properties.table(attributes && subjectOf(attributes)),
      ({ record }) => {
        const [value = null] = Object.values(record);
        return value === null ? undefined : { value: textOf(value), type: TYPES.string };
      },
    ),
});
