import type { KeyObject } from 'node:crypto';
import { serviceContract } from './service.ts';

/** Hands out one private key (NiFi's PrivateKeyService). */
export interface PrivateKeyService {
  readonly privateKey: KeyObject;
}

export const PRIVATE_KEY_SERVICE = serviceContract<PrivateKeyService>('org.apache.nifi.key.service.api.PrivateKeyService');
