import type { ComponentContext, VerificationStep } from '../../server/extension/component.ts';
import { messageOf, PropertyError } from '../../server/extension/errors.ts';
import { apiAddress } from '../../server/extension/json-api.ts';
import { property } from '../../server/extension/property.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { KLAVIYO, KlaviyoError } from './klaviyo.ts';
import { KlaviyoClient } from './klaviyo-client.ts';

const properties = {
  key: property.text('API Key', 'A private API key of the account (Settings > API keys) with the right to read profiles, events and metrics, or to write profiles and lists', {
    required: true,
    sensitive: true,
  }),
  revision: property.text('API Revision', 'The version of the API, which is a date', {
    default: '2026-07-15',
    expressions: 'environment',
    validate: (text: string) => {
      if (!/^\d{4}-\d{2}-\d{2}(\.\w+)?$/.test(text)) throw new PropertyError('it must be a date such as 2026-07-15');
    },
  }),
  url: property.text('API URL', 'Where the API is', { default: 'https://a.klaviyo.com', expressions: 'environment', validate: apiAddress('https://a.klaviyo.com') }),
  timeout: property.duration('Request Timeout', 'How long an answer may take', { default: '1 min' }),
};

type Context = ComponentContext<typeof properties>;

function open({ properties: { key, revision, url, timeout } }: Context): Promise<KlaviyoClient> {
  return KlaviyoClient.open({ key, revision, url, timeout });
}

const PREVIEWED = 5;
const DAY = 86_400_000;

type Told = Pick<VerificationStep, 'explanation' | 'preview'>;

/** What "Test connection" looks at, in this order. A key need not have every right. */
const STEPS: Readonly<Record<string, (client: KlaviyoClient, context: Context) => Promise<Told>>> = {
  'Read the account': async (client, { signal }) => ({ explanation: `${client.url} lets the key in: it belongs to ${await client.account(signal)}.` }),
  'Read metrics': async (client, { signal }) => {
    const found = await client.metrics(signal);
    return { explanation: `The account has ${found.length} metrics.`, preview: found.slice(0, PREVIEWED).map((metric) => ({ ...metric })) };
  },
  'Read profiles': async (client, context) => {
    const { objects } = await client.profiles({ from: 0, to: context.now() + DAY }, [], context.signal);
    const preview = objects.slice(0, PREVIEWED).map(({ id, attributes: { email, updated } }) => ({ id, email, updated }));
    return { explanation: `Profiles can be read; these are the first of them.`, preview };
  },
};

async function stepOf(name: string, ask: () => Promise<Told>): Promise<VerificationStep> {
  try {
    return { name, outcome: 'SUCCESSFUL', ...(await ask()) };
  } catch (thrown) {
    const mayLack = thrown instanceof KlaviyoError && thrown.kind === 'permission';
    return { name, outcome: mayLack ? 'SKIPPED' : 'FAILED', explanation: messageOf(thrown) };
  }
}

async function verify(context: Context): Promise<VerificationStep[]> {
  const client = await open(context);
  const steps: VerificationStep[] = [];
  try {
    for (const [name, ask] of Object.entries(STEPS)) {
      const failed = steps.find(({ outcome }) => outcome === 'FAILED');
      steps.push(failed ? { name, outcome: 'SKIPPED', explanation: `'${failed.name}' failed.` } : await stepOf(name, () => ask(client, context)));
    }
    return steps;
  } finally {
    await client.close();
  }
}

export default defineControllerService({
  description: 'An account of Klaviyo. All who use the same key share its rate limits.',
  tags: ['klaviyo', 'marketing', 'profiles', 'events', 'connection'],
  properties,
  provides: [KLAVIYO],
  onEnabled: open,
  onDisabled: (client: KlaviyoClient) => client.close(),
  verify,
});
