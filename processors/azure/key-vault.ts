import type { AzureCredentials } from '../../server/extension/azure.ts';
import { JsonApi } from '../../server/extension/json-api.ts';
import { askStore, refusalBody, type SecretStore } from '../../server/extension/secret-store.ts';

/** A secret as the list has it, without its value. */
export interface ListedSecret {
  readonly name: string;
  readonly group: string | undefined;
}

interface SecretItem {
  /** `https://VAULT/secrets/NAME`. */
  readonly id: string;
  readonly attributes?: { readonly enabled?: boolean };
  readonly tags?: Readonly<Record<string, string>>;
}

const VERSION = 'api-version=7.4';
const TIMEOUT = 30_000;
const CONNECTIONS = 8;
const TAG = 'group-name';

const store = (url: string): SecretStore => ({
  name: `Key Vault ${url}`,
  reason: (answer) => (refusalBody(answer).error as { message?: string } | undefined)?.message,
  remedies: {
    authentication: 'Check the Azure Credentials Service, and that the vault belongs to the same tenant.',
    permission: 'Give the identity the role Key Vault Secrets User (or the permissions Get and List for secrets), and let the firewall of the vault admit this machine.',
    missing: 'Check Key Vault URI; the secret may have been deleted.',
    request: 'Check Key Vault URI.',
    'rate limit': 'Fetch less often: a vault answers 4000 requests in ten seconds.',
    server: "Look at Azure's status page.",
    connection: 'Check Key Vault URI and the network.',
  },
});

/** Tokens are for the cloud's Key Vault as a whole: `https://vault.azure.net`, and another host in each sovereign cloud. */
export function resourceOf(url: string): string {
  const [cloud] = /vault\.(azure\.net|azure\.cn|usgovcloudapi\.net|microsoftazure\.de)$/.exec(new URL(url).hostname) ?? [];
  return `https://${cloud ?? 'vault.azure.net'}`;
}

/** Azure Key Vault's REST API, version 7.4: secrets only. */
export class KeyVault {
  readonly #api: JsonApi;
  readonly #credentials: AzureCredentials;

  private constructor(api: JsonApi, credentials: AzureCredentials) {
    this.#api = api;
    this.#credentials = credentials;
  }

  static async open(url: string, credentials: AzureCredentials): Promise<KeyVault> {
    return new KeyVault(await JsonApi.open({ url, headers: {}, timeout: TIMEOUT, connections: CONNECTIONS }), credentials);
  }

  close(): Promise<void> {
    return this.#api.close();
  }

  /** Secrets that are enabled. */
  async list(signal: AbortSignal): Promise<ListedSecret[]> {
    const found: ListedSecret[] = [];
    for (let path: string | undefined = `/secrets?${VERSION}&maxresults=25`; path !== undefined; ) {
      const page: { value: SecretItem[]; nextLink?: string | null } = await this.#get(path, 'list of secrets', signal);
      for (const { id, attributes, tags } of page.value) if (attributes?.enabled !== false) found.push({ name: id.split('/')[4]!, group: tags?.[TAG] });
      // The token goes to the vault only: of the link nothing counts but path and query.
      const next = page.nextLink ? new URL(page.nextLink) : undefined;
      path = next && next.pathname + next.search;
    }
    return found;
  }

  async read(secret: string, signal: AbortSignal): Promise<string> {
    return (await this.#get<{ value: string }>(`/secrets/${encodeURIComponent(secret)}?${VERSION}`, `secret ${secret}`, signal)).value;
  }

  async #get<T>(path: string, what: string, signal: AbortSignal): Promise<T> {
    const headers = { authorization: `Bearer ${await this.#credentials.token(resourceOf(this.#api.url), signal)}` };
    return askStore<T>(store(this.#api.url), this.#api, { method: 'GET', path, headers }, what, signal);
  }
}
