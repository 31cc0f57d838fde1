import { ProcessError } from '../../server/extension/errors.ts';
import { type DataType, TYPES } from '../../server/extension/record-schema.ts';
import type { Attributes, XmlHandler } from './xlsx-xml.ts';

/** Excel's own limits: columns up to XFD, rows up to 2 to the 20th. */
const MAX_COLUMNS = 16_384;
const MAX_ROW = 1_048_576;
/** A row of more characters is most likely none. */
const MAX_ROW_TEXT = 64 * 1024 ** 2;
const DAY = 86_400_000;

/** A cell's value: text, number or truth, or a date as ISO 8601 text; and the type that it shows. */
export interface Cell {
  readonly value: string | number | boolean;
  /** Undefined where the cell says nothing about the type: text, and errors. */
  readonly type: DataType | undefined;
}

/** A row of a sheet, counted from 1; cells without a value are left out. */
export interface Row {
  readonly sheet: string;
  readonly number: number;
  readonly cells: readonly (Cell | undefined)[];
}

/** What cells refer to. */
export interface CellContext {
  readonly texts: readonly string[];
  readonly isDate: readonly boolean[];
  readonly is1904: boolean;
}

/** Days since Excel's beginning as ISO 8601 text. Excel takes 1900 for a leap year, so that days before March 1900 are one less. */
export function serialDate(serial: number, is1904: boolean): string {
  const days = is1904 ? serial - 24_107 : serial < 61 ? serial - 25_568 : serial - 25_569;
  return new Date(Math.round(days * DAY)).toISOString().replace(/\.000Z$|Z$/, '');
}

/** Days alone are dates, parts of a day alone times of day. */
const dateType = (serial: number): DataType => (Number.isInteger(serial) ? TYPES.date : serial < 1 ? TYPES.time : TYPES.timestamp);

/** The column of a reference such as AB12, counted from 0; -1 where it is none. */
function columnOf(reference: string): number {
  let column = 0;
  for (const char of reference) {
    const code = char.charCodeAt(0);
    if (code < 65 || code > 90) break;
    column = column * 26 + code - 64;
  }
  return column - 1;
}

/** Gathers the rows of a worksheet. */
export class RowGatherer implements XmlHandler {
  readonly finished: Row[] = [];
  readonly #sheet: string;
  readonly #context: CellContext;
  #number = 0;
  #cells: (Cell | undefined)[] = [];
  #column = -1;
  #cell: Attributes = {};
  #hasFormula = false;
  #text = '';
  #isText = false;
  #hasText = false;
  #phonetic = 0;
  #length = 0;

  constructor(sheet: string, context: CellContext) {
    this.#sheet = sheet;
    this.#context = context;
  }

  open(name: string, attributes: Attributes): void {
    if (name === 'row') this.#beginRow(attributes);
    else if (name === 'c') this.#beginCell(attributes);
    else if (name === 'f') this.#hasFormula = true;
    else if (name === 'rPh') this.#phonetic++;
    this.#isText = name === 'v' || (name === 't' && this.#phonetic === 0);
    this.#hasText ||= this.#isText;
  }

  close(name: string): void {
    this.#isText = false;
    if (name === 'rPh') this.#phonetic--;
    else if (name === 'row') this.finished.push({ sheet: this.#sheet, number: this.#number, cells: this.#cells });
    else if (name === 'c' && this.#hasText) this.#cells[this.#column] = this.#value();
  }

  text(text: string): void {
    if (!this.#isText) return;
    this.#text += text;
    this.#length += text.length;
    if (this.#length > MAX_ROW_TEXT) throw this.#broken(`has more than ${MAX_ROW_TEXT} characters`);
  }

  #beginRow({ r }: Attributes): void {
    this.#number = r === undefined ? this.#number + 1 : Number(r);
    if (!(this.#number >= 1 && this.#number <= MAX_ROW)) throw this.#broken(`has the number '${r ?? this.#number}'`);
    this.#cells = [];
    this.#column = -1;
    this.#length = 0;
  }

  #beginCell(attributes: Attributes): void {
    this.#column = attributes.r === undefined ? this.#column + 1 : columnOf(attributes.r);
    if (this.#column < 0 || this.#column >= MAX_COLUMNS) throw this.#broken(`has a cell at '${attributes.r ?? this.#column}', where none can be`);
    this.#cell = attributes;
    this.#hasFormula = false;
    this.#hasText = false;
    this.#text = '';
  }

  #value(): Cell | undefined {
    const text = this.#text;
    const { t = 'n', s } = this.#cell;
    if (t === 's') return { value: this.#shared(text), type: undefined };
    if (t === 'str' || t === 'inlineStr' || t === 'e') return { value: text, type: undefined };
    if (t === 'b') return { value: text === '1' || text === 'true', type: TYPES.boolean };
    if (text === '') return undefined;
    if (t === 'd') return { value: text.replace(/Z$/, ''), type: TYPES.timestamp };
    const number = Number(text);
    if (t !== 'n' || !Number.isFinite(number)) throw this.#broken(`has a cell '${this.#cell.r ?? this.#column}' with '${text.slice(0, 100)}', which is no value of type '${t}'`);
    return this.#context.isDate[Number(s ?? 0)] && Math.abs(number) < 2_958_466 ? this.#date(number) : { value: number, type: this.#numberType(number) };
  }

  #date(serial: number): Cell {
    return { value: serialDate(serial, this.#context.is1904), type: dateType(serial) };
  }

  #numberType(number: number): DataType {
    return Number.isSafeInteger(number) && !this.#hasFormula ? TYPES.long : TYPES.double;
  }

  #shared(index: string): string {
    const text = this.#context.texts[Number(index)];
    if (text === undefined) throw this.#broken(`refers to the shared text ${index.slice(0, 20)}, which the workbook does not have`);
    return text;
  }

  #broken(what: string): ProcessError {
    return new ProcessError(`Row ${this.#number} of sheet '${this.#sheet}' ${what}.`);
  }
}
