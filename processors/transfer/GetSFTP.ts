import { defineProcessor } from '../../server/extension/processor.ts';
import { getTrigger, gettingClient } from './get-remote.ts';
import { sftpProperties, sftpTransfers } from './sftp-properties.ts';
import { getting } from './transfer-properties.ts';
import { verifyTransfers } from './transfers.ts';

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Reads files from a directory of an SFTP server, and removes them once what was read is stored.',
  tags: ['sftp', 'get', 'retrieve', 'files', 'fetch', 'remote', 'ingest', 'source', 'input'],
  input: 'forbidden',
  properties: { ...sftpProperties, ...getting },
  relationships: { success: 'A FlowFile with the content of each file' },
  writesAttributes: {
    filename: 'The name of the file',
    path: 'Its directory',
    'absolute.path': 'Its directory, from the root',
    'file.lastModifiedTime': 'When it was last changed',
    'file.owner': 'The number of its owner',
    'file.group': 'The number of its group',
    'file.permissions': 'Such as rw-r--r--',
  },
  verify: (context) => verifyTransfers(context, sftpTransfers(context), context.properties.directory() ?? ''),
  onScheduled: (context) => gettingClient(sftpTransfers(context, context.properties.maxUses)),
  onTrigger: (session, context) => getTrigger(session, context),
  onStopped: ({ pool }) => pool.close(),
});
