import type { Line } from './text-lines.ts';

export interface SplitRules {
  /** Lines a split; 0 for no limit. */
  readonly lines: number;
  /** Bytes a split, its header included. */
  readonly maxSize: number;
  readonly headerLines: number;
  /** Lines at the beginning that start with it are the header. */
  readonly headerMarker: string | undefined;
  readonly trimsEnd: boolean;
}

/** A part of some text, by its bytes. */
export interface TextSplit {
  readonly start: number;
  readonly length: number;
  readonly lineCount: number;
}

/** Gathers lines into splits. Only places are kept, no text. */
export class SplitPlan {
  readonly #rules: SplitRules;
  readonly splits: TextSplit[] = [];
  headerLength = 0;
  /** Without the line breaks at its end. */
  headerTrimmed = 0;
  #headerLines = 0;
  #inHeader: boolean;
  #start = 0;
  #length = 0;
  /** Of the present split, without the line breaks at its end. */
  #trimmed = 0;
  #lineCount = 0;

  constructor(rules: SplitRules) {
    this.#rules = rules;
    this.#inHeader = rules.headerLines > 0 || rules.headerMarker !== undefined;
  }

  /** The next line; `marked` where it begins as header lines do. */
  add(line: Line, marked: boolean): void {
    if (this.#inHeader && this.#isHeader(line, marked)) return;
    const { lines, maxSize } = this.#rules;
    const isFull = this.#lineCount > 0 && ((lines > 0 && this.#lineCount >= lines) || this.headerLength + this.#length + line.length > maxSize);
    if (isFull) this.#cut();
    if (this.#lineCount === 0) this.#start = line.start;
    this.#lineCount++;
    this.#length += line.length;
    if (line.length > line.breakLength) this.#trimmed = this.#length - line.breakLength;
  }

  /** After the last line. Throws an Error where there is no whole header. */
  end(): void {
    const { headerLines, headerMarker, maxSize } = this.#rules;
    if (headerMarker === undefined && this.#headerLines < headerLines) throw new Error(`it has ${this.#headerLines} lines, fewer than the ${headerLines} of the header`);
    if (this.headerLength > maxSize) throw new Error(`its header has ${this.headerLength} bytes, more than the ${maxSize} of Maximum Fragment Size`);
    if (this.#lineCount > 0) this.#cut();
    // A FlowFile that is nothing but header is one split.
    else if (this.splits.length === 0 && this.headerLength > 0) this.splits.push({ start: this.headerLength, length: 0, lineCount: 0 });
  }

  #isHeader(line: Line, marked: boolean): boolean {
    const { headerLines, headerMarker } = this.#rules;
    this.#inHeader = headerMarker === undefined ? this.#headerLines < headerLines : marked;
    if (!this.#inHeader) return false;
    this.#headerLines++;
    this.headerLength += line.length;
    if (line.length > line.breakLength) this.headerTrimmed = this.headerLength - line.breakLength;
    return true;
  }

  #cut(): void {
    const length = this.#rules.trimsEnd ? this.#trimmed : this.#length;
    if (length > 0 || this.headerLength > 0) this.splits.push({ start: this.#start, length, lineCount: this.#lineCount });
    this.#length = 0;
    this.#trimmed = 0;
    this.#lineCount = 0;
  }
}
