import { RECORD_READER } from '../../server/extension/record-io.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { GENERIC_SYSLOG, syslogProperties, syslogReader } from './syslog-records.ts';

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.syslog', bundle: 'nifi-record-serialization-services-nar' },
  description: 'Reads Syslog messages, one a line, as RFC 3164 or RFC 5424 write them; structured data is a part of the message.',
  tags: ['syslog', 'logs', 'logfiles', 'parse', 'text', 'record', 'reader'],
  properties: syslogProperties,
  provides: [RECORD_READER],
  onEnabled: ({ properties }) => syslogReader(GENERIC_SYSLOG, properties),
});
