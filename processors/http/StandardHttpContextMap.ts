import { HTTP_CONTEXT_MAP } from '../../server/extension/http-context.ts';
import { property } from '../../server/extension/property.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { WaitingRequests } from './waiting-requests.ts';

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.http', bundle: 'nifi-http-context-map-nar' },
  description: 'Keeps the requests that HandleHttpRequest has received until HandleHttpResponse answers them.',
  tags: ['request', 'response', 'http'],
  provides: [HTTP_CONTEXT_MAP],
  properties: {
    maximum: property.integer('Maximum Outstanding Requests', 'How many requests may wait; others are answered with 503', { default: '5000', min: 1 }),
    expiration: property.duration('Request Expiration', 'How long a request waits until it is answered with 503', { default: '1 min' }),
  },
  onEnabled: ({ properties: { maximum, expiration } }) => new WaitingRequests(maximum, expiration),
  onDisabled: (requests) => (requests as WaitingRequests).close(),
});
