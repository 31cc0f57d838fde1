import type { ComponentContext } from '../../server/extension/component.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { listingClient, listingProblems, listTrigger } from './list-remote.ts';
import type { RemoteFile } from './remote-listing.ts';
import { sftpProperties, sftpTransfers } from './sftp-properties.ts';
import { listing } from './transfer-properties.ts';
import { verifyTransfers } from './transfers.ts';

const properties = {
  ...sftpProperties,
  ...listing,
  minAge: property.duration('Minimum File Age', 'Leaves out files changed more recently', { default: '0 sec' }),
  maxAge: property.duration('Maximum File Age', 'Leaves out files changed longer ago'),
  minSize: property.dataSize('Minimum File Size', 'Leaves out smaller files', { default: '0 B' }),
  maxSize: property.dataSize('Maximum File Size', 'Leaves out larger files'),
};

function isWanted({ properties: { minAge, maxAge = Number.POSITIVE_INFINITY, minSize, maxSize = Number.POSITIVE_INFINITY } }: ComponentContext<typeof properties>) {
  return ({ size, modified }: RemoteFile): boolean => {
    const age = Date.now() - modified;
    // Clocks differ, and servers tell whole seconds: a file from the future is new, not out of the question.
    return (age >= minAge || (minAge === 0 && age < 0)) && age <= maxAge && size >= minSize && size <= maxSize;
  };
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Lists a directory of an SFTP server: an empty FlowFile for each file that is new or was changed since the last listing. A following FetchSFTP reads them.',
  tags: ['list', 'sftp', 'remote', 'ingest', 'source', 'input', 'files'],
  input: 'forbidden',
  triggerSerially: true,
  primaryNodeOnly: true,
  defaults: { schedulingPeriod: '1 min' },
  stateful: { scope: 'cluster', description: 'The newest time of change listed so far, and the files that bore it. Clearing it lists everything again.' },
  properties,
  relationships: { success: 'A FlowFile for each file, or one with a record for each' },
  writesAttributes: {
    'sftp.remote.host': 'The server',
    'sftp.remote.port': 'Its port',
    'sftp.listing.user': 'Who listed',
    'file.owner': "The number of the file's owner",
    'file.group': "The number of the file's group",
    'file.permissions': 'Who may do what, such as rw-r--r--',
    'file.size': 'Its size in bytes',
    'file.lastModifiedTime': 'When it was last changed',
    filename: 'The name of the file',
    path: 'Its directory',
    'mime.type': 'What the Record Writer writes',
  },
  validate: listingProblems,
  verify: (context) => verifyTransfers(context, sftpTransfers(context), context.properties.directory ?? ''),
  onScheduled: (context) => listingClient(context, sftpTransfers(context), { maxListed: Number.POSITIVE_INFINITY, isWanted: isWanted(context) }),
  onTrigger: (session, context) => listTrigger(session, context),
  onStopped: ({ pool }) => pool.close(),
});
