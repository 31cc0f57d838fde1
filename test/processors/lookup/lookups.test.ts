import assert from 'node:assert/strict';
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import DistributedMapCacheLookupService from '../../../processors/cache/DistributedMapCacheLookupService.ts';
import IPLookupService from '../../../processors/lookup/IPLookupService.ts';
import LookupAttribute from '../../../processors/lookup/LookupAttribute.ts';
import PropertiesFileLookupService from '../../../processors/lookup/PropertiesFileLookupService.ts';
import SimpleKeyValueLookupService from '../../../processors/lookup/SimpleKeyValueLookupService.ts';
import XMLFileLookupService from '../../../processors/lookup/XMLFileLookupService.ts';
import CSVRecordLookupService from '../../../processors/records/CSVRecordLookupService.ts';
import LookupRecord from '../../../processors/records/LookupRecord.ts';
import SimpleCsvFileLookupService from '../../../processors/records/SimpleCsvFileLookupService.ts';
import { ProcessError } from '../../../server/extension/errors.ts';
import { type RealService, type Runner, runner, temporaryDirectory } from '../../runner.ts';
import { cacheRig } from '../cache/cache-rig.ts';
import { type Properties, runJson, service } from '../records/record-services.ts';
import { mmdbFile } from './mmdb-file.ts';

const folder = temporaryDirectory();
mkdirSync(folder, { recursive: true });
function file(name: string, content: string | Buffer): string {
  const place = path.join(folder, name);
  writeFileSync(place, content);
  return place;
}

/** Looks keys up, one a FlowFile; what the attribute `found` says for each. */
async function attributes(lookup: RealService | object, keys: readonly string[], properties: Properties = {}): Promise<{ run: Runner; found: (string | undefined)[] }> {
  const run = runner(LookupAttribute, { properties: { found: '${k}', 'Include Empty Values': 'false', ...properties }, services: { 'Lookup Service': lookup } });
  for (const k of keys) run.enqueue('', { k });
  await run.run(keys.length);
  return { run, found: [...run.out('matched'), ...run.out('unmatched')].map(({ attributes: all }) => all.found) };
}
const records = async (lookup: RealService, key: string, values: readonly string[], coordinate = 'key'): Promise<unknown[]> => {
  const run = await runJson(
    LookupRecord,
    JSON.stringify(values.map((k) => ({ [key]: k }))),
    { [coordinate]: `/${key}`, 'Result RecordPath': '/found' },
    {},
    { 'Lookup Service': lookup },
  );
  assert.deepEqual(run.counts, { success: 1 }, run.bulletins.map(({ message }) => message).join());
  return (JSON.parse(run.out('success')[0]!.content) as { found: unknown }[]).map(({ found }) => found);
};

test('LookupAttribute sets what is found, tells what is not, and fails where the look-up does', async () => {
  const countries = service(SimpleKeyValueLookupService, { AT: 'Austria', empty: ' ' });
  const { run, found } = await attributes(countries, ['AT', 'XX', 'empty']);
  assert.deepEqual([run.counts, found], [{ matched: 1, unmatched: 2 }, ['Austria', undefined, undefined]]);
  const withEmpty = await attributes(countries, ['AT', 'XX', 'empty'], { 'Include Empty Values': 'true' });
  assert.deepEqual([withEmpty.run.counts, withEmpty.found], [{ matched: 3 }, ['Austria', 'null', '']]);
  const broken = { requiredKeys: ['key'], lookup: () => Promise.reject(new ProcessError('no answer')) };
  const failed = (await attributes(broken, ['a'])).run;
  assert.deepEqual(failed.counts, { failure: 1 });
  assert.ok(failed.out('failure')[0]!.penalized);
  assert.match(failed.bulletins.at(-1)!.message, /no answer/);
  await assert.rejects(attributes({ requiredKeys: ['a', 'b'], lookup: async () => undefined }, ['a']), /one key, but this one needs a, b/);
});

test('CSV files are looked up, and read again when they change', async () => {
  const csv = file('people.csv', 'id,name,city\n1,"Ada, Countess",London\n2,Bob,\n2,Bo,Berlin\n');
  const simple = service(SimpleCsvFileLookupService, { 'CSV File': csv, 'Lookup Key Column': 'id', 'Lookup Value Column': 'name' });
  const { run, found } = await attributes(simple, ['1', '2', '3']);
  assert.deepEqual(found, ['Ada, Countess', 'Bo', undefined]);
  assert.match(run.bulletins.map(({ message }) => message).join(), /1 rows with a key that came before/);
  assert.deepEqual(await records(service(CSVRecordLookupService, { 'CSV File': csv, 'Lookup Key Column': 'id' }), 'id', ['1', '9']), [
    { name: 'Ada, Countess', city: 'London' },
    null,
  ]);
  for (const [properties, reason] of [
    [{ 'Ignore Duplicates': 'false' }, /the key '2' comes twice/],
    [{ 'Lookup Value Column': 'none' }, /no column 'none', but id, name, city/],
    [{ 'CSV File': path.join(folder, 'none.csv') }, /ENOENT/],
  ] as const)
    await assert.rejects(attributes({ ...simple, properties: { ...simple.properties, ...properties } }, ['1']), reason);
  const semicolons = file('semicolons.csv', 'k;v\r\na;1\r\n');
  const custom = { 'CSV File': semicolons, 'CSV Format': 'custom', 'Value Separator': ';', 'Lookup Key Column': 'k', 'Lookup Value Column': 'v' };
  assert.deepEqual((await attributes(service(SimpleCsvFileLookupService, custom), ['a'])).found, ['1']);

  const again = runner(LookupAttribute, { properties: { found: '${k}' }, services: { 'Lookup Service': simple } });
  await again.start();
  again.enqueue('', { k: '1' });
  await again.run();
  writeFileSync(csv, 'id,name\n1,Grace\n');
  utimesSync(csv, 1, 1);
  await again.clock.advance(31_000);
  again.enqueue('', { k: '1' });
  await again.run();
  writeFileSync(csv, 'id,name\n"1');
  await again.clock.advance(31_000);
  again.enqueue('', { k: '1' });
  await again.run();
  assert.deepEqual([again.out('matched').map(({ attributes: all }) => all.found), again.counts], [['Ada, Countess', 'Grace'], { matched: 2, failure: 1 }]);
  assert.match(again.bulletins.at(-1)!.message, /people.csv cannot be used: .*quote that is not closed/);
  await again.stop();
});

