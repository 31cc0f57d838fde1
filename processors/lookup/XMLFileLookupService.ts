import { LOOKUP_SERVICE, STRING_LOOKUP_SERVICE } from '../../server/extension/lookup.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { configurationFile, fileLookup, READS_FILES } from './file-lookup.ts';
import { readXml, valueAt } from './xml-configuration.ts';

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.lookup', bundle: 'nifi-lookup-services-nar' },
  description: 'Looks texts up in an XML file. A key is a path below the outermost element: orders.order(1).item, or orders.order(1)[@id] for an attribute.',
  tags: ['lookup', 'cache', 'xml', 'restricted', 'reloadable', 'enrich', 'join', 'value', 'key'],
  restrictions: READS_FILES,
  properties: configurationFile,
  provides: [STRING_LOOKUP_SERVICE, LOOKUP_SERVICE],
  onEnabled: (context) => fileLookup(context, readXml, valueAt),
});
