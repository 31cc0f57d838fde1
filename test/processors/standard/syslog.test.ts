import assert from 'node:assert/strict';
import { test } from 'node:test';
import ParseSyslog from '../../../processors/standard/ParseSyslog.ts';
import ParseSyslog5424 from '../../../processors/standard/ParseSyslog5424.ts';
import { runner } from '../../runner.ts';

const syslog = (attributes: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(attributes)
      .filter(([name]) => name.startsWith('syslog.'))
      .map(([name, value]) => [name.slice(7), value]),
  );

test('ParseSyslog reads both forms', async () => {
  const run = runner(ParseSyslog, {});
  run
    .enqueue("<34>Oct 11 22:14:15 mymachine su: 'su root' failed\n")
    .enqueue('<165>1 2003-08-24T05:14:15.000003-07:00 192.0.2.1 myproc 8710 - - Hi')
    .enqueue('no syslog')
    .enqueue('<999>Oct 11 22:14:15 h x');
  await run.run();
  assert.deepEqual(
    run.out('success').map(({ attributes }) => syslog(attributes)),
    [
      { priority: '34', severity: '2', facility: '4', timestamp: 'Oct 11 22:14:15', hostname: 'mymachine', body: "su: 'su root' failed" },
      { priority: '165', severity: '5', facility: '20', version: '1', timestamp: '2003-08-24T05:14:15.000003-07:00', hostname: '192.0.2.1', body: 'myproc 8710 - - Hi' },
    ],
  );
  assert.deepEqual(run.counts, { success: 2, failure: 2 });
});

test('ParseSyslog5424 reads structured data', async () => {
  const message =
    '<165>1 2003-10-11T22:14:15.003Z mymachine.example.com evntslog - ID47 [exampleSDID@32473 iut="3" eventSource="App\\"lication"][x@1 a="b"] \ufeffAn application event';
  const parse = async (content: string, properties: Record<string, string> = {}) => {
    const run = runner(ParseSyslog5424, { properties });
    run.enqueue(content);
    await run.run();
    return run;
  };
  assert.deepEqual(syslog((await parse(message)).out('success')[0]!.attributes), {
    priority: '165',
    severity: '5',
    facility: '20',
    version: '1',
    timestamp: '2003-10-11T22:14:15.003Z',
    hostname: 'mymachine.example.com',
    appname: 'evntslog',
    messageid: 'ID47',
    procid: '',
    'structuredData.exampleSDID@32473.iut': '3',
    'structuredData.exampleSDID@32473.eventSource': 'App"lication',
    'structuredData.x@1.a': 'b',
    body: 'An application event',
  });
  const bare = '<0>1 - - - - - -';
  const omitted = { priority: '0', severity: '0', facility: '0', version: '1' };
  assert.deepEqual(syslog((await parse(bare, { 'NIL Policy': 'OMIT' })).out('success')[0]!.attributes), omitted);
  assert.equal((await parse(bare, { 'NIL Policy': 'DASH' })).out('success')[0]!.attributes['syslog.hostname'], '-');
  assert.equal((await parse(message, { 'Include Message Body in Attributes': 'false' })).out('success')[0]!.attributes['syslog.body'], undefined);
  for (const wrong of ['x', '<165>1 2003-10-11T22:14:15.003Z h a - ID47 [x y="1" z', '<200>1 - - - - - -']) assert.deepEqual((await parse(wrong)).counts, { failure: 1 });
});
