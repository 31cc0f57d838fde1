import type { Readable } from 'node:stream';
import type { FlowFile } from './flowfile.ts';
import { serviceContract } from './service.ts';

/** Content that lies elsewhere than in a FlowFile. */
export interface FileResource {
  /** In bytes. */
  readonly size: number;
  /** What it is called, for messages. */
  readonly name: string;
  read(): Readable;
}

/** Says where the content is that belongs to a FlowFile (NiFi's FileResourceService). */
export interface FileResourceService {
  /** Throws ProcessError where there is no such file. */
  resource(flowFile: FlowFile): Promise<FileResource>;
}

export const FILE_RESOURCE_SERVICE = serviceContract<FileResourceService>('org.apache.nifi.fileresource.service.api.FileResourceService');
