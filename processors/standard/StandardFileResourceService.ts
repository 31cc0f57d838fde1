import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { messageOf, ProcessError } from '../../server/extension/errors.ts';
import { FILE_RESOURCE_SERVICE, type FileResourceService } from '../../server/extension/file-resource.ts';
import { property } from '../../server/extension/property.ts';
import { defineControllerService } from '../../server/extension/service.ts';

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.fileresource.service', bundle: 'nifi-file-resource-service-nar' },
  description: 'Lets other components send a file of this machine in place of the content of a FlowFile, without taking it into the flow.',
  tags: ['file', 'resource', 'restricted'],
  restrictions: { 'read-filesystem': 'Lets whoever configures it read any file that the server may read.' },
  provides: [FILE_RESOURCE_SERVICE],
  properties: { path: property.text('File Path', 'The file', { default: '${absolute.path}/${filename}', expressions: 'flowfile' }) },
  onEnabled: ({ name, properties: { path } }): FileResourceService => ({
    async resource(flowFile) {
      const file = path(flowFile);
      const stats = await stat(file).catch((cause: unknown) => {
        throw new ProcessError(`${name} cannot read the file: ${messageOf(cause)}. Check File Path.`, { cause });
      });
      if (!stats.isFile()) throw new ProcessError(`${name} cannot read ${file}: it is not a file. Check File Path.`);
      return { name: file, size: stats.size, read: () => createReadStream(file) };
    },
  }),
});
