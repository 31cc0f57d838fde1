/** Packets that begin a message which needs no further packaging, by tag: one-pass signature, compressed data, literal data (RFC 9580, 5). */
const ONE_PASS_SIGNATURE = 4;
const COMPRESSED = 8;
const LITERAL = 11;

/** Whether content is an OpenPGP message already, signed for example. Its first packet's header and body must both look like one. */
export function isPackaged(beginning: Uint8Array): boolean {
  const first = beginning[0] ?? 0;
  if ((first & 0x80) === 0) return false;
  const isNew = (first & 0x40) !== 0;
  const tag = isNew ? first & 0x3f : (first >> 2) & 0x0f;
  const body = 1 + (isNew ? newLength(beginning[1] ?? 0) : ([1, 2, 4, 0][first & 3] as number));
  const [a, b] = [beginning[body], beginning[body + 1]];
  if (tag === ONE_PASS_SIGNATURE) return (a === 3 || a === 6) && (b === 0 || b === 1);
  if (tag === COMPRESSED) return a !== undefined && a <= 3;
  return tag === LITERAL && a !== undefined && 'btul1'.includes(String.fromCharCode(a));
}

/** How many octets tell the length of a packet of the new format (RFC 9580, 4.2.1). */
const newLength = (first: number): number => (first === 255 ? 5 : first >= 192 && first < 224 ? 2 : 1);
