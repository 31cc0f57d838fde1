import { choices } from '../../server/extension/choices.ts';
import { property } from '../../server/extension/property.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { RESTRICTED_SSL_CONTEXT_SERVICE, SSL_CONTEXT, SSL_CONTEXT_SERVICE } from '../../server/extension/ssl-context.ts';
import { openStores, storeProblems, stores } from './store-ssl-context.ts';

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.ssl', bundle: 'nifi-ssl-context-service-nar' },
  description: 'Keys and trusted certificates in PKCS12 stores for TLS 1.2 and 1.3.',
  tags: ['tls', 'ssl', 'secure', 'certificate', 'keystore', 'truststore', 'jks', 'p12', 'pkcs', 'pkcs12'],
  provides: [SSL_CONTEXT, SSL_CONTEXT_SERVICE, RESTRICTED_SSL_CONTEXT_SERVICE],
  properties: {
    ...stores,
    protocol: property.choice('TLS Protocol', 'Which versions are spoken; TLS means 1.2 and 1.3', choices('TLS', 'TLSv1.3', 'TLSv1.2'), { default: 'TLS', required: false }),
  },
  validate: (values) => storeProblems(values),
  onEnabled: ({ properties: values }) => openStores(values),
});
