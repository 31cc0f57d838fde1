import { filtered, type Operations, read, type Target, write } from './rules.ts';
import * as at from './targets.ts';

const provenance = read(at.globally('/provenance'));
const queue = { read: read(at.queueData), write: write(at.queueData) };
const eventData = (event: Target) => ({
  described: read(at.aspect('provenanceData', event)),
  content: read(at.aspect('data', event)),
  replay: write(at.aspect('data', event)),
});
const [shown, wanted, ofComponent] = [eventData(at.event), eventData(at.wantedEvent), eventData(at.eventsOfComponent)];
const seen = filtered('read /data/{component-type}');

/** Queues, what is in them, and what happened to it. */
export const dataOperations: Operations = {
  ...Object.fromEntries(
    (['listing', 'drop'] as const).flatMap((what) => {
      const rules = [what === 'listing' ? queue.read : queue.write];
      const one = `/flowfile-queues/{id}/${what}-requests`;
      return [
        [`POST ${one}`, rules],
        [`GET ${one}/{request}`, rules],
        [`DELETE ${one}/{request}`, rules],
      ];
    }),
  ),
  // Ours: it shows attributes and content.
  'GET /api/connections/{id}/peek': [queue.read],
  'GET /flowfile-queues/{id}/flowfiles/{uuid}': [queue.read],
  'GET /flowfile-queues/{id}/flowfiles/{uuid}/content': [queue.read],
  'GET /provenance/search-options': [provenance],
  'POST /provenance': [provenance, seen],
  'GET /provenance/{id}': [provenance, seen],
  'DELETE /provenance/{id}': [provenance],
  'POST /provenance/lineage': [provenance, seen],
  'GET /provenance/lineage/{id}': [provenance, seen],
  'DELETE /provenance/lineage/{id}': [provenance],
  'GET /provenance-events/{id}': [shown.described],
  'GET /provenance-events/{id}/content/input': [shown.described, shown.content],
  'GET /provenance-events/{id}/content/output': [shown.described, shown.content],
  'GET /provenance-events/latest/{id}': [ofComponent.described, ofComponent.content],
  'POST /provenance-events/replays': [wanted.described, wanted.content, wanted.replay],
  'POST /provenance-events/latest/replays': [ofComponent.described, ofComponent.content, ofComponent.replay],
};
