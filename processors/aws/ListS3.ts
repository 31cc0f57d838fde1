import { EntityTracker, oldestFirst } from '../../server/extension/listing.ts';
import type { ComponentContext } from '../../server/extension/component.ts';
import { ProcessError } from '../../server/extension/errors.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { chooseNew } from '../../server/extension/tracked-listing.ts';
import { attributesOf, type DetailedObject, type Place, withDetails, writeRecords } from './list-s3-output.ts';
import { properties } from './list-s3-properties.ts';
import { told } from './s3-attributes.ts';
import { explainS3, S3Clients } from './s3-clients.ts';
import { type ListedObject, searchObjects } from './s3-listing.ts';
import { regionOf } from './s3-properties.ts';

interface Client {
  readonly clients: S3Clients;
  readonly tracker: EntityTracker | undefined;
}

type Context = ProcessContext<typeof properties, Client>;

async function find({ client: { clients }, properties: values, signal, now }: Context, { bucket, region }: Place): Promise<ListedObject[]> {
  const { minAge, maxAge = Number.POSITIVE_INFINITY } = values;
  const found: ListedObject[] = [];
  for await (const object of searchObjects(clients.s3, await clients.of(region), { ...values, bucket }, signal)) {
    const age = now() - object.modified;
    // Clocks differ: an object from the future is new, not out of the question.
    if ((age >= minAge || (minAge === 0 && age < 0)) && age <= maxAge) found.push(object);
  }
  return found.sort(oldestFirst);
}

async function* detailed(objects: readonly ListedObject[], { client: { clients }, properties: { tags, metadata } }: Context, place: Place): AsyncGenerator<DetailedObject> {
  const client = await clients.of(place.region);
  for (const object of objects) yield await withDetails(clients.s3, client, place, object, { tags, metadata });
}

async function list(session: ProcessSession<'success'>, context: Context): Promise<void> {
  const { client, properties: values } = context;
  const place = { bucket: values.bucket(), region: regionOf(values.region, values.customRegion) };
  const found = await find(context, place);
  const rules = {
    strategy: values.strategy,
    precision: 'millis',
    tracker: client.tracker,
    scope: 'cluster',
    place: `${place.region}/${place.bucket}/${values.prefix ?? ''}`,
  } as const;
  const { listed, remember } = await chooseNew(found, session, rules, context.now());
  if (listed.length === 0) return context.yield();
  const objects = detailed(listed, context, place);
  if (values.writer) session.transfer(await writeRecords(session, values.writer, objects, place), 'success');
  else for await (const object of objects) session.transfer(session.putAttributes(session.create(), attributesOf(object, place)), 'success');
  remember(session);
}

async function start(context: ComponentContext<typeof properties>): Promise<Client> {
  const { strategy, cache, window, initial } = context.properties;
  const tracking = { cache, key: `ListedEntities::${context.id}`, window, startsWithAll: initial === 'all' };
  return { clients: await S3Clients.create(context.properties), tracker: strategy === 'entities' ? new EntityTracker(tracking) : undefined };
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.aws.s3', bundle: 'nifi-aws-nar' },
  description: 'Lists a bucket of S3: an empty FlowFile for each object that is new or was changed since the last listing. A following FetchS3Object reads them.',
  tags: ['Amazon', 'S3', 'AWS', 'list'],
  input: 'forbidden',
  triggerSerially: true,
  triggerWhenEmpty: true,
  primaryNodeOnly: true,
  defaults: { schedulingPeriod: '1 min' },
  stateful: { scope: 'cluster', description: 'The newest time of change listed so far, and the objects that bore it. Clearing it lists everything again.' },
  properties,
  relationships: { success: 'A FlowFile for each object, or one with a record for each' },
  writesAttributes: told(
    's3.bucket',
    's3.region',
    'filename',
    's3.etag',
    's3.isLatest',
    's3.lastModified',
    's3.length',
    's3.storeClass',
    's3.version',
    's3.tag.___',
    's3.user.metadata.___',
  ),
  validate: ({ maxAge, minAge, requesterPays, withVersions }) => [
    ...(maxAge !== undefined && maxAge <= minAge ? ["'Maximum Object Age' must be greater than 'Minimum Object Age'"] : []),
    ...(requesterPays && withVersions ? ["'Requester Pays' cannot be used when listing object versions"] : []),
  ],
  onScheduled: start,
  async onTrigger(session, context) {
    try {
      await list(session, context);
    } catch (cause) {
      if (context.signal.aborted || cause instanceof ProcessError) throw cause;
      throw new ProcessError(`${context.name} cannot list the bucket ${context.properties.bucket()}: ${explainS3(cause)}`, { cause });
    }
  },
  onStopped: ({ clients }) => clients.close(),
});
