/** Names of attributes that expressions of some properties read, with empty values to be filled in. */
export function referencedAttributes(texts: Iterable<string | null>): Record<string, string> {
  const names = [...texts].flatMap((text) =>
    [...(text ?? '').matchAll(/(?<!\$)\$\{\s*(?:"([^"]+)"|'([^']+)'|([^\s:}('"]+))\s*[:}]/g)].map((match) => match[1] ?? match[2] ?? match[3]!),
  );
  return Object.fromEntries(names.map((name) => [name, '']));
}
