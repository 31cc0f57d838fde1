import { PropertyError } from '../errors.ts';

/** The text of a JSON path and how far it was read. */
export class PathText {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  starts(text: string): boolean {
    return this.#text.startsWith(text, this.#at);
  }

  skip(text: string): boolean {
    if (!this.starts(text)) return false;
    this.#at += text.length;
    return true;
  }

  /** `pattern` must be sticky. */
  match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found) this.#at = pattern.lastIndex;
    return found;
  }

  space(): void {
    this.match(/\s*/y);
  }

  /** A text in single or double quotes. */
  quoted(): string | undefined {
    const found = this.match(/'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/sy);
    return found ? (found[1] ?? found[2])!.replace(/\\(.)/gs, '$1') : undefined;
  }

  wrong(): PropertyError {
    const where = this.isAtEnd ? 'it ends too early' : `'${this.#text.slice(this.#at, this.#at + 12)}' at position ${this.#at} is not understood`;
    return new PropertyError(`'${this.#text}' is not a JSON path: ${where}`);
  }
}
