import { readFileSync } from 'node:fs';
import type { ComponentContext } from '../../server/extension/component.ts';
import { messageOf } from '../../server/extension/errors.ts';
import { GOOGLE_CREDENTIALS } from '../../server/extension/google.ts';
import { property } from '../../server/extension/property.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { GoogleTokens } from './google-tokens.ts';

const properties = {
  usesDefault: property.boolean('Use Application Default Credentials', 'Whether GOOGLE_APPLICATION_CREDENTIALS, the configuration of gcloud or the machine say who we are', {
    default: 'false',
    required: false,
  }),
  usesMachine: property.boolean('Use Compute Engine Credentials', 'Whether the machine says who we are', { default: 'false', required: false }),
  file: property.text('Service Account JSON File', 'The path of the JSON key of a service account'),
  json: property.text('Service Account JSON', 'The JSON key of a service account', { sensitive: true, expressions: 'environment', language: 'json' }),
};
type Values = ComponentContext<typeof properties>['properties'];

function open({ usesDefault, usesMachine, file, json }: Values): GoogleTokens {
  if (json !== undefined || file !== undefined) return GoogleTokens.ofKey(json ?? readFileSync(file!, 'utf8'));
  return usesMachine && !usesDefault ? GoogleTokens.ofMachine() : GoogleTokens.ofEnvironment();
}

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.processors.gcp.credentials.service', bundle: 'nifi-gcp-nar' },
  description: 'Says who components are for Google Cloud: a service account by its key, or what environment and machine offer.',
  tags: ['gcp', 'credentials', 'provider', 'google', 'restricted'],
  restrictions: { 'access-environment-credentials': 'Lets whoever configures it use the credentials of the environment of the server.' },
  provides: [GOOGLE_CREDENTIALS],
  properties,
  validate({ usesDefault, usesMachine, file, json }) {
    const chosen = [usesDefault, usesMachine, file !== undefined, json !== undefined].filter(Boolean).length;
    return chosen === 1 ? [] : ['Exactly one of the default credentials, those of Compute Engine, a key file and a key must be chosen'];
  },
  onEnabled: ({ properties: values }) => open(values),
  async verify({ properties: values }) {
    const name = 'Get an access token';
    try {
      await open(values).token('https://www.googleapis.com/auth/cloud-platform');
      return [{ name, outcome: 'SUCCESSFUL', explanation: 'Google gives a token.' }];
    } catch (thrown) {
      return [{ name, outcome: 'FAILED', explanation: messageOf(thrown) }];
    }
  },
});
