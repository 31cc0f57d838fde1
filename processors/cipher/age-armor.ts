/** ASCII armor of age (C2SP, age.md), piece by piece: a strict PEM with lines of 64 characters. The library has it for whole files only. */
const BEGIN = '-----BEGIN AGE ENCRYPTED FILE-----';
const END = '-----END AGE ENCRYPTED FILE-----';
/** Bytes in a line. */
const LINE = 48;

export async function* armored(content: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  yield `${BEGIN}\n`;
  let rest: Buffer = Buffer.alloc(0);
  const lines = (bytes: Buffer): string => bytes.toString('base64').replace(/.{1,64}/g, '$&\n');
  for await (const piece of content) {
    const bytes = Buffer.concat([rest, piece]);
    const whole = bytes.length - (bytes.length % LINE);
    yield lines(bytes.subarray(0, whole));
    rest = bytes.subarray(whole);
  }
  yield `${lines(rest)}${END}\n`;
}

/** Throws an Error where the text is not such armor. */
export async function* unarmored(content: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const lines = new ArmorLines();
  for await (const piece of content) yield* lines.read(Buffer.from(piece).toString('latin1'));
  yield* lines.end();
}

class ArmorLines {
  #rest = '';
  #state: 'before' | 'inside' | 'last line' | 'after' = 'before';

  *read(text: string): Generator<Buffer> {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop()!;
    if (this.#rest.length > 4096) throw new Error('its armor is broken: a line is too long');
    const bytes = lines.map((line) => this.#line(line.replace(/\r$/, ''))).filter((each) => each !== undefined);
    if (bytes.length > 0) yield Buffer.concat(bytes);
  }

  *end(): Generator<Buffer> {
    yield* this.read('\n');
    if (this.#state !== 'after') throw new Error('its armor is broken: it has no end');
  }

  #line(line: string): Buffer | undefined {
    if (this.#state === 'before' || this.#state === 'after') {
      if (line === BEGIN && this.#state === 'before') this.#state = 'inside';
      else if (line.trim() !== '') throw new Error(this.#state === 'before' ? 'it is no file of age' : 'its armor is broken: something follows on its end');
      return undefined;
    }
    if (line === END) {
      this.#state = 'after';
      return undefined;
    }
    const isWhole = line.length === 64 && !line.endsWith('=');
    if (this.#state === 'last line' || !/^[A-Za-z0-9+/]+={0,2}$/.test(line) || line.length > 64 || line.length % 4 !== 0)
      throw new Error('its armor is broken: a line is not as it must be');
    if (!isWhole) this.#state = 'last line';
    return Buffer.from(line, 'base64');
  }
}
