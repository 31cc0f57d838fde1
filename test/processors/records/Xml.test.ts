import assert from 'node:assert/strict';
import { test } from 'node:test';
import XMLReader from '../../../processors/records/XMLReader.ts';
import XMLRecordSetWriter from '../../../processors/records/XMLRecordSetWriter.ts';
import { contentOf, convert, jsonReader, jsonWriter, type Properties, reasonOf, service } from './record-services.ts';

const ARRAY = { 'Expect Records as Array': 'true' };

async function read(xml: string | Uint8Array, properties: Properties = {}, writer: Properties = {}, attributes: Properties = {}): Promise<string> {
  return contentOf(await convert(xml, service(XMLReader, properties), jsonWriter({ 'Suppress Null Values': 'suppress-missing', ...writer }), attributes)).toString();
}
async function write(json: string, properties: Properties = {}, reader: Properties = {}): Promise<string> {
  return contentOf(await convert(json, jsonReader(reader), service(XMLRecordSetWriter, { 'Name of Record Tag': 'r', ...properties }))).toString();
}
const schema = (fields: unknown[]): Properties => ({ 'Schema Access Strategy': 'schema-text-property', 'Schema Text': JSON.stringify({ type: 'record', name: 'person', fields }) });

test('types follow from all values, and no digit is lost', async () => {
  const xml = `<?xml version="1.0"?><people><p><id>1</id><name>Ada &amp; Co</name><zip>01234</zip><big>12345678901234567890</big><on>true</on><r>1.5</r></p>
    <p><id>9007199254740993</id><name><![CDATA[<b>]]></name><zip>99999</zip><big>1</big><on>FALSE</on><r/></p></people>`;
  assert.equal(
    await read(xml, ARRAY),
    '[{"id":1,"name":"Ada & Co","zip":"01234","big":12345678901234567890,"on":true,"r":1.5},{"id":9007199254740993,"name":"<b>","zip":"99999","big":1,"on":false}]',
  );
});

test('attributes, their prefix, and the text beside them', async () => {
  const xml = '<p id="7" xmlns:x="urn:x"><x:note lang="en">hi <i>there</i></x:note></p>';
  assert.equal(await read(xml), '[{"id":7,"note":{"lang":"en","i":"there"}}]');
  assert.equal(await read(xml, { 'Attribute Prefix': 'a_', 'Field Name for Content': 'text' }), '[{"a_id":7,"note":{"a_lang":"en","i":"there","text":"hi"}}]');
  assert.equal(await read(xml, { 'Parse XML Attributes': 'false' }), '[{"note":{"i":"there"}}]');
});

test('what is repeated in one record is a list in all', async () => {
  const xml = '<a><r><t>1</t><t>2</t><o><n>x</n></o></r><r><t>3</t><o><n>y</n></o><o><n>z</n></o></r></a>';
  assert.equal(await read(xml, ARRAY), '[{"t":[1,2],"o":[{"n":"x"}]},{"t":[3],"o":[{"n":"y"},{"n":"z"}]}]');
});

test('a schema says what elements are; what it does not name is left out', async () => {
  const fields = [
    { name: 'id', type: 'string' },
    { name: 'day', type: ['null', { type: 'int', logicalType: 'date' }] },
    { name: 'tags', type: { type: 'array', items: 'string' } },
    { name: 'more', type: { type: 'map', values: 'int' } },
    {
      name: 'field',
      type: {
        type: 'record',
        name: 'f',
        fields: [
          { name: 'attr', type: 'int' },
          { name: 'content', type: 'string' },
        ],
      },
    },
  ];
  const xml = '<person id="007"><day>2026-02-03</day><tags>one</tags><other>1</other><more><a>1</a><b>2</b></more><field attr="5">text</field></person>';
  const properties = { ...schema(fields), 'Field Name for Content': 'content', 'Date Format': 'yyyy-MM-dd' };
  assert.equal(
    await read(xml, properties, { 'Date Format': 'yyyy-MM-dd' }),
    '[{"id":"007","day":"2026-02-03","tags":["one"],"more":{"a":1,"b":2},"field":{"attr":5,"content":"text"}}]',
  );
  const run = await convert('<person><more><a>many</a></more></person>', service(XMLReader, schema(fields)), jsonWriter());
  assert.match(reasonOf(run), /'many' of field 'more' cannot be converted to INT/);
});

