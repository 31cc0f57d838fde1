import path from 'node:path/posix';
import { messageOf } from '../../server/extension/errors.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { faultOf, RemoteError } from './remote-files.ts';
import { sftpProperties, sftpTransfers } from './sftp-properties.ts';
import { transitUri, verifyTransfers } from './transfers.ts';

/** A file in a directory. Throws RemoteError where the name leads elsewhere. */
function fileIn(directory: string, name: string): string {
  const file = path.join(directory, name);
  if (path.dirname(file) !== path.join(directory, '.').replace(/(.)\/$/, '$1'))
    throw new RemoteError('refused', `'${name}' is not a file directly in the directory '${directory}'`);
  return file;
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Removes the file of an SFTP server that a FlowFile names.',
  tags: ['remote', 'remove', 'delete', 'sftp'],
  input: 'required',
  supportsBatching: true,
  properties: {
    directory: property.text('Directory Path', 'The directory of the file', { default: '${path}', expressions: 'flowfile' }),
    filename: property.text('Filename', 'The name of the file', { default: '${filename}', expressions: 'flowfile' }),
    ...sftpProperties,
    maxUses: property.integer('Batch Size', 'How many FlowFiles are handled over one connection', { default: '500', min: 1 }),
  },
  relationships: {
    success: 'FlowFiles whose file was removed',
    'not found': 'FlowFiles whose file does not exist',
    failure: 'FlowFiles whose file could not be removed',
  },
  verify: (context) => verifyTransfers(context, sftpTransfers(context), undefined),
  onScheduled: (context) => sftpTransfers(context, context.properties.maxUses),
  async onTrigger(session, context) {
    const { client, properties, log, signal } = context;
    const flowFile = session.get();
    if (!flowFile) return;
    try {
      const address = client.address(flowFile);
      const file = fileIn(properties.directory(flowFile), properties.filename(flowFile));
      await client.pool.use(address, signal, (connection) => connection.remove(file));
      session.report('REMOTE_INVOCATION', flowFile, transitUri('sftp', address, file), 'Object deleted');
      session.transfer(flowFile, 'success');
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      if (faultOf(thrown) === 'missing') return session.transfer(flowFile, 'not found');
      log.error(`${flowFile.getAttribute('filename')} was not removed: ${messageOf(thrown)}`);
      session.transfer(session.penalize(flowFile), 'failure');
      if (faultOf(thrown) === 'lost') context.yield();
    }
  },
  onStopped: ({ pool }) => pool.close(),
});
