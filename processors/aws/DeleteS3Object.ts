import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { FAILURE } from './s3-attributes.ts';
import { explainS3, failureAttributes, S3Clients } from './s3-clients.ts';
import { objectS3, regionOf } from './s3-properties.ts';

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.aws.s3', bundle: 'nifi-aws-nar' },
  description: 'Removes an object of S3. One that is not there counts as removed.',
  tags: ['Amazon', 'S3', 'AWS', 'Archive', 'Delete'],
  input: 'required',
  supportsBatching: true,
  properties: { ...objectS3, version: property.text('Version', 'Which version of the object; where it is not set, the newest', { expressions: 'flowfile' }) },
  relationships: { success: 'FlowFiles whose object was removed', failure: 'FlowFiles whose object could not be removed' },
  writesAttributes: FAILURE,
  onScheduled: ({ properties }) => S3Clients.create(properties),
  async onTrigger(session, { client, properties, log, name, signal }) {
    const flowFile = session.get();
    if (!flowFile) return;
    const [bucket, key] = [properties.bucket(flowFile), properties.key(flowFile)];
    try {
      const region = regionOf(properties.region, properties.customRegion(flowFile));
      const command = new client.s3.DeleteObjectCommand({ Bucket: bucket, Key: key, VersionId: properties.version(flowFile)?.trim() || undefined });
      await (await client.of(region)).send(command, { abortSignal: signal });
      session.report('REMOTE_INVOCATION', flowFile, client.url(region, bucket, key), 'Object deleted');
      session.transfer(flowFile, 'success');
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      log.error(`${name} could not remove ${key} from ${bucket}: ${explainS3(thrown)}`);
      session.transfer(session.penalize(session.putAttributes(flowFile, failureAttributes(thrown))), 'failure');
    }
  },
  onStopped: (client) => client.close(),
});
