import type { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { messageOf } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { abortOldUploads, uploadInParts } from './multipart-upload.ts';
import { properties } from './put-s3-properties.ts';
import { type ObjectRequest, type PutClient, type PutContext, requestAttributes, requestOf } from './put-s3-request.ts';
import { FAILURE, told } from './s3-attributes.ts';
import { encryptionAttributes, etagAttribute, expirationAttributes, explainS3, failureAttributes, S3Clients } from './s3-clients.ts';
import { regionOf } from './s3-properties.ts';

/** What is shorter is read at once: a request with all of its body can be sent again. */
const SHORT = 1024 ** 2;

type Session = ProcessSession<'success' | 'failure'>;

interface Source {
  readonly size: number;
  readonly body: () => Readable | Buffer;
}

async function sourceOf(session: Session, flowFile: FlowFile, { properties: { source, files } }: PutContext): Promise<Source> {
  if (source === 'FILE_RESOURCE_SERVICE') {
    const { size, read } = await files.resource(flowFile);
    return { size, body: () => (size === 0 ? Buffer.alloc(0) : read()) };
  }
  return { size: flowFile.size, body: () => (flowFile.size <= SHORT ? session.read(flowFile) : session.readStream(flowFile)) };
}

async function upload(s3: S3Client, request: ObjectRequest, { size, body }: Source, context: PutContext): Promise<Record<string, string>> {
  const { client, signal, properties: values } = context;
  if (size <= values.threshold) {
    const command = new client.clients.s3.PutObjectCommand({ ...request, Body: body(), ContentLength: size });
    const answer = await s3.send(command, { abortSignal: signal });
    return { 's3.apimethod': 'putobject', ...answerAttributes(answer), ...encryptionAttributes(answer.ServerSideEncryption, answer.SSECustomerAlgorithm) };
  }
  const { created, completed } = await uploadInParts({ s3: client.clients.s3, client: s3, request, partSize: values.partSize, signal }, body() as Readable, size);
  const encryption = encryptionAttributes(created.ServerSideEncryption, created.SSECustomerAlgorithm);
  return { 's3.apimethod': 'multipartupload', 's3.uploadId': created.UploadId!, ...answerAttributes(completed), ...encryption };
}

const answerAttributes = ({ ETag, VersionId, Expiration }: { ETag?: string; VersionId?: string; Expiration?: string }): Record<string, string> => ({
  ...etagAttribute(ETag),
  ...(VersionId && VersionId !== 'null' ? { 's3.version': VersionId } : {}),
  ...expirationAttributes(Expiration),
});

/** What nobody has finished costs money. That we may not look is no failure of the FlowFile. */
async function cleanUp(s3: S3Client, bucket: string, { client, properties: { ageOffInterval, maxUploadAge }, log, now }: PutContext): Promise<void> {
  if (now() - (client.cleaned.get(bucket) ?? 0) < ageOffInterval) return;
  client.cleaned.set(bucket, now());
  const given = await abortOldUploads(client.clients.s3, s3, bucket, maxUploadAge, now()).catch((thrown: unknown) => {
    log.debug(`Unfinished uploads of ${bucket} are not looked for: ${messageOf(thrown)}`);
    return [];
  });
  if (given.length > 0) log.info(`Unfinished uploads of ${bucket} were given up: ${given.join(', ')}`);
}

async function put(session: Session, flowFile: FlowFile, context: PutContext): Promise<void> {
  const { client, properties: values } = context;
  const region = regionOf(values.region, values.customRegion(flowFile));
  const s3 = await client.clients.of(region);
  const request = requestOf(flowFile, context);
  await cleanUp(s3, request.Bucket, context);
  const told = await upload(s3, request, await sourceOf(session, flowFile, context), context);
  const url = client.clients.url(region, request.Bucket, request.Key);
  session.report('SEND', flowFile, url);
  session.transfer(session.putAttributes(flowFile, { ...requestAttributes(request, values.disposition), ...told }), 'success');
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.aws.s3', bundle: 'nifi-aws-nar' },
  description: 'Writes the content of FlowFiles, or files of this machine, to objects of S3; what is long in parts.',
  tags: ['Amazon', 'S3', 'AWS', 'Archive', 'Put'],
  input: 'required',
  supportsBatching: true,
  properties,
  dynamicProperties: { description: 'What users store with the object', name: 'The name of user metadata', value: 'Its value', expressions: 'flowfile' },
  relationships: { success: 'FlowFiles whose object was written', failure: 'FlowFiles whose object could not be written' },
  readsAttributes: { filename: 'Stored with the object, as Content Disposition' },
  writesAttributes: {
    ...told('s3.bucket', 's3.key', 's3.contenttype', 's3.version', 's3.etag', 's3.contentdisposition', 's3.cachecontrol', 's3.uploadId', 's3.expirationTime'),
    ...told('s3.expirationTimeRuleId', 's3.sseAlgorithm', 's3.usermetadata', 's3.encryptionStrategy', 's3.storeClass', 's3.apimethod'),
    ...FAILURE,
  },
  onScheduled: async ({ properties: values }): Promise<PutClient> => ({ clients: await S3Clients.create(values, values), cleaned: new Map() }),
  async onTrigger(session, context) {
    const flowFile = session.get();
    if (!flowFile) return;
    try {
      await put(session, flowFile, context);
    } catch (thrown) {
      if (context.signal.aborted) throw thrown;
      context.log.error(`${context.name} could not write ${context.properties.key(flowFile)}: ${explainS3(thrown)}`);
      session.transfer(session.penalize(session.putAttributes(flowFile, failureAttributes(thrown))), 'failure');
    }
  },
  onStopped: ({ clients }) => clients.close(),
});
