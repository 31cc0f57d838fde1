import path from 'node:path';
import { type FileImport, IMPORT_ENDPOINT } from '../../server/extension/file-imports.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';

const STATE = 'taken';

const attributesOf = (file: FileImport): Record<string, string> => ({
  filename: path.posix.basename(file.file),
  path: path.posix.dirname(file.file),
  'import.id': file.id,
  'sftp.user': file.user,
  'sftp.file': file.file,
  'sftp.sha256': file.sha256 ?? '',
  ...(/\.csv$/i.test(file.file) && { 'mime.type': 'text/csv' }),
});

export default defineProcessor({
  description: 'Takes the files that users have uploaded to an SFTPServer, each once, whenever the process was killed. Unfinished uploads and duplicates are left.',
  tags: ['sftp', 'import', 'upload', 'receive', 'source', 'file'],
  input: 'forbidden',
  triggerSerially: true,
  primaryNodeOnly: true,
  stateful: { scope: 'local', description: 'The imports that are stored in the flow and of which the server was not yet told.' },
  properties: {
    endpoint: property.service('SFTP Server', 'Where the files are uploaded', IMPORT_ENDPOINT, { required: true }),
    users: property.regex('User Filter', 'Takes only files of users whose name matches', { default: '.*' }),
    files: property.regex('File Filter', 'Takes only files whose name matches', { default: '.*' }),
  },
  relationships: { success: 'A FlowFile with the content of each file' },
  writesAttributes: {
    filename: 'The name of the file',
    path: "Where it was in the user's folder",
    'import.id': 'The import, as the list of imports names it',
    'sftp.user': 'Who uploaded it',
    'sftp.file': 'Path and name',
    'sftp.sha256': 'SHA-256 of the content',
  },
  async onTrigger(session, { properties: { endpoint, users, files }, signal }) {
    // What an earlier session took is confirmed behind this one too: a kill may have come before the server was told.
    const known = (session.getState('local').get(STATE) ?? '').split(' ').filter((id) => endpoint.isWaiting(id));
    if (known.length > 0) session.afterCommit(() => endpoint.confirm(known));
    const file = endpoint.next(({ id, user, file: name }) => !known.includes(id) && users.test(user) && files.test(path.posix.basename(name)));
    if (!file) return known.length > 0 ? undefined : endpoint.wait(signal);
    const flowFile = await session.writeStream(session.putAttributes(session.create(), attributesOf(file)), endpoint.content(file.id));
    session.report('RECEIVE', flowFile, `sftp://${file.user}@${endpoint.address.host || 'localhost'}:${endpoint.address.port}${encodeURI(file.file)}`);
    session.transfer(flowFile, 'success');
    session.setState('local', { [STATE]: [...known, file.id].join(' ') });
    session.afterCommit(() => endpoint.confirm([file.id]));
  },
});
