import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { type FetchingClient, fetchProblems, fetchRelationships, fetchTrigger } from './fetch-remote.ts';
import { sftpProperties, sftpTransfers } from './sftp-properties.ts';
import { fetching } from './transfer-properties.ts';
import { verifyTransfers } from './transfers.ts';

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Reads the file of an SFTP server that a FlowFile names, such as those that ListSFTP has listed.',
  tags: ['sftp', 'get', 'retrieve', 'files', 'fetch', 'remote', 'ingest', 'source', 'input'],
  input: 'required',
  properties: {
    ...sftpProperties,
    ...fetching,
    blindly: property.boolean('Disable Directory Listing', 'With Create Directory: whether directories are made without looking first, which not every server allows', {
      default: 'false',
      required: false,
    }),
  },
  relationships: fetchRelationships,
  writesAttributes: {
    'sftp.remote.host': 'The server',
    'sftp.remote.port': 'Its port',
    'sftp.remote.filename': 'The file, with its whole path',
    filename: 'The name of the file',
    path: 'Its directory',
    'fetch.failure.reason': 'The relationship, where the file was not fetched',
  },
  validate: fetchProblems,
  verify: (context) => verifyTransfers(context, sftpTransfers(context), undefined),
  onScheduled: (context): FetchingClient => ({ ...sftpTransfers(context), blindly: context.properties.blindly ?? false }),
  onTrigger: (session, context) => fetchTrigger(session, context),
  onStopped: ({ pool }) => pool.close(),
});
