import type { Readable } from 'node:stream';
import type { GetObjectCommandInput, GetObjectCommandOutput } from '@aws-sdk/client-s3';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { parseDataSize } from '../../server/extension/units.ts';
import { FAILURE, told } from './s3-attributes.ts';
import { decoded, encryptionAttributes, etagAttribute, expirationAttributes, explainS3, failureAttributes, S3Clients } from './s3-clients.ts';
import { S3_ENCRYPTION } from './s3-encryption.ts';
import { objectS3, regionOf } from './s3-properties.ts';

/** An expression may give nothing, which is no limit. */
const checkSize = (text: string): void => {
  if (text.trim() !== '') parseDataSize(text);
};

const properties = {
  ...objectS3,
  version: property.text('Version', 'Which version of the object; where it is not set, the newest', { expressions: 'flowfile' }),
  encryption: property.service('Encryption Service', 'For objects that were encrypted with a key of ours (Server-side Customer Key)', S3_ENCRYPTION),
  requesterPays: property.boolean('Requester Pays', 'Whether we agree to pay for reading', { default: 'false' }),
  rangeStart: property.text('Range Start', 'The first byte that is read, such as 10 MB', { expressions: 'flowfile', validate: checkSize }),
  rangeLength: property.text('Range Length', 'How much is read at most, such as 1 MB', { expressions: 'flowfile', validate: checkSize }),
};

type Session = ProcessSession<'success' | 'failure'>;
type Context = ProcessContext<typeof properties, S3Clients>;

function requestOf(flowFile: FlowFile, { properties: values }: Context): GetObjectCommandInput {
  const start = parseDataSize(values.rangeStart(flowFile)?.trim() || '0 B');
  const length = values.rangeLength(flowFile)?.trim();
  // A range of an empty object does not exist: none is asked for where all is wanted.
  const range = length ? `bytes=${start}-${start + parseDataSize(length) - 1}` : start > 0 ? `bytes=${start}-` : undefined;
  return {
    Bucket: values.bucket(flowFile),
    Key: values.key(flowFile),
    ...values.encryption?.customerKey,
    ...(range ? { Range: range } : { ChecksumMode: 'ENABLED' }),
    ...(values.version(flowFile)?.trim() ? { VersionId: values.version(flowFile)!.trim() } : {}),
    ...(values.requesterPays ? { RequestPayer: 'requester' } : {}),
  };
}

/** PutS3Object stores the name of the file as Content-Disposition. */
function nameAttributes(disposition: string | undefined, key: string): Record<string, string> {
  if (disposition === undefined) return {};
  const text = decoded(disposition);
  const path = text === 'inline' || text.startsWith('attachment; filename=') ? key : text;
  const slash = path.lastIndexOf('/');
  return slash === -1 || slash === path.length - 1 ? { filename: path } : { path: path.slice(0, slash), 'absolute.path': path, filename: path.slice(slash + 1) };
}

function hashAttributes(answer: GetObjectCommandOutput): Record<string, string> {
  const sums = { CRC32: answer.ChecksumCRC32, CRC32C: answer.ChecksumCRC32C, CRC64NVME: answer.ChecksumCRC64NVME, SHA256: answer.ChecksumSHA256, SHA1: answer.ChecksumSHA1 };
  const [found] = Object.entries(sums).filter(([, sum]) => sum !== undefined);
  return found ? { 'hash.algorithm': found[0], 'hash.value': found[1]! } : {};
}

const attributesOf = (answer: GetObjectCommandOutput, bucket: string, key: string, url: string): Record<string, string> => ({
  's3.url': url,
  's3.bucket': bucket,
  ...nameAttributes(answer.ContentDisposition, key),
  ...hashAttributes(answer),
  ...(answer.ContentType ? { 'mime.type': answer.ContentType } : {}),
  ...etagAttribute(answer.ETag),
  ...expirationAttributes(answer.Expiration),
  ...answer.Metadata,
  ...encryptionAttributes(answer.ServerSideEncryption, answer.SSECustomerAlgorithm),
  ...(answer.VersionId && answer.VersionId !== 'null' ? { 's3.version': answer.VersionId } : {}),
});

async function fetch(session: Session, flowFile: FlowFile, context: Context): Promise<void> {
  const { client, signal, properties: values } = context;
  const region = regionOf(values.region, values.customRegion(flowFile));
  const request = requestOf(flowFile, context);
  const answer = await (await client.of(region)).send(new client.s3.GetObjectCommand(request), { abortSignal: signal });
  const url = client.url(region, request.Bucket!, request.Key!);
  const fetched = await session.writeStream(flowFile, answer.Body as Readable);
  session.report('FETCH', fetched, url);
  session.transfer(session.putAttributes(fetched, attributesOf(answer, request.Bucket!, request.Key!, url)), 'success');
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.aws.s3', bundle: 'nifi-aws-nar' },
  description: 'Reads the object of S3 that a FlowFile names, such as those that ListS3 has listed. What is stored with it becomes attributes.',
  tags: ['Amazon', 'S3', 'AWS', 'Get', 'Fetch'],
  input: 'required',
  supportsBatching: true,
  properties,
  relationships: { success: 'FlowFiles with the content of the object', failure: 'FlowFiles whose object could not be read' },
  writesAttributes: {
    ...told('s3.url', 's3.bucket', 'path', 'absolute.path', 'filename', 'hash.value', 'hash.algorithm', 'mime.type', 's3.etag', 's3.expirationTime'),
    ...told('s3.expirationTimeRuleId', 's3.sseAlgorithm', 's3.version', 's3.encryptionStrategy'),
    ...FAILURE,
  },
  onScheduled: ({ properties: values }) => S3Clients.create(values),
  async onTrigger(session, context) {
    const flowFile = session.get();
    if (!flowFile) return;
    try {
      await fetch(session, flowFile, context);
    } catch (thrown) {
      if (context.signal.aborted) throw thrown;
      context.log.error(`${context.name} could not read ${context.properties.key(flowFile)}: ${explainS3(thrown)}`);
      session.transfer(session.penalize(session.putAttributes(flowFile, failureAttributes(thrown))), 'failure');
    }
  },
  onStopped: (client) => client.close(),
});
