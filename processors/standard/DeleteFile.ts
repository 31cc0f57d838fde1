import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../../server/extension/errors.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Deletes the file that a FlowFile names.',
  tags: ['file', 'restricted', 'files', 'delete', 'remove', 'local', 'filesystem'],
  restrictions: {
    'read-filesystem': 'Lets whoever configures it read any file that the server may read.',
    'write-filesystem': 'Lets whoever configures it remove any file that the server may remove.',
  },
  input: 'required',
  supportsBatching: true,
  properties: {
    directory: property.text('Directory Path', 'The directory that holds the file', { default: '${absolute.path}', expressions: 'flowfile' }),
    filename: property.text('Filename', 'Its name', { default: '${filename}', expressions: 'flowfile' }),
  },
  relationships: {
    success: 'FlowFiles whose file was deleted',
    'not found': 'FlowFiles whose file does not exist',
    failure: 'FlowFiles whose file cannot be deleted, or does not lie in the directory',
  },
  async onTrigger(session, { properties: { directory, filename }, log }) {
    for (const flowFile of session.getBatch(10)) {
      const folder = path.resolve(directory(flowFile));
      const file = path.resolve(folder, filename(flowFile));
      try {
        if (!file.startsWith(folder === '/' ? '/' : `${folder}${path.sep}`)) throw new Error('it does not lie in the directory');
        const stats = await stat(file);
        if (stats.isDirectory()) throw new Error('it is a directory');
        await rm(file);
        session.report('REMOTE_INVOCATION', flowFile, `file://${file}`, 'Object deleted');
        session.transfer(flowFile, 'success');
      } catch (thrown) {
        const isMissing = (thrown as NodeJS.ErrnoException).code === 'ENOENT';
        if (isMissing) log.warn(`${file} is not there to be deleted`);
        else log.error(`${file} cannot be deleted: ${messageOf(thrown)}`);
        session.transfer(isMissing ? flowFile : session.penalize(flowFile), isMissing ? 'not found' : 'failure');
      }
    }
  },
});
