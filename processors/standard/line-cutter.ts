const BREAK = /\r\n|\n|\r/g;

/**
 * Cuts text that comes piece by piece into lines, each with its line break (LF, CR LF or CR). Every character is looked at once:
 * a pattern for whole lines would look at a line without end again from each of its characters.
 */
export class LineCutter {
  #parts: string[] = [];
  #pending = 0;
  #endsWithCr = false;

  /** How many characters the line has that has not ended yet. */
  get pending(): number {
    return this.#pending;
  }

  /** The lines that are whole with this piece. What a final CR belongs to is known with the next piece. */
  take(piece: string): string[] {
    if (piece === '') return [];
    const text = this.#endsWithCr ? `\r${piece}` : piece;
    this.#endsWithCr = text.endsWith('\r');
    const sure = this.#endsWithCr ? text.slice(0, -1) : text;
    const lines: string[] = [];
    let from = 0;
    for (const found of sure.matchAll(BREAK)) {
      const end = found.index + found[0].length;
      lines.push(this.#line(sure.slice(from, end)));
      from = end;
    }
    if (from < sure.length) this.#parts.push(sure.slice(from));
    this.#pending += sure.length - from;
    return lines;
  }

  /** The last line, where the text does not end with a line break that was cut already. */
  end(): string[] {
    const last = this.#line(this.#endsWithCr ? '\r' : '');
    this.#endsWithCr = false;
    return last === '' ? [] : [last];
  }

  #line(end: string): string {
    const line = this.#parts.length === 0 ? end : this.#parts.join('') + end;
    this.#parts = [];
    this.#pending = 0;
    return line;
  }
}
