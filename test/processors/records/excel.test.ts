import assert from 'node:assert/strict';
import { readdir, readlink } from 'node:fs/promises';
import { test } from 'node:test';
import { ZipFile } from 'yazl';
import ExcelReader from '../../../processors/records/ExcelReader.ts';
import { serialDate } from '../../../processors/records/xlsx-rows.ts';
import { isDateFormat } from '../../../processors/records/xlsx-workbook.ts';
import { contentOf, convert, jsonWriter, type Properties, reasonOf, service } from './record-services.ts';

type Parts = Readonly<Record<string, string | Buffer>>;

async function zip(parts: Parts): Promise<Buffer> {
  const archive = new ZipFile();
  for (const [name, content] of Object.entries(parts)) archive.addBuffer(Buffer.from(content), name);
  archive.end();
  const pieces: Buffer[] = [];
  for await (const piece of archive.outputStream) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

/** Styles 1 to 3 are a day, a moment of one's own format, and money. */
const STYLES = `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="[$-409]d\\-mmm\\-yy h:mm AM/PM;@"/><numFmt numFmtId="165" formatCode="&quot;days&quot; 0.00"/></numFmts>
  <cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>`;

function parts(sheets: Readonly<Record<string, string>>, more: Parts = {}): Parts {
  const names = Object.keys(sheets);
  return {
    'xl/workbook.xml': `<x:workbook xmlns:x="u" xmlns:r="v"><x:sheets>${names.map((name, i) => `<x:sheet name="${name}" sheetId="${i + 1}" r:id="rId${i}"/>`).join('')}</x:sheets></x:workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships>${names
      .map((_, i) => `<Relationship Id="rId${i}" Type="http://x/relationships/worksheet" Target="${i % 2 === 0 ? `worksheets/s${i}.xml` : `/xl/worksheets/s${i}.xml`}"/>`)
      .join('')}</Relationships>`,
    'xl/styles.xml': STYLES,
    ...Object.fromEntries(Object.values(sheets).map((rows, i) => [`xl/worksheets/s${i}.xml`, `<worksheet><sheetData>${rows}</sheetData></worksheet>`])),
    ...more,
  };
}

const text = (value: string, at = ''): string => `<c ${at && `r="${at}"`} t="inlineStr"><is><t>${value}</t></is></c>`;
const number = (value: number | string, style = 0): string => `<c s="${style}"><v>${value}</v></c>`;
const row = (...cells: string[]): string => `<row>${cells.join('')}</row>`;

const reading = (content: Buffer, properties: Properties = {}, writer: Properties = {}) => convert(content, service(ExcelReader, properties), jsonWriter(writer));
const read = async (content: Parts, properties: Properties = {}, writer: Properties = {}): Promise<unknown> =>
  JSON.parse(contentOf(await reading(await zip(content), properties, writer)).toString());
const failure = async (content: Buffer, properties: Properties = {}): Promise<string> => reasonOf(await reading(content, properties));

const ISO = { 'Date Format': 'yyyy-MM-dd', 'Timestamp Format': "yyyy-MM-dd'T'HH:mm:ss", 'Time Format': 'HH:mm:ss' };

test('a row names the columns; cells of all types', async () => {
  const shared = '<sst><si><t>Ada</t></si><si><r><t xml:space="preserve">Grace </t></r><r><t>Hopper</t></r><rPh><t>left out</t></rPh></si></sst>';
  const sheet = [
    row(text('id'), text('name'), text('total'), text('day'), text('at'), text('time'), text('on'), text('id'), '<c/>', text('calc')),
    `<row r="2"><c r="A2"><v>1</v></c><c r="B2" t="s"><v>0</v></c><c r="C2" s="3"><v>1.5</v></c><c r="D2" s="1"><v>45000</v></c><c r="E2" s="2"><v>45000.5</v></c>
     <c r="F2" s="2"><v>0.25</v></c><c r="G2" t="b"><v>1</v></c><c r="J2"><f>A2*2</f><v>2</v></c></row>`,
    `<row r="4"><c r="B4" t="s"><v>1</v></c><c r="C4" s="3"><v>2</v></c><c r="H4" t="str"><f>x</f><v>y</v></c><c r="I4" t="e"><v>#DIV/0!</v></c></row>`,
  ].join('');
  assert.deepEqual(await read(parts({ One: sheet }, { 'xl/sharedStrings.xml': shared }), {}, { ...ISO, 'Suppress Null Values': 'suppress-missing' }), [
    { id: 1, name: 'Ada', total: 1.5, day: '2023-03-15', at: '2023-03-15T12:00:00', time: '06:00:00', on: true, calc: 2 },
    { name: 'Grace Hopper', total: 2, id_1: 'y', column_8: '#DIV/0!' },
  ]);
});

test('sheets by name, starting row, and fields called after their places', async () => {
  const book = parts({ 'A &amp; B': row(text('x')) + row(text('n')) + row(number(1)), two: row(text('t')) + row(text('n')) + row(number(2)) });
  assert.deepEqual(await read(book, { 'Starting Row': '2' }), [{ n: 1 }, { n: 2 }]);
  assert.deepEqual(await read(book, { 'Starting Row': '2', 'Required Sheets': 'two' }), [{ n: 2 }]);
  assert.deepEqual(await read(book, { 'Starting Row': '3', 'Schema Access Strategy': 'infer-schema', 'Required Sheets': 'two,A & B' }), [{ column_0: 2 }, { column_0: 1 }]);
  const schema = { 'Schema Access Strategy': 'schema-text-property', 'Schema Text': '{"type":"record","name":"r","fields":[{"name":"v","type":"string"}]}' };
  assert.deepEqual(await read(book, { ...schema, 'Required Sheets': 'two' }), [{ v: 't' }, { v: 'n' }, { v: '2' }]);
  assert.match(await failure(await zip(book), { 'Required Sheets': 'two,Three' }), /does not have: Three\. It has A & B, two/);
  assert.match(await failure(await zip(book), { 'Starting Row': '${gone}' }), /Starting Row: '' is not the number of a row/);
});

test('ten rows tell the types, or all', async () => {
  const book = parts({ s: row(text('v')) + row(number(1)).repeat(10) + row(text('late')) });
  assert.match(await failure(await zip(book)), /Row 12 of sheet 's' has 'late' in the column 'v', which is no LONG/);
  assert.equal(((await read(book, { 'Row Evaluation Strategy': 'ALL' })) as unknown[]).length, 11);
  const wide = parts({ s: row(text('v')) + row(number(1), number(2)) });
  assert.match(await failure(await zip(wide)), /Row 2 of sheet 's' has 2 cells, but the header names 1 columns/);
});

test('days and formats as Excel has them', () => {
  assert.deepEqual(
    [serialDate(1, false), serialDate(59, false), serialDate(61, false), serialDate(0, true)],
    ['1900-01-01T00:00:00', '1900-02-28T00:00:00', '1900-03-01T00:00:00', '1904-01-01T00:00:00'],
  );
  for (const code of ['yyyy-mm-dd', 'm/d/yy h:mm', '[h]:mm:ss', 'mm:ss.0', '[$-F800]dddd, mmmm dd, yyyy', 'hh:mm AM/PM', 'yyyy"年"m"月"d"日"']) assert.ok(isDateFormat(code), code);
  for (const code of ['General', '0.00', '#,##0 "days"', '0.00E+00', '@', '[Red]0', '_-* #,##0.00_-']) assert.ok(!isDateFormat(code), code);
});

test('a long sheet is read as it comes', async () => {
  const rows = Array.from({ length: 40_000 }, (_, i) => row(number(i), text(`name ${i} ${(i * 7919) % 10_007}`))).join('');
  const records = (await read(parts({ s: row(text('id'), text('name')) + rows }))) as { id: number }[];
  assert.deepEqual([records.length, records.at(-1)!.id], [40_000, 39_999]);
});

test('what is no workbook, or an attack, fails with the reason', async () => {
  const good = await zip(parts({ s: row(text('a')) + row(number(1)) }));
  const bad = (rows: string, more: Parts = {}): Promise<Buffer> => zip(parts({ s: row(text('a')) + rows }, more));
  for (const [content, reason] of [
    [Buffer.alloc(0), /not an XLSX workbook/],
    [Buffer.from('a,b\n1,2\n'), /not an XLSX workbook/],
    [good.subarray(0, good.length - 40), /not an XLSX workbook/],
    [Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), good]), /protected by a password, or an XLS workbook/],
    [await zip({ 'other.txt': 'x' }), /no part 'xl\/workbook.xml'/],
    [await zip({ ...parts({ s: '' }), 'xl/worksheets/s0.xml': '<worksheet><sheetData><row><c><v>1' }), /not an XLSX workbook/],
    [await zip({ ...parts({ s: '' }), 'xl/worksheets/s0.xml': Buffer.from('<worksheet>Zo\u00eb</worksheet>', 'latin1') }), /not an XLSX workbook/],
    [await bad(`<row>${'<a>'.repeat(10_000)}`), /nested more than 1000 deep/],
    [await bad(row('<c t="s"><v>5</v></c>')), /Row 2 of sheet 's' refers to the shared text 5/],
    [await bad(row('<c><v>many</v></c>')), /Row 2 of sheet 's' has a cell '0' with 'many'/],
    [await bad('<row r="2"><c r="ZZZZ1"><v>1</v></c></row>'), /has a cell at 'ZZZZ1', where none can be/],
    [await bad('<row r="99999999"/>'), /has the number '99999999'/],
    [await bad(`<row><c t="inlineStr"><is><t>${'a'.repeat(4 * 1024 ** 2)}</t></is></c></row>`), /zip bomb/],
    [await bad(row(text('&bomb;'))), /not an XLSX workbook/],
    [await zip(parts({ s: '' })), /no rows from Starting Row on/],
  ] as const)
    assert.match(await failure(content), reason);
});

test('no file stays open, whether a workbook is read or not', { skip: process.platform !== 'linux' }, async () => {
  const left = async (): Promise<string[]> => {
    const links = await Promise.all((await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')));
    return links.filter((link) => link.includes('millrace-xlsx-'));
  };
  const good = await zip(parts({ s: row(text('a')) + row(number(1)) }));
  const before = await left();
  for (const content of [good, Buffer.from('x'), good.subarray(0, 300), await zip({ a: 'x' }), await zip(parts({ s: row(text('a')) + row('<c><v>x</v></c>') }))])
    await reading(content);
  assert.deepEqual(await left(), before);
});

test('formats that cannot be read are refused before anything runs', async () => {
  for (const [properties, reason] of [
    [{ 'Input File Type': 'XLS' }, /Input File Type 'XLS' is not supported by this runtime: choose XLSX/],
    [{ 'Protection Type': 'PASSWORD', Password: 'x' }, /Protection Type 'PASSWORD' is not supported by this runtime: choose UNPROTECTED/],
  ] as const)
    await assert.rejects(reading(Buffer.from('x'), properties as Properties), reason);
});
