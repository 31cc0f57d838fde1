import { IMPORT_ENDPOINT } from '../../server/extension/file-imports.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { properties } from './server-properties.ts';
import type { SftpEndpoint } from './sftp-endpoint.ts';

export default defineControllerService({
  description:
    'Takes files by SFTP from users with SSH keys, each in a folder of their own. A file that was uploaded whole becomes an import, which ReceiveSFTP hands to the flow.',
  tags: ['sftp', 'ssh', 'server', 'upload', 'import', 'csv', 'file'],
  provides: [IMPORT_ENDPOINT],
  properties,
  onEnabled: async (context) => (await import('./sftp-endpoint.ts')).SftpEndpoint.open(context),
  onDisabled: (endpoint) => (endpoint as SftpEndpoint).close(),
});
