import type { GoogleCredentials } from '../../server/extension/google.ts';
import { JsonApi } from '../../server/extension/json-api.ts';
import { askStore, refusalBody, type SecretStore } from '../../server/extension/secret-store.ts';

/** A secret as the list has it: its short name, and the labels that somebody gave it. */
export interface ListedSecret {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
}

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
const TIMEOUT = 30_000;
const CONNECTIONS = 8;

const store = (project: string): SecretStore => ({
  name: `Google Secret Manager of the project ${project}`,
  reason: (answer) => (refusalBody(answer).error as { message?: string } | undefined)?.message,
  remedies: {
    authentication: 'Check the GCP Credentials Provider Service.',
    permission: 'Give the account the roles Secret Manager Secret Accessor and Secret Manager Viewer, and enable the API Secret Manager in the project.',
    missing: 'Check Project ID, and that the secret has an enabled version.',
    request: 'Check that the newest version of the secret is enabled.',
    'rate limit': 'Fetch less often, or ask Google for a higher quota.',
    server: "Look at Google Cloud's status page.",
    connection: 'Check the network, and Endpoint Override URL.',
  },
});

/** Google Secret Manager's REST API, version 1, in one project. */
export class SecretManager {
  readonly #api: JsonApi;
  readonly #project: string;
  readonly #credentials: GoogleCredentials;

  private constructor(api: JsonApi, project: string, credentials: GoogleCredentials) {
    this.#api = api;
    this.#project = project;
    this.#credentials = credentials;
  }

  static async open(url: string, project: string, credentials: GoogleCredentials): Promise<SecretManager> {
    return new SecretManager(await JsonApi.open({ url, headers: {}, timeout: TIMEOUT, connections: CONNECTIONS }), project, credentials);
  }

  close(): Promise<void> {
    return this.#api.close();
  }

  async list(signal: AbortSignal): Promise<ListedSecret[]> {
    const found: ListedSecret[] = [];
    let pageToken: string | undefined;
    do {
      const query = new URLSearchParams({ pageSize: '250', ...(pageToken ? { pageToken } : {}) });
      const page = await this.#get<{ secrets?: ListedSecret[]; nextPageToken?: string }>(`/secrets?${query}`, 'list of secrets', signal);
      found.push(...(page.secrets ?? []).map(({ name, labels }) => ({ name: name.slice(name.lastIndexOf('/') + 1), ...(labels ? { labels } : {}) })));
      pageToken = page.nextPageToken;
    } while (pageToken);
    return found;
  }

  /** The newest version's payload, as text. */
  async read(secret: string, signal: AbortSignal): Promise<string> {
    const { payload } = await this.#get<{ payload: { data: string } }>(`/secrets/${encodeURIComponent(secret)}/versions/latest:access`, `secret ${secret}`, signal);
    return Buffer.from(payload.data, 'base64').toString('utf8');
  }

  async #get<T>(path: string, what: string, signal: AbortSignal): Promise<T> {
    const headers = { authorization: `Bearer ${await this.#credentials.token(SCOPE)}` };
    return askStore<T>(store(this.#project), this.#api, { method: 'GET', path: `/v1/projects/${encodeURIComponent(this.#project)}${path}`, headers }, what, signal);
  }
}