test('properties files of Java are looked up', async () => {
  const text = '# a\n! b\nplain=one\nwith\\ space : two\nlong = a \\\n   b\nunicode=\\u00e9\\t!\nplain=other\nempty\nc\\:d=e';
  const { found } = await attributes(service(PropertiesFileLookupService, { 'Configuration File': file('a.properties', text) }), [
    'plain',
    'with space',
    'long',
    'unicode',
    'c:d',
    'none',
  ]);
  assert.deepEqual(found, ['one', 'two', 'a b', 'é\t!', 'e', undefined]);
});

test('XML files are looked up by paths; document types are refused', async () => {
  const xml = '<?xml version="1.0"?><test><properties><property>one</property><property> <![CDATA[t<o]]> </property><property value="three"/><a.b>dot</a.b></properties></test>';
  const lookup = (content: string) => service(XMLFileLookupService, { 'Configuration File': file('a.xml', content) });
  const keys = ['properties.property(0)', 'properties.property', 'properties.property(1)', 'properties.property(2)[@value]', 'properties.a..b', 'properties.property(3)', 'a(('];
  assert.deepEqual((await attributes(lookup(xml), keys)).found, ['one', 'one', 't<o', 'three', 'dot', undefined, undefined]);
  await assert.rejects(attributes(lookup('<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a><b>&e;</b></a>'), ['b']), /document type/);
  await assert.rejects(attributes(lookup('<a><b></a>'), ['b']), /cannot be used/);
  await assert.rejects(attributes(lookup('<a>'.repeat(3000)), ['b']), /nested more than 1000/);
});

test('IP addresses are looked up in a MaxMind database', async () => {
  const city = {
    city: { names: { en: 'London' } },
    location: { accuracy_radius: 100, latitude: 51.5142, longitude: -0.0931, time_zone: 'Europe/London' },
    country: { iso_code: 'GB', names: { en: 'United Kingdom' } },
    postal: { code: 'SW1' },
    subdivisions: [{ iso_code: 'ENG', names: { en: 'England' } }],
  };
  const database = file(
    'city.mmdb',
    mmdbFile('GeoIP2-City', { '81.2.69.0/24': city, '1.128.0.0/11': { isp: 'Telstra', organization: 'Telstra', autonomous_system_number: 1221 } }),
  );
  const found = await records(service(IPLookupService, { 'MaxMind Database File': database, 'Lookup ISP': 'true' }), 'ip', ['81.2.69.160', '1.128.5.5', '8.8.8.8'], 'ip');
  const none = { geo: null, isp: null, domainName: null, connectionType: null, anonymousIp: null };
  const geo = {
    city: 'London',
    accuracy: 100,
    latitude: 51.5142,
    longitude: -0.0931,
    subdivisions: [{ name: 'England', isoCode: 'ENG' }],
    country: { name: 'United Kingdom', isoCode: 'GB' },
    postalCode: 'SW1',
  };
  assert.deepEqual(found, [{ ...none, geo }, { ...none, isp: { name: 'Telstra', organization: 'Telstra', asn: 1221, asnOrganization: null } }, null]);
  const anonymous = file('anonymous.mmdb', mmdbFile('GeoIP2-Anonymous-IP', { '1.2.0.0/16': { is_anonymous: true, is_tor_exit_node: true } }));
  const hidden = await records(service(IPLookupService, { 'MaxMind Database File': anonymous, 'Lookup Anonymous IP Information': 'true' }), 'ip', ['1.2.3.4'], 'ip');
  assert.deepEqual(hidden, [{ ...none, anonymousIp: { anonymous: true, anonymousVpn: false, hostingProvider: false, publicProxy: false, torExitNode: true } }]);
  await assert.rejects(records(service(IPLookupService, { 'MaxMind Database File': file('bad.mmdb', 'nothing') }), 'ip', ['1.2.3.4'], 'ip'), /bad.mmdb cannot be used/);
});

test('a map cache is looked up', async () => {
  const { client, store, release } = cacheRig();
  store.put('a', 'one');
  const lookup = { ...service(DistributedMapCacheLookupService), services: { 'Distributed Cache Service': client } };
  assert.deepEqual((await attributes(lookup, ['a', 'b'])).found, ['one', undefined]);
  release();
});
