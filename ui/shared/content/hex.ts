export interface HexLine {
  readonly offset: string;
  readonly hex: string;
  readonly text: string;
}

const WIDTH = 16;

const printable = (byte: number): string => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·');

/** Bytes as a hex dump: sixteen a line, with a gap in the middle. */
export function hexLines(bytes: Uint8Array, most: number): HexLine[] {
  const lines: HexLine[] = [];
  for (let at = 0; at < Math.min(bytes.length, most); at += WIDTH) {
    const slice = [...bytes.subarray(at, Math.min(at + WIDTH, most))];
    const pairs = slice.map((byte) => byte.toString(16).padStart(2, '0'));
    lines.push({ offset: at.toString(16).padStart(8, '0'), hex: `${pairs.slice(0, 8).join(' ')}  ${pairs.slice(8).join(' ')}`.trimEnd(), text: slice.map(printable).join('') });
  }
  return lines;
}
