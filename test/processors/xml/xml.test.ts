import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import EvaluateXPath from '../../../processors/xml/EvaluateXPath.ts';
import EvaluateXQuery from '../../../processors/xml/EvaluateXQuery.ts';
import { Stylesheets } from '../../../processors/xml/stylesheets.ts';
import TransformXml from '../../../processors/xml/TransformXml.ts';
import ValidateXml from '../../../processors/xml/ValidateXml.ts';
import { XmlEngine } from '../../../processors/xml/xml-engine.ts';
import SimpleKeyValueLookupService from '../../../processors/lookup/SimpleKeyValueLookupService.ts';
import { type Output, type Runner, type RunnerOptions, runner, temporaryDirectory } from '../../runner.ts';

const FRUIT = `<?xml version="1.0"?>
<fruits xmlns:ns="urn:fruits"><fruit ns:taste="crisp"><name>apple</name></fruit><fruit><name>banana</name></fruit></fruits>`;
const ENTITIES = '<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><r>&a;</r>';

interface Made {
  readonly out: Readonly<Record<string, Output[]>>;
  readonly reason: string;
}

/** What a processor makes of each content, in one run. */
async function through(definition: unknown, contents: readonly (string | Uint8Array)[], options: RunnerOptions, relationships: readonly string[]): Promise<Made> {
  const run = runner(definition as typeof EvaluateXPath, options) as Runner;
  for (const content of contents) run.enqueue(content, { filename: 'f.xml', xml: String(content) });
  try {
    await run.run(contents.length);
    return { out: Object.fromEntries(relationships.map((name) => [name, run.out(name)])), reason: run.bulletins.map(({ message }) => message).join('\n') };
  } finally {
    await run.close();
  }
}

const xpath = (contents: string | Uint8Array | string[], properties: Record<string, string>) =>
  through(EvaluateXPath, Array.isArray(contents) ? contents : [contents], { properties }, ['matched', 'unmatched', 'failure']);
/** A folder that is there. */
function folderOf(): string {
  const folder = temporaryDirectory();
  mkdirSync(folder, { recursive: true });
  return folder;
}

const attributes = { Destination: 'flowfile-attribute' };

test('EvaluateXPath: nodes and values, into content and attributes', async () => {
  const { out } = await xpath(FRUIT, {
    ...attributes,
    first: '/fruits/fruit/name',
    count: 'count(//fruit)',
    taste: '//@ns:taste',
    none: '//vegetable',
    joined: "string-join(//name, '+')",
  });
  const { first, count, taste, none, joined } = out.matched![0]!.attributes;
  assert.deepEqual([first, count, taste, none, joined], ['apple', '2', 'crisp', '', 'apple+banana']);
  const node = await xpath(FRUIT, { x: '//fruit[2]' });
  assert.equal(node.out.matched![0]!.content.replace(/\s*\n\s*/g, ''), '<?xml version="1.0" encoding="UTF-8"?><fruit xmlns:ns="urn:fruits"><name>banana</name></fruit>');
  assert.equal((await xpath(FRUIT, { x: '//fruit[1]/name/text()' })).out.matched![0]!.content, 'apple');
  assert.equal((await xpath(FRUIT, { x: '//fruit/name', 'Return Type': 'string' })).out.matched![0]!.content, 'apple');
  assert.equal((await xpath(FRUIT, { x: '//vegetable' })).out.unmatched![0]!.content, FRUIT);
  assert.match((await xpath(FRUIT, { x: '//fruit' })).reason, /'x' finds 2 nodes/);
  assert.match((await xpath(FRUIT, { x: 'count(//fruit)' })).reason, /no node: choose the return type string/);
});

test('EvaluateXPath: encodings, and what is no XML', async () => {
  const name = '<r>Zürich</r>';
  const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(name, 'utf16le')]);
  const latin1 = Buffer.from(`<?xml version="1.0" encoding="ISO-8859-1"?>${name}`, 'latin1');
  for (const content of [Buffer.from(name), utf16, Buffer.from(name, 'utf16le'), latin1, Buffer.from(`\ufeff${name}`)]) {
    assert.equal((await xpath(content, { ...attributes, x: '/r' })).out.matched?.[0]?.attributes.x, 'Zürich');
  }
  const broken = ['', 'hello', '<r>', '<r></s>', '<r>&a;</r>', ENTITIES, `<!-- <r> -->${ENTITIES}`, '<r>\u0000</r>'];
  const { out, reason } = await xpath(broken, { ...attributes, x: '/r' });
  assert.deepEqual(
    out.failure!.map(({ content }) => content),
    broken,
  );
  assert.equal(reason.match(/cannot be evaluated: ./g)?.length, broken.length);
  assert.match(reason, /document type declaration.*\n.*document type declaration/);
  assert.equal((await xpath(Buffer.from([0x3c, 0x72, 0x3e, 0xff, 0x3c, 0x2f, 0x72, 0x3e]), { ...attributes, x: '/r' })).out.failure!.length, 1);
  assert.equal((await xpath('<!DOCTYPE r><r>a</r>', { ...attributes, x: '/r', 'Allow DTD': 'true' })).out.matched![0]!.attributes.x, 'a');
  const deep = await xpath(`${'<a>'.repeat(10_000)}b${'</a>'.repeat(10_000)}`, { ...attributes, x: '/a' });
  assert.ok(deep.out.matched![0]?.attributes.x === 'b' || /too deep/.test(deep.reason));
  assert.match((await xpath(ENTITIES, { ...attributes, x: '/r', 'Allow DTD': 'true' })).reason, /unknown entity/);
});

