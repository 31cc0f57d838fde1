import { RECORD_READER } from '../../server/extension/record-io.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { STRUCTURED_SYSLOG, syslogProperties, syslogReader } from './syslog-records.ts';

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.syslog', bundle: 'nifi-record-serialization-services-nar' },
  description: 'Reads Syslog messages, one a line, as RFC 5424 writes them, with their structured data.',
  tags: ['syslog 5424', 'syslog', 'logs', 'logfiles', 'parse', 'text', 'record', 'reader'],
  properties: syslogProperties,
  provides: [RECORD_READER],
  onEnabled: ({ properties }) => syslogReader(STRUCTURED_SYSLOG, properties),
});
