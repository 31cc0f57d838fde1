import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { putRelationships, putTrigger, type PuttingClient } from './put-remote.ts';
import { sftpProperties, sftpTransfers } from './sftp-properties.ts';
import { putting } from './transfer-properties.ts';
import { verifyTransfers } from './transfers.ts';

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Writes the content of FlowFiles to files of an SFTP server, named after their filename.',
  tags: ['remote', 'copy', 'egress', 'put', 'sftp', 'archive', 'files'],
  input: 'required',
  supportsBatching: true,
  properties: {
    ...sftpProperties,
    ...putting,
    blindly: property.boolean('Disable Directory Listing', 'With Create Directory: whether directories are made without looking first, which not every server allows', {
      default: 'false',
      required: false,
    }),
    owner: property.text('Remote Owner', 'The number of the user who gets the file; the server must allow that', { expressions: 'flowfile' }),
    group: property.text('Remote Group', 'The number of the group that gets the file; the server must allow that', { expressions: 'flowfile' }),
  },
  relationships: putRelationships,
  readsAttributes: { filename: 'The name of the file' },
  verify: (context) => verifyTransfers(context, sftpTransfers(context), undefined),
  onScheduled(context): PuttingClient {
    const { blindly, owner, group, maxUses } = context.properties;
    return { ...sftpTransfers(context, maxUses), blindly: blindly ?? false, owner, group };
  },
  onTrigger: (session, context) => putTrigger(session, context),
  onStopped: ({ pool }) => pool.close(),
});