test('expressions that are none keep processors from starting; files cannot be read', async () => {
  await assert.rejects(xpath(FRUIT, { x: '//[' }), /'x' is no XPath expression/);
  await assert.rejects(xpath(FRUIT, { x: '/a', y: '/b' }), /Exactly one XPath expression/);
  assert.match((await xpath(FRUIT, { ...attributes, x: "unparsed-text('file:///etc/hostname')" })).reason, /other documents cannot be read/);
  await assert.rejects(through(EvaluateXQuery, [FRUIT], { properties: { x: 'for $x in' } }, []), /'x' is no XQuery/);
});

test('EvaluateXQuery: results become FlowFiles or attributes', async () => {
  const query = (text: string, properties: Record<string, string> = {}, content = FRUIT) =>
    through(EvaluateXQuery, [content], { properties: { q: text, ...properties } }, ['matched', 'unmatched', 'failure']);
  const each = await query('for $f in //fruit order by $f/name descending return <n>{$f/name/text()}</n>');
  const head = '<?xml version="1.0" encoding="UTF-8"?>';
  assert.deepEqual(
    each.out.matched!.map(({ content }) => content.replace(/\s*\n\s*/g, '')),
    [`${head}<n>banana</n>`, `${head}<n>apple</n>`],
    each.reason,
  );
  assert.equal((await query('<n/>', { 'Output: Omit XML Declaration': 'true' })).out.matched![0]!.content, '<n/>');
  assert.match((await query('<p>a<br/></p>', { 'Output: Method': 'html' })).out.matched![0]!.content, /^<p>a<br><\/p>$/);
  assert.equal((await query('sum((1, 2))')).out.matched![0]!.content, '3');
  assert.equal((await query('//none')).out.unmatched![0]!.content, FRUIT);
  const named = (await query('//name/text()', attributes)).out.matched![0]!.attributes;
  assert.deepEqual([named['q.1'], named['q.2']], ['apple', 'banana']);
  assert.equal((await query('//name', {}, '<r>')).out.failure!.length, 1);
  assert.match((await query("error(xs:QName('x'), 'boom')")).reason, /cannot be evaluated/);
});

const stylesheet = (inner: string) => `<xsl:stylesheet version="3.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">${inner}</xsl:stylesheet>`;
const LIST = stylesheet(
  '<xsl:param name="who" select="0"/><xsl:template match="/"><list for="{$who}"><xsl:for-each select="//name"><xsl:sort order="descending"/><n><xsl:value-of select="upper-case(.)"/></n></xsl:for-each></list></xsl:template>',
);

test('TransformXml: stylesheets from files, properties and look-ups, with parameters', async () => {
  const transform = (properties: Record<string, string>, options: RunnerOptions = {}, contents = [FRUIT]) =>
    through(TransformXml, contents, { ...options, properties }, ['success', 'failure']);
  const file = path.join(folderOf(), 'list.xsl');
  writeFileSync(file, LIST);
  const expected = '<?xml version="1.0" encoding="UTF-8"?><list for="f.xml"><n>BANANA</n><n>APPLE</n></list>';
  const compact = ({ out, reason }: Made) => out.success![0]?.content.replace(/\s*\n\s*/g, '') ?? reason;
  const who = { who: '${filename}' };
  assert.equal(compact(await transform({ 'XSLT File Name': file, ...who })), expected);
  assert.equal(compact(await transform({ 'XSLT File Name': LIST, ...who, Indent: 'false', 'Cache Size': '0' })), expected);
  const lookup = { definition: SimpleKeyValueLookupService as never, properties: { list: LIST } };
  assert.equal(compact(await transform({ 'XSLT Lookup Key': 'list', ...who }, { services: { 'XSLT Lookup': lookup } })), expected);
  assert.match((await transform({ 'XSLT Lookup Key': 'other' }, { services: { 'XSLT Lookup': lookup } })).reason, /no stylesheet under 'other'/);
  const text = stylesheet('<xsl:output method="text"/><xsl:template match="/"><xsl:value-of select="//name" separator=","/></xsl:template>');
  assert.equal((await transform({ 'XSLT File Name': text })).out.success![0]!.content, 'apple,banana');
  assert.match((await runner(TransformXml).validate()).join(), /exactly one of XSLT File Name and XSLT Lookup/);
});

