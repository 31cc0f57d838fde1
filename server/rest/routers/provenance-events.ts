import type { Response, Router } from 'express';
import { InvalidRequestError, NotFoundError } from '../../engine/errors.ts';
import type { Call } from '../call.ts';
import { partOfStream, sendContent } from '../content.ts';
import { eventDto } from '../dto/provenance.ts';
import { Routes } from '../routes.ts';
import { bodyCheck, object, text } from '../schemas.ts';
import type { RestServices } from '../services.ts';

const replayBody = bodyCheck<{ eventId: number }>(object({ eventId: { type: 'integer' } }, ['eventId']));
const latestReplayBody = bodyCheck<{ componentId: string; nodes?: string | null }>(object({ componentId: { type: 'string' }, nodes: text }, ['componentId']));

const LATEST = 1000;

/** /provenance-events */
export function provenanceEventRoutes(services: RestServices): Router {
  const { provenance } = services.flow;
  const routes = new Routes(services);
  routes.create('/replays', (call) => ({ provenanceEvent: eventDto(provenance.replay(call.body(replayBody).eventId, call.user), call.view) }));
  routes.post('/latest/replays', async (call) => {
    const { componentId, nodes } = call.body(latestReplayBody);
    return { componentId, nodes: nodes ?? 'PRIMARY', aggregateSnapshot: await replayLatest(services, componentId, call.user) };
  });
  routes.get('/latest/:componentId', async (call) => {
    const componentId = call.parameter('componentId');
    if (!services.flow.find(componentId)) throw new NotFoundError(`Unable to find component with id '${componentId}'.`);
    const events = await provenance.latest(componentId, call.number('limit') ?? LATEST);
    return { latestProvenanceEvents: { componentId, provenanceEvents: events.map((event) => eventDto(event, call.view)) } };
  });
  routes.get('/:id', (call) => ({ provenanceEvent: eventDto(provenance.event(eventId(call)), call.view) }));
  for (const side of ['input', 'output'] as const) routes.raw('get', `/:id/content/${side}`, (call, response) => sendEventContent(call, response, side));
  return routes.router;
}

function eventId({ id }: Call): number {
  if (!/^\d{1,15}$/.test(id)) throw new InvalidRequestError(`The id of an event is a number, not '${id}'.`);
  return Number(id);
}

/** Replays the newest event of a component that can be replayed. */
async function replayLatest({ flow }: RestServices, componentId: string, user: string) {
  if (!flow.find(componentId)) throw new NotFoundError(`Unable to find component with id '${componentId}'.`);
  const events = await flow.provenance.latest(componentId, LATEST);
  const event = events.find(({ replayRefusal }) => replayRefusal === undefined);
  if (!event) return { eventsReplayed: [], eventAvailable: events.length > 0, failureExplanation: events[0]?.replayRefusal ?? 'There are no events of this component.' };
  flow.provenance.replay(event.event.eventId, user);
  return { eventsReplayed: [event.event.eventId], eventAvailable: true };
}

function sendEventContent(call: Call, response: Response, side: 'input' | 'output'): Promise<void> {
  const { provenance } = call.services.flow;
  const id = eventId(call);
  const { stream, size, event } = provenance.content(id, side);
  const shown = side === 'input' ? event.previousAttributes : event.attributes;
  return sendContent(call, response, {
    size,
    name: shown.get('filename') ?? event.flowFileUuid,
    mimeType: shown.get('mime.type'),
    open: (offset, length) => (offset === 0 && length === size ? stream : partOfStream(stream, offset, length)),
  });
}
