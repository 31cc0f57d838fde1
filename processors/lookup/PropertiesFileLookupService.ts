import { readFile } from 'node:fs/promises';
import { LOOKUP_SERVICE, STRING_LOOKUP_SERVICE } from '../../server/extension/lookup.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { configurationFile, fileLookup, READS_FILES } from './file-lookup.ts';
import { parseProperties } from './properties-text.ts';

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.lookup', bundle: 'nifi-lookup-services-nar' },
  description: 'Looks keys up in a properties file of Java, in UTF-8.',
  tags: ['lookup', 'cache', 'restricted', 'reloadable', 'enrich', 'join', 'value', 'properties', 'key'],
  restrictions: READS_FILES,
  properties: configurationFile,
  provides: [STRING_LOOKUP_SERVICE, LOOKUP_SERVICE],
  onEnabled: (context) =>
    fileLookup(
      context,
      async (file) => parseProperties(await readFile(file, 'utf8')),
      (properties, key) => properties.get(key),
    ),
});
