import path from 'node:path';
import { ProcessError } from '../../server/extension/errors.ts';
import { notWorkbook, XlsxArchive } from './xlsx-archive.ts';
import { type CellContext, type Row, RowGatherer } from './xlsx-rows.ts';
import { type Attributes, readXml, type XmlHandler, xmlPieces } from './xlsx-xml.ts';

/** The texts that cells share are kept in memory: so many characters at most. */
const MAX_SHARED = 64 * 1024 ** 2;
const MAX_SHEETS = 10_000;

interface SheetName {
  readonly name: string;
  readonly id: string;
}

const ignore = (): void => undefined;
/** Calls for the opening of elements only. */
const onOpen = (open: XmlHandler['open']): XmlHandler => ({ open, close: ignore, text: ignore });

/** Formats that are dates by their number (ECMA-376 part 1, 18.8.30). */
const isDateNumber = (id: number): boolean => (id >= 14 && id <= 22) || (id >= 45 && id <= 47);

/** Whether a format shows dates or times: nothing but their letters and separators are left when texts, colours and fillers are taken out. */
export function isDateFormat(code: string): boolean {
  const [section = ''] = code.split(';');
  if (/^\[(?:h+|m+|s+)\]/i.test(section)) return true;
  const bare = section.replace(/"[^"]*"|\\.|_.|\*.|\[[^\]]*\]/g, '').replace(/AM\/PM|A\/P/gi, '');
  return /[ymdhs]/i.test(bare) && /^[ymdhs\-T/年月日,. :]+0*$/i.test(bare);
}

/** Texts with all their runs, without what only says how they are pronounced. */
class SharedTexts implements XmlHandler {
  readonly texts: string[] = [];
  #text = '';
  #isText = false;
  #phonetic = 0;
  #length = 0;

  open(name: string): void {
    if (name === 'si') this.#text = '';
    else if (name === 'rPh') this.#phonetic++;
    this.#isText = name === 't' && this.#phonetic === 0;
  }

  close(name: string): void {
    this.#isText = false;
    if (name === 'rPh') this.#phonetic--;
    if (name !== 'si') return;
    // What V8 makes of pieces of a larger text would keep that text alive.
    this.texts.push(Buffer.from(this.#text).toString());
    this.#length += this.#text.length + 16;
    if (this.#length > MAX_SHARED) throw new ProcessError(`The workbook's shared texts have more than ${MAX_SHARED} characters, which must be in memory.`);
  }

  text(text: string): void {
    if (this.#isText) this.#text += text;
  }
}

/** A workbook whose rows can be read, sheet by sheet. */
export class XlsxWorkbook {
  readonly #archive: XlsxArchive;
  readonly #sheets: readonly { readonly name: string; readonly part: string }[];
  readonly #context: CellContext;

  private constructor(archive: XlsxArchive, sheets: readonly { readonly name: string; readonly part: string }[], context: CellContext) {
    this.#archive = archive;
    this.#sheets = sheets;
    this.#context = context;
  }

  /** Throws ProcessError where it is none. */
  static async open(content: AsyncIterable<Uint8Array>): Promise<XlsxWorkbook> {
    const archive = await XlsxArchive.open(content);
    try {
      const { names, is1904 } = await workbookOf(archive);
      const targets = await targetsOf(archive);
      const sheets = names.flatMap(({ name, id }) => {
        const part = targets.get(id);
        return part === undefined ? [] : [{ name, part }];
      });
      return new XlsxWorkbook(archive, sheets, { texts: await sharedTexts(archive), isDate: await dateStyles(archive), is1904 });
    } catch (thrown) {
      archive.close();
      throw notWorkbook(thrown);
    }
  }

  close(): void {
    this.#archive.close();
  }

  /** The names to read: those that are asked for, or all. Throws ProcessError where one is missing. */
  sheetNames(wanted: readonly string[]): string[] {
    const known = this.#sheets.map(({ name }) => name);
    const missing = wanted.filter((name) => !known.includes(name));
    if (missing.length > 0)
      throw new ProcessError(`Required Sheets names sheets that the workbook does not have: ${missing.join(', ')}. It has ${known.join(', ').slice(0, 500)}.`);
    return wanted.length > 0 ? [...wanted] : known;
  }

  /** The rows of a sheet, in batches. Throws ProcessError. */
  async *rows(sheet: string): AsyncGenerator<Row[]> {
    const { part } = this.#sheets.find(({ name }) => name === sheet)!;
    const gatherer = new RowGatherer(sheet, this.#context);
    try {
      for await (const _ of xmlPieces(await this.#archive.stream(part), gatherer)) if (gatherer.finished.length > 0) yield gatherer.finished.splice(0);
    } catch (thrown) {
      throw notWorkbook(thrown);
    }
  }
}

async function workbookOf(archive: XlsxArchive): Promise<{ names: SheetName[]; is1904: boolean }> {
  const names: SheetName[] = [];
  let is1904 = false;
  const read = (name: string, attributes: Attributes): void => {
    if (name === 'workbookPr') is1904 = ['1', 'true'].includes(attributes.date1904 ?? '');
    if (name !== 'sheet') return;
    const id = Object.entries(attributes).find(([key]) => key.endsWith(':id'))?.[1];
    names.push({ name: attributes.name ?? '', id: id ?? '' });
    if (names.length > MAX_SHEETS) throw new ProcessError(`The workbook has more than ${MAX_SHEETS} sheets.`);
  };
  await readXml(await archive.stream('xl/workbook.xml'), onOpen(read));
  return { names, is1904 };
}

/** Which part each relationship of the workbook means; those of worksheets only. */
async function targetsOf(archive: XlsxArchive): Promise<ReadonlyMap<string, string>> {
  const targets = new Map<string, string>();
  const read = (name: string, { Id = '', Type = '', Target = '' }: Attributes): void => {
    if (name === 'Relationship' && Type.endsWith('/worksheet')) targets.set(Id, path.posix.join(Target.startsWith('/') ? '' : 'xl', Target).replace(/^\/+/, ''));
  };
  await readXml(await archive.stream('xl/_rels/workbook.xml.rels'), onOpen(read));
  return targets;
}

async function sharedTexts(archive: XlsxArchive): Promise<readonly string[]> {
  const shared = new SharedTexts();
  if (archive.has('xl/sharedStrings.xml')) await readXml(await archive.stream('xl/sharedStrings.xml'), shared);
  return shared.texts;
}

/** For each style of cells, whether its numbers are dates. */
async function dateStyles(archive: XlsxArchive): Promise<readonly boolean[]> {
  const dates = new Map<number, boolean>();
  const styles: boolean[] = [];
  let isCells = false;
  const handler: XmlHandler = {
    text: ignore,
    open(name, attributes) {
      if (name === 'numFmt') dates.set(Number(attributes.numFmtId), isDateFormat(attributes.formatCode ?? ''));
      else if (name === 'cellXfs') isCells = true;
      else if (name === 'xf' && isCells) styles.push(dates.get(Number(attributes.numFmtId)) ?? isDateNumber(Number(attributes.numFmtId)));
    },
    close(name) {
      if (name === 'cellXfs') isCells = false;
    },
  };
  if (archive.has('xl/styles.xml')) await readXml(await archive.stream('xl/styles.xml'), handler);
  return styles;
}