test('TransformXml: what is broken fails, nothing else is read or written, and other FlowFiles go on', async () => {
  const readsFile = stylesheet('<xsl:template match="/"><x><xsl:value-of select="unparsed-text(\'file:///etc/hostname\')"/></x></xsl:template>');
  const table = [
    [readsFile, FRUIT],
    [stylesheet('<xsl:template match="/"><xsl:foo/></xsl:template>'), FRUIT],
    ['<nothing', FRUIT],
    ['/no/such/file', FRUIT],
    [LIST, '<r>'],
    [LIST, ENTITIES],
    [LIST, ''],
  ] as const;
  for (const [sheet, content] of table) {
    const { out, reason } = await through(TransformXml, [content], { properties: { 'XSLT File Name': sheet } }, ['success', 'failure']);
    assert.deepEqual([out.success!.length, out.failure![0]?.content], [0, content], sheet);
    assert.match(reason, /cannot be transformed: .{5}/);
  }
  const endless = stylesheet('<xsl:template match="/" name="t"><xsl:iterate select="1 to 1000000000000"><xsl:if test=". lt 0">x</xsl:if></xsl:iterate></xsl:template>');
  const engine = new XmlEngine(4000);
  const job = { kind: 'xslt', document: '<r/>', parameters: {}, indent: false, mayRead: false } as const;
  await assert.rejects(engine.run({ ...job, stylesheet: endless }), /longer than 4 s|call stack|too deep|memory/);
  assert.match(await engine.run({ ...job, stylesheet: LIST }), /<list/);
  await engine.stop();
});

test('ValidateXml: against a schema with an include, and without one', async () => {
  const folder = folderOf();
  const schema = path.join(folder, 'order.xsd');
  const xs = 'xmlns:xs="http://www.w3.org/2001/XMLSchema"';
  writeFileSync(
    path.join(folder, 'types.xsd'),
    `<xs:schema ${xs}><xs:simpleType name="amount"><xs:restriction base="xs:int"><xs:minInclusive value="1"/></xs:restriction></xs:simpleType></xs:schema>`,
  );
  writeFileSync(
    schema,
    `<xs:schema ${xs}><xs:include schemaLocation="types.xsd"/><xs:element name="order"><xs:complexType><xs:sequence><xs:element name="n" type="amount"/></xs:sequence></xs:complexType></xs:element></xs:schema>`,
  );
  const validate = (contents: string[], properties: Record<string, string>) => through(ValidateXml, contents, { properties }, ['valid', 'invalid']);
  const contents = ['<order><n>1</n></order>', '<order><n>0</n></order>', '<order/>', '<order>', '', ENTITIES];
  const { out } = await validate(contents, { 'Schema File': schema });
  assert.deepEqual(
    out.valid!.map(({ content }) => content),
    contents.slice(0, 1),
  );
  const errors = out.invalid!.map(({ attributes: { 'validatexml.invalid.error': error } }) => error!);
  for (const [index, expected] of [
    /line 1: Element 'n'.*minInclusive|less than the minimum/,
    /Missing child element/,
    /Premature end/,
    /it is empty/,
    /No matching global declaration|entity/i,
  ].entries())
    assert.match(errors[index]!, expected);
  assert.equal((await validate(contents.slice(0, 1), { 'Schema File': schema, 'XML Source Attribute': 'xml' })).out.valid!.length, 1);
  assert.match((await validate(['<a/>'], { 'XML Source Attribute': 'other' })).out.invalid![0]!.attributes['validatexml.invalid.error']!, /no attribute 'other'/);
  const formed = await validate(['<r><a/>ü</r>', '<r>', '<p:r/>', '', 'x'], {});
  assert.deepEqual([formed.out.valid!.length, formed.out.invalid!.length], [1, 4]);
  writeFileSync(path.join(folder, 'broken.xsd'), '<nothing/>');
  await assert.rejects(validate(['<a/>'], { 'Schema File': path.join(folder, 'broken.xsd') }), /Failed to start/);
  assert.match((await runner(ValidateXml, { properties: { 'Schema File': 'http://127.0.0.1/x.xsd' } }).validate()).join(), /not fetched over the network/);
});

test('stylesheets are kept as many and as long as they shall be', async () => {
  const kept = new Stylesheets(2, 1000);
  let reads = 0;
  const get = (place: string, now: number) => kept.get(place, now, async () => `${place} ${++reads}`);
  assert.deepEqual([await get('a', 0), await get('a', 900), await get('a', 1800), await get('a', 3000)], ['a 1', 'a 1', 'a 1', 'a 2']);
  await get('b', 3000);
  await get('c', 3000);
  assert.equal(await get('a', 3000), 'a 5');
});
