import type { Json } from '../../../api-client.ts';
import type { Stage } from '../stage.ts';
import { GHOST } from '../walk.ts';

const LATER = '2100-01-01T00:00:00.000Z';

/** Which of the operations that components with properties share a kind has. */
interface Kind {
  /** Where they are: `processors`, `controller/registry-clients`. */
  readonly resource: string;
  readonly property: string;
  readonly properties?: Readonly<Record<string, string | null>>;
  /** Where its bulletins are cleared, if not at the resource itself. */
  readonly bulletins?: readonly string[];
  readonly without?: 'state';
}

/** Calls what all components with properties have: descriptors, state, bulletins, analysis and verification. */
export async function walkConfigurable(stage: Stage, entity: Json, { resource, property, properties = {}, bulletins = [resource], without }: Kind): Promise<void> {
  const { walk } = stage;
  const id: string = entity.id ?? GHOST;
  const { propertyDescriptor } = await walk.json(`GET /${resource}/{id}/descriptors`, { id }, { query: { propertyName: property } });
  walk.expect(propertyDescriptor?.name === property, `GET /${resource}/{id}/descriptors`, `the descriptor of ${property} is of ${propertyDescriptor?.name}`);
  if (without !== 'state') {
    await walk.call(`GET /${resource}/{id}/state`, { id });
    await walk.call(`POST /${resource}/{id}/state/clear-requests`, { id });
  }
  for (const at of bulletins) {
    const cleared = await walk.json(`POST /${at}/{id}/bulletins/clear-requests`, { id }, { body: { fromTimestamp: LATER } });
    walk.expect(cleared.bulletins?.length === 0, `POST /${at}/{id}/bulletins/clear-requests`, 'bulletins are left');
  }
  await walk.call(`POST /${resource}/{id}/config/analysis`, { id }, { body: { configurationAnalysis: { componentId: id, properties } } });
  const body = { request: { componentId: id, properties, attributes: {} } };
  const done = await stage.asynchronous(`/${resource}/{id}/config/verification-requests/{requestId}`, 'requestId', { id }, body, ({ request }) => request);
  walk.expect((done.request?.results?.length ?? 0) > 0, `GET /${resource}/{id}/config/verification-requests/{requestId}`, 'a verification without results');
}
