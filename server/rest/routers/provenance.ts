import type { Router } from 'express';
import { InvalidRequestError } from '../../engine/errors.ts';
import type { DescribedEvent, Lineage, ProvenanceSearch, SearchResult } from '../../engine/provenance-query.ts';
import { parseDataSize } from '../../extension/units.ts';
import { type AsynchronousRequest, AsynchronousRequests } from '../asynchronous-requests.ts';
import { aspectOf, eventResource, type Resource } from '../authorization/resources.ts';
import type { Call } from '../call.ts';
import { eventDto, eventSummary, lineageResultsDto, searchableFields } from '../dto/provenance.ts';
import { formatCount } from '../format.ts';
import { Routes } from '../routes.ts';
import { bodyCheck, choice, flag, mapOf, numeral, object, optional, text } from '../schemas.ts';
import type { RestServices } from '../services.ts';

interface SearchBody {
  searchTerms?: Record<string, { value: string; inverse?: boolean | null } | null> | null;
  startDate?: string | null;
  endDate?: string | null;
  minimumFileSize?: string | null;
  maximumFileSize?: string | null;
  maxResults?: number | null;
  summarize?: boolean | null;
  incrementalResults?: boolean | null;
}

const searchBody = bodyCheck<{ provenance: { request?: SearchBody | null } }>(
  object(
    {
      provenance: object({
        request: optional({
          searchTerms: mapOf(optional({ value: { type: 'string' }, inverse: flag }, ['value'])),
          startDate: text,
          endDate: text,
          minimumFileSize: text,
          maximumFileSize: text,
          maxResults: numeral,
          summarize: flag,
          incrementalResults: flag,
        }),
      }),
    },
    ['provenance'],
  ),
);

interface LineageBody {
  lineageRequestType: 'FLOWFILE' | 'PARENTS' | 'CHILDREN';
  uuid?: string | null;
  eventId?: number | null;
}

const lineageBody = bodyCheck<{ lineage: { request: LineageBody } }>(
  object(
    { lineage: object({ request: object({ lineageRequestType: choice('FLOWFILE', 'PARENTS', 'CHILDREN'), uuid: text, eventId: numeral }, ['lineageRequestType']) }, ['request']) },
    ['lineage'],
  ),
);

/** A search under way; `delete` ends it. */
interface Query<B, R> {
  readonly request: B;
  readonly abort: AbortController;
  result: R;
}

const NOTHING: SearchResult = { events: [], total: 0, more: false, oldest: undefined };
const NOWHERE: Lineage = { nodes: [], links: [] };
const MOST_RESULTS = 1000;
/** How long a finished query can be asked for. */
const LIFE_MILLIS = 5 * 60_000;

/** /provenance */
export function provenanceRoutes(services: RestServices): Router {
  const { flow } = services;
  const routes = new Routes(services);
  const queries = new AsynchronousRequests<Query<SearchBody, SearchResult>>('provenance query', services.clock);
  routes.get('/search-options', () => ({ provenanceOptions: { searchableFields } }));
  addLineageRoutes(routes);
  routes.create('/', (call) => {
    const request = call.body(searchBody).provenance.request ?? {};
    const search = searchOf(request, call);
    const query = queries.start(call.user, { request, abort: new AbortController(), result: NOTHING }, async ({ value }) => {
      value.result = await flow.provenance.search(search, value.abort.signal);
    });
    return queryEntity(query, call);
  });
  routes.get('/:id', (call) => queryEntity(queries.get(call.id, call.user), call));
  routes.delete('/:id', (call) => {
    queries.remove(call.id, call.user).value.abort.abort();
    return {};
  });
  return routes.router;
}

function searchOf(body: SearchBody, { view: { times } }: Call): ProvenanceSearch {
  const moment = (name: 'startDate' | 'endDate'): number | undefined => {
    const given = body[name];
    if (!given) return undefined;
    const time = times.parse(given);
    if (time === undefined) throw new InvalidRequestError(`${name} must be a time such as 11/23/2026 14:00:00, not '${given}'.`);
    return time;
  };
  const size = (given: string | null | undefined): number | undefined => (given ? parseDataSize(given) : undefined);
  const terms = Object.entries(body.searchTerms ?? {}).filter(([, term]) => term !== null && term.value !== '');
  return {
    terms: Object.fromEntries(terms.map(([name, term]) => [name, { value: term!.value, inverse: term!.inverse ?? false }])),
    fromTime: moment('startDate'),
    toTime: moment('endDate'),
    minSize: size(body.minimumFileSize),
    maxSize: size(body.maximumFileSize),
    maxResults: Math.max(1, Math.min(body.maxResults ?? MOST_RESULTS, 10_000)),
  };
}

