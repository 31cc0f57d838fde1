/** The components of a hierarchical URI; absent ones are left out. */
export interface UriParts {
  readonly scheme?: string;
  readonly userInfo?: string;
  readonly host?: string;
  readonly port: string;
  readonly path?: string;
  readonly query?: string;
  readonly fragment?: string;
}

const UNRESERVED = "A-Za-z0-9_\\-.!~*'()";
const USER_INFO = illegalBut(`${UNRESERVED};:&=+$,`);
const PATH = illegalBut(`${UNRESERVED}:@&=+$,;\\/`);
const URIC = illegalBut(`${UNRESERVED};\\/?:@&=+$,\\[\\]`);

/** What java.net.URI would quote: all ASCII but these, and control characters and spaces of other scripts; other letters stay. */
function illegalBut(legal: string): RegExp {
  return new RegExp(`[^${legal}\\u00a1-\\u{10ffff}]|[\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]`, 'gu');
}

function quote(text: string, illegal: RegExp): string {
  return text.replace(illegal, (c) => [...Buffer.from(c)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''));
}

/** Puts a URI together as the constructor of java.net.URI with seven parts does, quoting what is illegal (Guide, "getUri"). Throws an Error. */
export function buildUri({ scheme, userInfo, host, port, path, query, fragment }: UriParts): string {
  if (!/^[-+]?\d+$/.test(port)) throw new Error(`getUri: the port '${port}' is not a number`);
  if (scheme !== undefined && !/^[A-Za-z][A-Za-z0-9+.-]*$/.test(scheme)) throw new Error(`getUri: '${scheme}' is not a scheme`);
  if (scheme !== undefined && path && !path.startsWith('/')) throw new Error(`getUri: the path '${path}' must begin with a slash`);
  if (host !== undefined && /[\s/?#@]/.test(host)) throw new Error(`getUri: '${host}' is not a host`);
  let uri = scheme === undefined ? '' : `${scheme}:`;
  if (host !== undefined) uri += `//${userInfo === undefined ? '' : `${quote(userInfo, USER_INFO)}@`}${bracketed(host)}${Number(port) < 0 ? '' : `:${Number(port)}`}`;
  else if (userInfo !== undefined || Number(port) >= 0) throw new Error('getUri: a user or a port needs a host');
  if (path !== undefined) uri += quote(path, PATH);
  if (query !== undefined) uri += `?${quote(query, URIC)}`;
  return fragment === undefined ? uri : `${uri}#${quote(fragment, URIC)}`;
}

/** An IPv6 address needs brackets. */
function bracketed(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}
