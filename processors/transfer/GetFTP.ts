import { defineProcessor } from '../../server/extension/processor.ts';
import { ftpProblems, ftpProperties, ftpTransfers, transferMode } from './ftp-properties.ts';
import { getTrigger, gettingClient } from './get-remote.ts';
import { getting, login } from './transfer-properties.ts';
import { verifyTransfers } from './transfers.ts';

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Reads files from a directory of an FTP server, and removes them once what was read is stored.',
  tags: ['FTP', 'get', 'retrieve', 'files', 'fetch', 'remote', 'ingest', 'source', 'input'],
  input: 'forbidden',
  properties: { ...login('21'), ...getting, ...ftpProperties, ...transferMode },
  relationships: { success: 'A FlowFile with the content of each file' },
  writesAttributes: {
    filename: 'The name of the file',
    path: 'Its directory',
    'absolute.path': 'Its directory, from the root',
    'file.lastModifiedTime': 'When it was last changed',
    'file.lastAccessTime': 'FTP does not tell it',
    'file.owner': 'Its owner, where the server tells',
    'file.group': 'Its group, where the server tells',
    'file.permissions': 'Such as rw-r--r--',
  },
  validate: ftpProblems,
  verify: (context) => verifyTransfers(context, ftpTransfers(context), context.properties.directory() ?? ''),
  onScheduled: (context) => gettingClient(ftpTransfers(context, context.properties.maxUses)),
  onTrigger: (session, context) => getTrigger(session, context),
  onStopped: ({ pool }) => pool.close(),
});
