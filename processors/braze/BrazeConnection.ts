import type { ComponentContext } from '../../server/extension/component.ts';
import { apiAddress } from '../../server/extension/json-api.ts';
import { verifyClient } from '../../server/extension/polite-api.ts';
import { property } from '../../server/extension/property.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { BRAZE } from './braze.ts';
import { BrazeClient } from './braze-client.ts';

const properties = {
  url: property.text('REST Endpoint', 'The REST endpoint of the instance that the workspace is on: US-01 is https://rest.iad-01.braze.com, EU-01 is https://rest.fra-01.braze.eu', {
    default: 'https://rest.iad-01.braze.com',
    expressions: 'environment',
    validate: apiAddress('https://rest.fra-01.braze.eu'),
  }),
  key: property.text(
    'API Key',
    'A REST API key of the workspace with the permissions that its data types need: users.track, users.delete, catalogs.replace_items, catalogs.delete_items',
    {
      required: true,
      sensitive: true,
    },
  ),
  requests: property.integer('Requests Per Three Seconds', 'How many requests begin in three seconds: Braze allows 3,000 for users/track', {
    default: '3000',
    min: 1,
    max: 100_000,
  }),
  timeout: property.duration('Request Timeout', 'How long an answer may take', { default: '1 min' }),
};

function open({ properties: { key, url, requests, timeout } }: ComponentContext<typeof properties>): Promise<BrazeClient> {
  return BrazeClient.open({ key, url, timeout, requests });
}

export default defineControllerService({
  description: 'A workspace of Braze.',
  tags: ['braze', 'connection', 'marketing'],
  properties,
  provides: [BRAZE],
  onEnabled: open,
  onDisabled: (client: BrazeClient) => client.close(),
  verify: (context) =>
    verifyClient(
      'Reach the workspace',
      () => open(context),
      async (client) => {
        await client.check(context.signal);
        return `${client.url} lets the key in.`;
      },
    ),
});
