import type { ApiAnswer } from '../../server/extension/json-api.ts';
import { refusalBody, type SecretStore } from '../../server/extension/secret-store.ts';
import { serviceContract } from '../../server/extension/service.ts';

export type KeyValueVersion = 'KV_1' | 'KV_2';

/** A Key/Value engine: where it is mounted, and which of the two protocols it speaks. */
export interface Engine {
  readonly mount: string;
  readonly version: KeyValueVersion;
}

/** A Vault server with somebody logged in. Both throw SecretError. */
export interface Vault {
  /** Paths of all secrets of an engine below a prefix, which may be empty. */
  list(engine: Engine, prefix: string, signal: AbortSignal): Promise<string[]>;
  /** The fields of a secret's newest version; undefined where that was deleted. */
  read(engine: Engine, path: string, signal: AbortSignal): Promise<Readonly<Record<string, unknown>> | undefined>;
}

export const VAULT = serviceContract<Vault>('org.apache.nifi.vault.hashicorp.HashiCorpVaultClientService');

/** Vault answers refusals with a list of texts, `errors` (its HTTP API, "Error response"). */
function reason(answer: ApiAnswer): string | undefined {
  const { errors } = refusalBody(answer);
  return Array.isArray(errors) && errors.length > 0 ? errors.map((each) => String(each).trim()).join('; ') : undefined;
}

/** Vault says 403 to tokens that it does not know, too, and 400 to logins that are refused. */
export const vaultStore = (url: string): SecretStore => ({
  name: `Vault at ${url}`,
  reason,
  causeOf: ({ status, text }) => (status === 403 && /invalid token|bad token|missing client token/.test(text) ? 'authentication' : undefined),
  remedies: {
    authentication: 'Check the token, or the role and its secret, and the namespace in the Vault client service.',
    permission: 'Give the policy of the token the capabilities read and list on this path (with /data/ and /metadata/ after the mount for version 2), or log in anew.',
    missing: 'Check Key/Value Path, Key/Value Version, Secret Path Prefix and the namespace.',
    request: 'Check the authentication method, its path, role and secret, and Key/Value Version.',
    'rate limit': 'Nothing to do but wait, or raise the quota of Vault.',
    server: 'Unseal Vault if it is sealed, and look at its log.',
    connection: 'Check Vault URI, the certificates in SSL Context Service, and the network.',
  },
});
