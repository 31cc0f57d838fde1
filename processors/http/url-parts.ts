/** What of a URL each request needs. */
export interface UrlParts {
  readonly href: string;
  readonly origin: string;
  /** With its query. */
  readonly path: string;
}

const known = new WeakMap<URL, UrlParts>();

/** The parts of a URL that is not changed any more; each is put together once. */
export function addressOf(url: URL): UrlParts {
  let parts = known.get(url);
  if (!parts) known.set(url, (parts = { href: url.href, origin: url.origin, path: url.pathname + url.search }));
  return parts;
}
