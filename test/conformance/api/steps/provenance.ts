import type { Json } from '../../../api-client.ts';
import type { Stage } from '../stage.ts';
import { GHOST } from '../walk.ts';
import type { Scene } from './group.ts';

/** provenance and provenance-events. */
export async function walkProvenance(stage: Stage, { log, update, source }: Scene): Promise<void> {
  const { walk } = stage;
  await walk.call('GET /provenance/search-options');
  const created = await query(stage, { ProcessorID: source.id, EventType: 'CREATE' });
  walk.expect(created.length === 6, 'POST /provenance', `${created.length} CREATE events instead of 6`);
  const modified = await query(stage, { ProcessorID: update.id });
  const event = modified[0] ?? created[0] ?? {};
  const id = event.eventId ?? 0;
  const { provenanceEvent } = await walk.json('GET /provenance-events/{id}', { id });
  walk.expect(provenanceEvent?.attributes?.length > 0, 'GET /provenance-events/{id}', 'an event without attributes');
  for (const side of ['input', 'output']) {
    await walk.call(`GET /provenance-events/{id}/content/${side}`, { id });
    await walk.call(`GET /provenance-events/{id}/content/${side}`, { id }, { headers: { Range: 'bytes=0-1' }, status: 206 });
  }
  const latest = await walk.json('GET /provenance-events/latest/{componentId}', { componentId: log.id }, { query: { limit: 5 } });
  walk.expect(latest.latestProvenanceEvents?.provenanceEvents?.length > 0, 'GET /provenance-events/latest/{componentId}', 'no latest events');
  await walkLineage(stage, created.at(-1));
  await walk.call('POST /provenance-events/replays', {}, { body: { eventId: id } });
  const replayed = await walk.json('POST /provenance-events/latest/replays', {}, { body: { componentId: update.id, nodes: 'ALL' } });
  walk.expect(replayed.aggregateSnapshot?.eventAvailable === true, 'POST /provenance-events/latest/replays', 'the last event could not be replayed');
  await walk.call('GET /provenance/{id}', { id: GHOST }, { status: 404 });
}

async function query(stage: Stage, terms: Record<string, string>): Promise<Json[]> {
  const searchTerms = Object.fromEntries(Object.entries(terms).map(([name, value]) => [name, { value, inverse: false }]));
  const body = { provenance: { request: { maxResults: 100, summarize: false, incrementalResults: false, searchTerms } } };
  const done = await stage.follow('POST /provenance', '/provenance/{id}', 'id', {}, body, ({ provenance }) => provenance);
  return done.provenance?.results?.provenanceEvents ?? [];
}

async function walkLineage(stage: Stage, event: Json): Promise<void> {
  const requests = [
    { lineageRequestType: 'FLOWFILE', uuid: event?.flowFileUuid },
    { lineageRequestType: 'PARENTS', eventId: event?.eventId },
  ];
  for (const request of requests) {
    const done = await stage.follow('POST /provenance/lineage', '/provenance/lineage/{id}', 'id', {}, { lineage: { request } }, ({ lineage }) => lineage);
    const nodes = done.lineage?.results?.nodes ?? [];
    stage.walk.expect(request.eventId !== undefined || nodes.length > 2, 'GET /provenance/lineage/{id}', `a lineage of ${nodes.length} nodes`);
  }
}
