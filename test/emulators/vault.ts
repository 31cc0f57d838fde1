import { randomUUID } from 'node:crypto';
import { Emulator, type Received, type Reply } from './emulator.ts';

interface Token {
  readonly seconds: number;
  readonly renewable: boolean;
  readonly policies: readonly string[];
}

/** A secret as an engine of version 1 has it, or the newest version of one; null for a version that was deleted. */
type Secret = Readonly<Record<string, unknown>> | null;

/**
 * HashiCorp Vault's HTTP API as its documentation has it ("HTTP API", "KV secrets engine v1/v2", "AppRole", "Kubernetes", "Tokens"):
 * two engines (`kv` of version 1, `secret` of version 2), logins, tokens that end and are renewed, namespaces.
 */
export class VaultEmulator {
  readonly secrets = { kv: new Map<string, Secret>(), secret: new Map<string, Secret>() };
  readonly tokens = new Map<string, Token>([['root', { seconds: 0, renewable: false, policies: ['root'] }]]);
  readonly roles = new Map([['role-1', { secretId: 'secret-1' }]]);
  /** Tokens of service accounts that Kubernetes would accept. */
  readonly podTokens = new Map([['pod-token', 'millrace']]);
  /** How long tokens of logins are good for, seconds. */
  leaseSeconds = 3600;
  /** Paths that tokens may not read. */
  readonly forbidden = new Set<string>();
  isSealed = false;
  namespace = '';
  #emulator!: Emulator;

  static async start(): Promise<VaultEmulator> {
    const vault = new VaultEmulator();
    vault.#emulator = await Emulator.start((request) => vault.#answer(request));
    return vault;
  }

  get url(): string {
    return this.#emulator.url;
  }

  get received(): readonly Received[] {
    return this.#emulator.received;
  }

  /** See Emulator.fail. */
  fail(...fault: Parameters<Emulator['fail']>): void {
    this.#emulator.fail(...fault);
  }

  stop(): Promise<void> {
    return this.#emulator.stop();
  }

  #answer(request: Received): Reply {
    if (this.isSealed) return errors(503, 'Vault is sealed');
    if ((request.headers['x-vault-namespace'] ?? '') !== this.namespace) return errors(404);
    const login = this.#login(request);
    if (login) return login;
    const text = String(request.headers['x-vault-token'] ?? '');
    const token = this.tokens.get(text);
    if (!token) return errors(403, 'permission denied', 'invalid token');
    return request.path.startsWith('/v1/auth/token/') ? this.#self(request.path, text, token) : this.#engine(request);
  }

  #login({ path, body }: Received): Reply | undefined {
    const fields = body as Record<string, string>;
    if (path === '/v1/auth/approle/login') {
      const role = this.roles.get(fields.role_id!);
      return role && role.secretId === fields.secret_id ? this.#grant() : errors(400, 'invalid role or secret ID');
    }
    if (path !== '/v1/auth/kubernetes/login') return undefined;
    return this.podTokens.get(fields.jwt!) === fields.role ? this.#grant() : errors(403, 'permission denied');
  }

  #grant(): Reply {
    const token = `hvs.${randomUUID()}`;
    this.tokens.set(token, { seconds: this.leaseSeconds, renewable: true, policies: ['shop'] });
    return { status: 200, body: { request_id: randomUUID(), auth: { client_token: token, policies: ['shop'], lease_duration: this.leaseSeconds, renewable: true } } };
  }

  #self(path: string, text: string, token: Token): Reply {
    if (path.endsWith('/lookup-self')) return { status: 200, body: { data: { id: text, ttl: token.seconds, renewable: token.renewable, policies: token.policies } } };
    if (path.endsWith('/renew-self'))
      return token.renewable ? { status: 200, body: { auth: { client_token: text, lease_duration: token.seconds, renewable: true } } } : errors(400, 'lease is not renewable');
    this.tokens.delete(text);
    return { status: 204 };
  }

  #engine({ path, query }: Received): Reply {
    const [, , mount, ...rest] = path.split('/').map(decodeURIComponent);
    const isSecond = mount === 'secret';
    const [kind, ...names] = isSecond ? rest : ['', ...rest];
    const secrets = mount === 'kv' || mount === 'secret' ? this.secrets[mount] : undefined;
    const name = names.join('/');
    if (!secrets) return errors(404, `no handler for route "${mount}"`);
    if (this.forbidden.has(name)) return errors(403, '1 error occurred:\n\t* permission denied\n\n');
    if (query.get('list') === 'true' && (!isSecond || kind === 'metadata')) return list([...secrets.keys()], name === '' ? '' : `${name}/`);
    const secret = secrets.get(name);
    if (secret === undefined || (isSecond && kind !== 'data')) return errors(404);
    if (!isSecond) return { status: 200, body: { data: secret, lease_duration: 2_764_800, renewable: false } };
    return { status: secret ? 200 : 404, body: { data: { data: secret, metadata: { version: 2, deletion_time: secret ? '' : '2026-01-01T00:00:00Z', destroyed: false } } } };
  }
}

function list(paths: readonly string[], prefix: string): Reply {
  const below = paths.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
  const keys = [...new Set(below.map((path) => path.replace(/\/.*$/, '/')))].sort();
  return keys.length === 0 ? errors(404) : { status: 200, body: { data: { keys } } };
}

function errors(status: number, ...texts: string[]): Reply {
  return { status, body: { errors: texts } };
}
