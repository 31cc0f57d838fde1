import type { Json } from '../../../api-client.ts';
import type { Stage } from '../stage.ts';
import type { Scene } from './group.ts';

const QUEUE = '/flowfile-queues/{id}';

/** flowfile-queues: listing, one FlowFile, its content whole and in part, drop. */
export async function walkQueues(stage: Stage, { queue }: Scene): Promise<void> {
  const { walk } = stage;
  const { id } = queue;
  const listed = await stage.asynchronous(`${QUEUE}/listing-requests/{listing-request-id}`, 'listing-request-id', { id }, undefined, ({ listingRequest }) => listingRequest);
  const summaries: Json[] = listed.listingRequest?.flowFileSummaries ?? [];
  walk.expect(summaries.length === 3, `GET ${QUEUE}/listing-requests/{listing-request-id}`, `${summaries.length} FlowFiles listed instead of 3`);
  const at = { id, 'flowfile-uuid': summaries[0]?.uuid };
  const { flowFile } = await walk.json(`GET ${QUEUE}/flowfiles/{flowfile-uuid}`, at);
  walk.expect(flowFile?.attributes?.colour !== undefined, `GET ${QUEUE}/flowfiles/{flowfile-uuid}`, 'the attributes are missing');
  const whole = await walk.call(`GET ${QUEUE}/flowfiles/{flowfile-uuid}/content`, at);
  walk.expect(whole.text === 'id,name\n1,hello\n', `GET ${QUEUE}/flowfiles/{flowfile-uuid}/content`, `content is ${whole.text}`);
  await walk.call(`GET ${QUEUE}/flowfiles/{flowfile-uuid}/content`, at, { headers: { Range: 'bytes=0-3' }, status: 206 });
  await walk.call(`GET ${QUEUE}/flowfiles/{flowfile-uuid}/content`, at, { headers: { Range: 'bytes=5000-' }, status: 416 });
}

export async function dropQueue(stage: Stage, { queue }: Scene): Promise<void> {
  const { id } = queue;
  const dropped = await stage.asynchronous(`${QUEUE}/drop-requests/{drop-request-id}`, 'drop-request-id', { id }, undefined, ({ dropRequest }) => dropRequest);
  stage.walk.expect(dropped.dropRequest?.droppedCount >= 3, `GET ${QUEUE}/drop-requests/{drop-request-id}`, 'nothing was dropped');
}
