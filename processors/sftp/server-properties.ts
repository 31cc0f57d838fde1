import { property } from '../../server/extension/property.ts';

/** SFTPServer's properties. */
export const properties = {
  port: property.integer('Listening Port', 'Where SFTP clients are expected', {
    required: true,
    expressions: 'environment',
    min: 0,
    max: 65535,
    listenPort: { transport: 'TCP', applications: ['sftp'] },
  }),
  host: property.text('Listening Address', 'The address of this machine to listen at; all of them where it is left out', { expressions: 'environment' }),
  settle: property.duration('Settle Time', 'How long a file is left alone after it was closed or renamed, until it becomes an import and leaves the folder', { default: '3 sec' }),
  unfinishedNames: property.regex('Unfinished Names', 'Files whose names match are not whole yet: they become imports once they are renamed', {
    default: '^\\.|\\.(?:part|partial|filepart|tmp|temp|crdownload)$',
    required: false,
  }),
  duplicates: property.choice(
    'Same File Again',
    'What to do with a file whose content the same user has uploaded before',
    {
      tell: 'List it as a duplicate, and import it only when somebody asks',
      import: 'Import it again',
    },
    { default: 'tell' },
  ),
  keep: property.duration('Keep Files', 'How long the content of imports is kept, so that they can be imported again', { default: '7 days' }),
  fileSize: property.dataSize('Maximum File Size', 'How many bytes a file may have', { default: '1 GB' }),
  folderSize: property.dataSize('Maximum Folder Size', 'How many bytes all files of a user may have, those included that no flow has taken yet', { default: '5 GB' }),
  rate: property.dataSize('Maximum Rate', 'How many bytes a second a user may send and receive', { default: '50 MB' }),
  connections: property.integer('Maximum Connections', 'How many connections there may be in all', { default: '50', min: 1 }),
  userConnections: property.integer('Maximum Connections per User', 'How many connections a user may have', { default: '5', min: 1 }),
  idle: property.duration('Idle Timeout', 'How long a connection may do nothing', { default: '10 min' }),
};
