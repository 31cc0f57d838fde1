import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { ftpProblems, ftpProperties, ftpTransfers, transferMode } from './ftp-properties.ts';
import { listingClient, listingProblems, listTrigger } from './list-remote.ts';
import { listing, login, pollBatch } from './transfer-properties.ts';
import { verifyTransfers } from './transfers.ts';

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Lists a directory of an FTP server: an empty FlowFile for each file that is new or was changed since the last listing. A following FetchFTP reads them.',
  tags: ['list', 'ftp', 'remote', 'ingest', 'source', 'input', 'files'],
  input: 'forbidden',
  triggerSerially: true,
  primaryNodeOnly: true,
  defaults: { schedulingPeriod: '1 min' },
  stateful: { scope: 'cluster', description: 'The newest time of change listed so far, and the files that bore it. Clearing it lists everything again.' },
  properties: {
    ...login('21'),
    host: property.text('Hostname', 'Name or address of the server', { required: true, expressions: 'environment' }),
    port: property.text('Port', 'The port on which it listens', { default: '21', expressions: 'environment' }),
    user: property.text('Username', 'Who logs in', { required: true, expressions: 'environment' }),
    ...listing,
    ...pollBatch,
    ...ftpProperties,
    ...transferMode,
  },
  relationships: { success: 'A FlowFile for each file, or one with a record for each' },
  writesAttributes: {
    'ftp.remote.host': 'The server',
    'ftp.remote.port': 'Its port',
    'ftp.listing.user': 'Who listed',
    'file.owner': "The file's owner, where the server tells",
    'file.group': "The file's group, where the server tells",
    'file.permissions': 'Who may do what, such as rw-r--r--',
    'file.size': 'Its size in bytes',
    'file.lastModifiedTime': 'When it was last changed',
    filename: 'The name of the file',
    path: 'Its directory',
  },
  validate: (values) => [...listingProblems(values), ...ftpProblems(values)],
  verify: (context) => verifyTransfers(context, ftpTransfers(context), context.properties.directory ?? ''),
  onScheduled: (context) => listingClient(context, ftpTransfers(context), { maxListed: context.properties.maxListed, isWanted: () => true }),
  onTrigger: (session, context) => listTrigger(session, context),
  onStopped: ({ pool }) => pool.close(),
});