test('whether there is a wrapper may depend on the FlowFile', async () => {
  const properties = { 'Expect Records as Array': '${xml.stream.is.array}' };
  assert.equal(await read('<a><b>1</b></a>', properties, {}, { 'xml.stream.is.array': 'false' }), '[{"b":1}]');
  assert.equal(await read('<w><a><b>1</b></a></w>', properties, {}, { 'xml.stream.is.array': 'true' }), '[{"b":1}]');
  assert.notEqual(reasonOf(await convert('<a/>', service(XMLReader, properties), jsonWriter())), 'it did not fail');
});

test('character sets are those that the XML says', async () => {
  assert.equal(await read(Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a><b>é</b></a>', 'latin1')), '[{"b":"é"}]');
  assert.equal(await read(Buffer.from('\ufeff<a><b>é</b></a>', 'utf16le')), '[{"b":"é"}]');
});

test('what is no XML, or an attack, fails with the reason', async () => {
  const entities = Array.from({ length: 30 }, (_, i) => `<!ENTITY e${i + 1} "&e${i};&e${i};">`).join('');
  for (const [xml, reason] of [
    ['', /not XML/],
    ['<a><b></a>', /not XML/],
    ['<a><b>1</b>', /unclosed tag/],
    [`<!DOCTYPE a [<!ENTITY e0 "x">${entities}]><a><b>&e30;</b></a>`, /undefined entity/],
    ['<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]><a><b>&f;</b></a>', /undefined entity/],
    [`<a>${'<b>'.repeat(10_000)}${'</b>'.repeat(10_000)}</a>`, /nested more than 1000 deep/],
    [`<a>${Array.from({ length: 100_001 }, (_, i) => `<f${i}>1</f${i}>`).join('')}</a>`, /more than 100000 fields/],
    [Buffer.from('<a><b>\xe9</b></a>', 'latin1'), /not XML.*encoded data/],
    ['<?xml version="1.0" encoding="x-none"?><a/>', /not XML/],
  ] as const)
    assert.match(reasonOf(await convert(xml, service(XMLReader), jsonWriter())), reason);
});

test('records become elements', async () => {
  const json = '[{"id":1,"name":"A & <B>","total":12.0,"none":null,"o":{"x":true},"l":[1,null,2]}]';
  assert.equal(
    await write(json, { 'Name of Root Tag': 'rs' }),
    '<?xml version="1.0" ?><rs><r><id>1</id><name>A &amp; &lt;B&gt;</name><total>12.0</total><none></none><o><x>true</x></o><l>1</l><l></l><l>2</l></r></rs>',
  );
  assert.equal(
    await write('{"b":[1,2],"c":{"d":null}}', { 'Omit XML Declaration': 'true', 'Pretty Print XML': 'true', 'Name of Root Tag': 'rs' }),
    '<rs>\n  <r>\n    <b>1</b>\n    <b>2</b>\n    <c>\n      <d></d>\n    </c>\n  </r>\n</rs>',
  );
  const bare = { 'Omit XML Declaration': 'true', 'Array Tag Name': 'x' };
  assert.equal(await write('{"b":[1,2]}', { ...bare, 'Wrap Elements of Arrays': 'use-property-as-wrapper' }), '<r><x><b>1</b><b>2</b></x></r>');
  assert.equal(await write('{"b":[1,2]}', { ...bare, 'Wrap Elements of Arrays': 'use-property-for-elements' }), '<r><b><x>1</x><x>2</x></b></r>');
  assert.equal(await write('[{"a":1,"b":null,"o":{"c":null}}]', { ...bare, 'Suppress Null Values': 'always-suppress' }), '<r><a>1</a></r>');
  assert.equal(await write('[{"first name":"x","2nd":"y","a/b":1}]', bare), '<r><first_name>x</first_name><_2nd>y</_2nd><ab>1</ab></r>');
});

test('what XML cannot hold fails', async () => {
  for (const [json, properties, reason] of [
    ['[{"a":1},{"a":2}]', {}, /set Name of Root Tag/],
    ['[{"a":"\\u0001"}]', {}, /field 'a' has the character U\+0001/],
    ['[{"a":"\\ud800"}]', {}, /U\+D800/],
  ] as const)
    assert.match(reasonOf(await convert(json, jsonReader(), service(XMLRecordSetWriter, { 'Name of Record Tag': 'r', ...properties }))), reason);
  assert.match(reasonOf(await convert('[{"a":1}]', jsonReader(), service(XMLRecordSetWriter))), /Name of Record Tag is not set/);
});

test('written and read again, records are the same', async () => {
  const json = '[{"id":9007199254740993,"name":"ü \\"q\\" ]]>","l":[{"x":1},{"x":2}]},{"id":2,"name":"y","l":[{"x":3}]}]';
  assert.equal(await read(await write(json, { 'Name of Root Tag': 'rs' }), ARRAY), json);
});
