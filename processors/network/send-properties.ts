import { property } from '../../server/extension/property.ts';

/** Properties that senders share. */
export const sending = {
  host: property.text('Hostname', 'Where to send to', { default: 'localhost', expressions: 'environment' }),
  port: property.integer('Port', 'The port there', { required: true, expressions: 'environment', min: 1, max: 65535 }),
  idleExpiration: property.duration('Idle Connection Expiration', 'How long a connection is kept without use; 0 for ever', { default: '15 seconds', expressions: 'environment' }),
  timeout: property.duration('Timeout', 'How long to wait for a connection, and for the other side to take more', {
    default: '10 seconds',
    required: false,
    expressions: 'environment',
  }),
};

export const sendBuffer = property.dataSize('Max Size of Socket Send Buffer', 'How many bytes the system keeps for us; for TCP the system decides', { default: '1 MB' });
