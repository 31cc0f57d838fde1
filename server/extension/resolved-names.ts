import dns, { type LookupAddress } from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';

/** So many addresses are remembered. */
const MOST = 2000;

const names = new Map<string, string>();

/** The name that has resolved to an address, where somebody asked for it. */
export function nameOf(address: string): string | undefined {
  return names.get(address);
}

type Callback = (error: Error | null, found?: string | readonly (string | LookupAddress)[], ...rest: unknown[]) => void;
type Resolve = (this: unknown, host: string, ...rest: unknown[]) => unknown;

/**
 * From now on it is remembered to which addresses names resolve that `isOfInterest`: some clients (of SQL Server, of mail servers) resolve names
 * themselves, and then connect to an address.
 */
export function rememberNames(isOfInterest: (host: string) => boolean): void {
  const remember = (host: string, found: unknown): void => {
    if (typeof host === 'string' && isOfInterest(host))
      for (const each of [found].flat()) keep(typeof each === 'string' ? each : (each as LookupAddress | undefined)?.address, host);
  };
  dns.lookup = wrapped(dns.lookup as never, remember) as never;
  for (const owner of [dns, dns.Resolver.prototype] as unknown as Record<string, Resolve>[])
    for (const method of ['resolve4', 'resolve6']) owner[method] = wrapped(owner[method]!, remember);
  const { lookup } = dns.promises;
  dns.promises.lookup = (async (host: string, ...rest: []) => {
    const found = await lookup(host, ...rest);
    remember(host, found);
    return found;
  }) as never;
  syncBuiltinESMExports();
}

function keep(address: string | undefined, host: string): void {
  if (address === undefined) return;
  names.delete(address);
  names.set(address, host);
  if (names.size > MOST) names.delete(names.keys().next().value!);
}

/** The same with its callback told of what was found. */
function wrapped(resolve: Resolve, remember: (host: string, found: unknown) => void): Resolve {
  return function noted(this: unknown, host, ...rest) {
    const done = rest.at(-1) as Callback;
    if (typeof done !== 'function') return resolve.call(this, host, ...rest);
    const noting: Callback = (error, found, ...more) => {
      if (!error) remember(host, found);
      done(error, found, ...more);
    };
    return resolve.call(this, host, ...rest.slice(0, -1), noting);
  };
}
