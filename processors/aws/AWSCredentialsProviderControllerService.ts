import { AWS_CREDENTIALS } from '../../server/extension/aws.ts';
import { AWS_REGIONS } from '../../server/extension/aws-regions.ts';
import { ACCESS_TOKEN_PROVIDER, PROXY_CONFIGURATION } from '../../server/extension/http-services.ts';
import { property } from '../../server/extension/property.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { SSL_CONTEXT } from '../../server/extension/ssl-context.ts';
import { credentialsFrom, credentialProblems } from './credential-sources.ts';

const REGIONS = Object.fromEntries(Object.entries(AWS_REGIONS).filter(([code]) => !code.endsWith('-global')));
const WITH_ROLE = { 'Assume Role ARN': [] };

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.processors.aws.credentials.provider.service', bundle: 'nifi-aws-nar' },
  description:
    'Says who components are for Amazon Web Services, and for what speaks as they do: a pair of keys, a file, a profile, or, where nothing is set, what environment and machine offer. A role may be assumed with it.',
  tags: ['aws', 'credentials', 'provider', 'restricted'],
  restrictions: { 'access-environment-credentials': 'Lets whoever configures it use the credentials of the environment of the server.' },
  provides: [AWS_CREDENTIALS],
  properties: {
    usesDefault: property.boolean('Use Default Credentials', 'Whether environment variables, the default profile or the machine say who we are', {
      default: 'false',
      required: false,
    }),
    accessKey: property.text('Access Key ID', 'The first of a pair of keys', { sensitive: true, expressions: 'environment' }),
    secretKey: property.text('Secret Access Key', 'The second of a pair of keys', { sensitive: true, expressions: 'environment' }),
    file: property.text('Credentials File', 'A file of this machine with lines accessKey=... and secretKey=...'),
    profile: property.text('Profile Name', 'A profile of ~/.aws/credentials', { expressions: 'environment' }),
    isAnonymous: property.boolean('Use Anonymous Credentials', 'Whether requests are sent without a signature', { default: 'false', required: false }),
    role: property.text('Assume Role ARN', 'A role that is assumed with these credentials'),
    session: property.text('Assume Role Session Name', 'What its sessions are called', { required: true, dependsOn: WITH_ROLE }),
    sessionTime: property.text('Assume Role Session Time', 'How long they last: 900 to 3600 seconds', { default: '3600', required: false, dependsOn: WITH_ROLE }),
    externalId: property.text('Assume Role External ID', 'What the other account wants to hear', { dependsOn: WITH_ROLE }),
    ssl: property.service('Assume Role SSL Context Service', 'Keys and trusted certificates for assuming it', SSL_CONTEXT, { dependsOn: WITH_ROLE }),
    proxy: property.service('Assume Role Proxy Configuration Service', 'The proxy for assuming it', PROXY_CONFIGURATION, { dependsOn: WITH_ROLE }),
    region: property.choice('Assume Role STS Region', 'The region of the service at which it is assumed', REGIONS, { default: 'us-west-2', required: false, dependsOn: WITH_ROLE }),
    endpoint: property.text('Assume Role STS Endpoint Override', 'Another server at which it is assumed, such as sts.cn-north-1.amazonaws.com.cn', { dependsOn: WITH_ROLE }),
    tokens: property.service('OAuth2 Access Token Provider', 'Who we are is said by its tokens, with which the role is assumed (web identity)', ACCESS_TOKEN_PROVIDER, {
      dependsOn: WITH_ROLE,
    }),
  },
  validate: credentialProblems,
  onEnabled: credentialsFrom,
});
