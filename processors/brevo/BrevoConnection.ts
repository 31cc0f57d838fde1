import type { ComponentContext } from '../../server/extension/component.ts';
import { apiAddress } from '../../server/extension/json-api.ts';
import { verifyClient } from '../../server/extension/polite-api.ts';
import { property } from '../../server/extension/property.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { BREVO } from './brevo.ts';
import { BrevoClient } from './brevo-client.ts';

const properties = {
  key: property.text('API Key', 'An API key of the account (Settings > SMTP & API > API Keys)', { required: true, sensitive: true }),
  url: property.text('API URL', 'Where the API is', {
    default: 'https://api.brevo.com/v3',
    expressions: 'environment',
    validate: apiAddress('https://api.brevo.com/v3'),
  }),
  requests: property.integer('Requests Per Second', 'How many requests begin in a second: Brevo allows ten for contacts on every plan', { default: '10', min: 1, max: 1000 }),
  timeout: property.duration('Request Timeout', 'How long an answer may take', { default: '1 min' }),
};

function open({ properties: { key, url, requests, timeout } }: ComponentContext<typeof properties>): Promise<BrevoClient> {
  return BrevoClient.open({ key, url, timeout, requestsPerSecond: requests });
}

export default defineControllerService({
  description: 'An account of Brevo.',
  tags: ['brevo', 'sendinblue', 'contacts', 'connection'],
  properties,
  provides: [BREVO],
  onEnabled: open,
  onDisabled: (client: BrevoClient) => client.close(),
  verify: (context) =>
    verifyClient(
      'Read the contact attributes',
      () => open(context),
      async (client) => {
        const found = await client.attributes(context.signal);
        return `${client.url} lets the key in; contacts have ${found.size} attributes: ${[...found.keys()].slice(0, 20).join(', ')}.`;
      },
    ),
});
