import type { ComponentContext } from '../../server/extension/component.ts';
import { apiAddress } from '../../server/extension/json-api.ts';
import { verifyClient } from '../../server/extension/polite-api.ts';
import { property } from '../../server/extension/property.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { HUBSPOT } from './hubspot.ts';
import { HubSpotClient } from './hubspot-client.ts';
import { OBJECT_TYPES } from './object-types.ts';

const properties = {
  token: property.text('Access Token', 'The token of a private app in HubSpot, with the right to read the objects', { required: true, sensitive: true }),
  url: property.text('API URL', 'Where the API is', {
    default: 'https://api.hubapi.com',
    expressions: 'environment',
    validate: apiAddress('https://api.hubapi.com'),
  }),
  searches: property.integer(
    'Search Requests Per Second',
    'How many searches begin in a second: HubSpot allows five for all tools of an account together, and does not say in its answers how many are left',
    {
      default: '4',
      min: 1,
      max: 1000,
    },
  ),
  timeout: property.duration('Request Timeout', 'How long an answer may take', { default: '30 sec' }),
};

function open({ properties: { token, url, searches, timeout } }: ComponentContext<typeof properties>): Promise<HubSpotClient> {
  return HubSpotClient.open({ token, url, searchesPerSecond: searches, timeout });
}

export default defineControllerService({
  description: 'An account of HubSpot. All who use the same token share its rate limits.',
  tags: ['hubspot', 'crm', 'connection'],
  properties,
  provides: [HUBSPOT],
  onEnabled: open,
  onDisabled: (client: HubSpotClient) => client.close(),
  verify: (context) =>
    verifyClient(
      'Read the properties of contacts',
      () => open(context),
      async (client) => {
        const found = await client.properties(OBJECT_TYPES.Contacts, context.signal);
        return `${client.url} lets the token in; contacts have ${found.length} properties.`;
      },
    ),
});