function queryEntity({ id, submitted, finished, failure, value: { request, result } }: AsynchronousRequest<Query<SearchBody, SearchResult>>, call: Call) {
  const { view } = call;
  const { times } = view;
  const events = result.events.filter((event) => call.rights.may('read', provenanceDataOf(call.services.flow, event)));
  // How many others there are would tell what is in them: a search names values.
  const total = events.length === result.events.length ? result.total : events.length;
  const summarize = call.flag('summarize', request.summarize ?? false);
  return {
    provenance: {
      id,
      uri: `${call.base}/provenance/${id}`,
      submissionTime: times.timestamp(submitted),
      expiration: times.timestamp(submitted + LIFE_MILLIS),
      percentCompleted: finished ? 100 : 0,
      finished,
      request,
      results: {
        provenanceEvents: events.map((event) => (summarize ? eventSummary(event, view) : eventDto(event, view))),
        total: formatCount(total) + (result.more ? '+' : ''),
        totalCount: total,
        generated: times.time(submitted),
        oldestEvent: result.oldest === undefined ? undefined : times.timestamp(result.oldest),
        timeOffset: times.offset(view.now),
        errors: failure === undefined ? [] : [failure],
      },
    },
  };
}

function addLineageRoutes(routes: Routes): void {
  const { provenance } = routes.services.flow;
  const queries = new AsynchronousRequests<Query<LineageBody, Lineage>>('lineage query', routes.services.clock);
  routes.create('/lineage', (call) => {
    const { request } = call.body(lineageBody).lineage;
    const find = lineageOf(provenance, request);
    const query = queries.start(call.user, { request, abort: new AbortController(), result: NOWHERE }, async ({ value }) => {
      value.result = await find(value.abort.signal);
    });
    return lineageEntity(query, call);
  });
  routes.get('/lineage/:id', (call) => lineageEntity(queries.get(call.id, call.user), call));
  routes.delete('/lineage/:id', (call) => {
    queries.remove(call.id, call.user).value.abort.abort();
    return {};
  });
}

/** Without the events that the user may not see, and what hangs on them. */
function seen({ nodes, links }: Lineage, { services: { flow }, rights }: Call): Lineage {
  if (rights.isUnlimited) return { nodes, links };
  const shown = nodes.filter(({ event }) => event === undefined || rights.may('read', provenanceDataOf(flow, event)));
  const ids = new Set(shown.map(({ id }) => id));
  return { nodes: shown, links: links.filter(({ source, target }) => ids.has(source) && ids.has(target)) };
}

/** Whether an event may be seen is a matter of the provenance data of who made it. */
function provenanceDataOf(flow: RestServices['flow'], { componentId }: DescribedEvent): Resource {
  return aspectOf('provenanceData', eventResource(flow, componentId));
}

type Find = (signal: AbortSignal) => Promise<Lineage>;

/** What the body asks for. Throws InvalidRequestError where it says too little. */
function lineageOf(provenance: RestServices['flow']['provenance'], { lineageRequestType: type, uuid, eventId }: LineageBody): Find {
  if (type === 'FLOWFILE') {
    if (!uuid && typeof eventId !== 'number') throw new InvalidRequestError('The uuid of the FlowFile must be specified.');
    return (signal) => provenance.lineage(uuid || provenance.event(eventId!).flowFileUuid, signal);
  }
  if (typeof eventId !== 'number') throw new InvalidRequestError('The eventId must be specified.');
  return (signal) => provenance.expand(eventId, type, signal);
}

function lineageEntity({ id, submitted, finished, failure, value: { request, result } }: AsynchronousRequest<Query<LineageBody, Lineage>>, call: Call) {
  const { base, view } = call;
  const { times } = view;
  return {
    lineage: {
      id,
      uri: `${base}/provenance/lineage/${id}`,
      submissionTime: times.timestamp(submitted),
      expiration: times.timestamp(submitted + LIFE_MILLIS),
      percentCompleted: finished ? 100 : 0,
      finished,
      request,
      results: lineageResultsDto(seen(result, call), failure, view),
    },
  };
}
