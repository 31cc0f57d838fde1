import { ProcessError } from '../../server/extension/errors.ts';
import { boundedAll } from '../../server/extension/java/regex-guard.ts';
import { encode } from '../../server/extension/character-set.ts';
import { LineCutter } from './line-cutter.ts';

/** Changes a line, or a whole text; `lineBreak` is empty at the end of a text. */
export type Change = (text: string, lineBreak: string) => string;

export type LineChoice = 'All' | 'First-Line' | 'Last-Line' | 'Except-First-Line' | 'Except-Last-Line';

const LINE = /^([^\r\n]*)([\r\n]*)$/;

/** Changes a text line by line, piece by piece. The last line is held back until it is known to be the last. */
export class LineReplacer {
  readonly #change: Change;
  readonly #choice: LineChoice;
  readonly #maxLength: number;
  readonly #harmless: number;
  readonly #cutter = new LineCutter();
  #held: string | undefined;
  #count = 0;

  /** `harmless`: how long texts may be that the change needs no watching, see regex-guard.ts. */
  constructor(change: Change, choice: LineChoice, maxLength: number, harmless: number) {
    this.#change = change;
    this.#choice = choice;
    this.#maxLength = maxLength;
    this.#harmless = harmless;
  }

  /** The next piece of the text; returns what is ready. Throws ProcessError where a line is too long. */
  take(piece: string): string {
    const lines = this.#cutter.take(piece);
    const ready = boundedAll(piece.length, this.#harmless, () => lines.reduce((text, line) => text + this.#next(line), ''));
    this.#check(this.#cutter.pending);
    return ready;
  }

  end(): string {
    const ready = this.#cutter.end().reduce((text, line) => text + this.#next(line), '');
    return ready + (this.#held === undefined ? '' : this.#changed(this.#held, true));
  }

  #next(line: string): string {
    this.#check(line.length);
    const ready = this.#held === undefined ? '' : this.#changed(this.#held, false);
    this.#held = line;
    return ready;
  }

  #changed(line: string, isLast: boolean): string {
    const isFirst = this.#count++ === 0;
    if (!isChosen(this.#choice, isFirst, isLast)) return line;
    const [, body, lineBreak] = LINE.exec(line)!;
    return this.#change(body!, lineBreak!);
  }

  #check(length: number): void {
    if (length > this.#maxLength) throw new ProcessError(`it has a line longer than the ${this.#maxLength} bytes of Maximum Buffer Size`);
  }
}

function isChosen(choice: LineChoice, isFirst: boolean, isLast: boolean): boolean {
  switch (choice) {
    case 'All':
      return true;
    case 'First-Line':
      return isFirst;
    case 'Last-Line':
      return isLast;
    case 'Except-First-Line':
      return !isFirst;
    case 'Except-Last-Line':
      return !isLast;
  }
}

/** A stream of text, changed on its way. */
export async function* changedPieces(content: AsyncIterable<Uint8Array>, characterSet: string, lines: LineReplacer): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder(characterSet.trim());
  for await (const chunk of content) yield encode(lines.take(decoder.decode(chunk, { stream: true })), characterSet);
  yield encode(lines.take(decoder.decode()) + lines.end(), characterSet);
}
