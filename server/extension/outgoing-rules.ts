import { BlockList, isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { addRange, contains, isPublic, meaningsOf } from './ip-address.ts';

/** How the setting is called, in messages. */
export const ALLOW_OUTGOING = '--allow-outgoing (MILLRACE_ALLOW_OUTGOING)';

interface Rule {
  /** 0 for any. */
  readonly port: number;
  /** Whether the rule is about a name. */
  readonly name?: (host: string) => boolean;
  /** The addresses that it is about. */
  readonly addresses?: BlockList;
}

const normal = (host: string): string => (isIP(host) ? host : domainToASCII(host.replace(/\.$/, '')) || host).toLowerCase();

/**
 * Which hosts the process may connect to. A name (`api.example.com`, `*.example.com`, `*`) admits public addresses only, whatever it resolves to; private,
 * loopback and link-local addresses must be named themselves (`10.0.0.0/8`, `[::1]`), so that nobody gets there by a name of theirs. Each may
 * end in a port; `unix:/path` is a socket of this machine. An empty list admits nothing.
 */
export class OutgoingRules {
  readonly texts: readonly string[];
  readonly #rules: readonly Rule[];
  readonly #sockets: ReadonlySet<string>;

  /** Throws a RangeError that names the entry which makes no sense. */
  constructor(texts: readonly string[]) {
    this.texts = texts;
    this.#sockets = new Set(texts.filter((text) => text.startsWith('unix:')).map((text) => text.slice('unix:'.length)));
    this.#rules = texts.filter((text) => !text.startsWith('unix:')).map(ruleOf);
  }

  /** A list with commas or spaces between. `none` is a list with nothing in it. */
  static parse(text: string): OutgoingRules {
    return new OutgoingRules(text.split(/[\s,]+/).filter((entry) => entry !== '' && entry !== 'none'));
  }

  /** Why a socket of this machine may not be used; undefined where it may. */
  socketProblem(path: string): string | undefined {
    return this.#sockets.has(path) ? undefined : `Connections to the socket ${path} are not allowed here. Whoever runs the server can allow unix:${path} by ${ALLOW_OUTGOING}.`;
  }

  /** Why this name may not even be asked for; undefined where that depends on its address, or it may. Port 0 stands for any. */
  nameProblem(host: string, port: number): string | undefined {
    const may = this.#rules.some((rule) => fits(rule, port) && (rule.addresses !== undefined || rule.name!(normal(host))));
    return may ? undefined : refusal(host, port);
  }

  /** Why one may not connect to this address, which `host` has resolved to, or is; undefined where one may. */
  addressProblem(host: string, address: string, port: number): string | undefined {
    const rules = this.#rules.filter((rule) => fits(rule, port));
    const meanings = meaningsOf(address);
    if (rules.some(({ addresses }) => addresses && meanings.some((meaning) => contains(addresses, meaning)))) return undefined;
    if (!rules.some(({ name }) => name?.(normal(host)))) return refusal(host, port);
    if (isPublic(address)) return undefined;
    const is = host === address ? `${address} is not a public address` : `${host} has the address ${address}, which is not public`;
    return `${is}: connections to it are not allowed here. Whoever runs the server can allow ${address} by ${ALLOW_OUTGOING}.`;
  }
}

function refusal(host: string, port: number): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return `Connections to ${name}:${port} are not allowed here. Whoever runs the server can allow ${name} by ${ALLOW_OUTGOING}.`;
}

function fits({ port: only }: Rule, port: number): boolean {
  return only === 0 || port === 0 || only === port;
}

function ruleOf(text: string): Rule {
  const [, bracketed, plain = '', digits] = /^(?:\[([^\]]+)\]|([^:]+|[\da-f:./%]*:[\da-f:./]*:[\da-f:./]*))(?::(\d+))?$/i.exec(text) ?? [];
  const [host, port] = [bracketed ?? plain, Number(digits ?? 0)];
  if (port > 65_535 || host === '') throw new RangeError(`${text} is not a host, a pattern such as *.example.com, an address or a range of addresses`);
  if (isIP(host.split('/')[0]!)) {
    const addresses = new BlockList();
    addRange(addresses, host);
    return { port, addresses };
  }
  return { port, name: matcher(host, text) };
}

function matcher(host: string, text: string): (host: string) => boolean {
  if (host === '*') return () => true;
  const suffix = host.startsWith('*.') ? host.slice(1) : undefined;
  const rest = normal(suffix === undefined ? host : suffix.slice(1));
  if (!/^[a-z\d_-]+(\.[a-z\d_-]+)*$/.test(rest)) throw new RangeError(`${text} is not a host, a pattern such as *.example.com, an address or a range of addresses`);
  return suffix === undefined ? (name) => name === rest : (name) => name.endsWith(`.${rest}`);
}
