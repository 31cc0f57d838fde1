import { defineProcessor } from '../../server/extension/processor.ts';
import { type FetchingClient, fetchProblems, fetchRelationships, fetchTrigger } from './fetch-remote.ts';
import { ftpCompression, ftpProblems, ftpProperties, ftpTransfers, transferMode } from './ftp-properties.ts';
import { fetching, login } from './transfer-properties.ts';
import { verifyTransfers } from './transfers.ts';

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Reads the file of an FTP server that a FlowFile names, such as those that ListFTP has listed.',
  tags: ['ftp', 'get', 'retrieve', 'files', 'fetch', 'remote', 'ingest', 'source', 'input'],
  input: 'required',
  properties: { ...login('21'), ...fetching, ...ftpProperties, ...transferMode, ...ftpCompression },
  relationships: fetchRelationships,
  writesAttributes: {
    'ftp.remote.host': 'The server',
    'ftp.remote.port': 'Its port',
    'ftp.remote.filename': 'The file, with its whole path',
    filename: 'The name of the file',
    path: 'Its directory',
    'fetch.failure.reason': 'The relationship, where the file was not fetched',
  },
  validate: (values) => [...fetchProblems(values), ...ftpProblems(values)],
  verify: (context) => verifyTransfers(context, ftpTransfers(context), undefined),
  onScheduled: (context): FetchingClient => ({ ...ftpTransfers(context), blindly: false }),
  onTrigger: (session, context) => fetchTrigger(session, context),
  onStopped: ({ pool }) => pool.close(),
});
