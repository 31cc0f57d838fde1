import assert from 'node:assert/strict';
import { test } from 'node:test';
import WindowsEventLogReader from '../../../processors/records/WindowsEventLogReader.ts';
import { contentOf, convert, jsonWriter, reasonOf, service } from './record-services.ts';

const reading = (xml: string | Uint8Array) => convert(xml, service(WindowsEventLogReader), jsonWriter({ 'Suppress Null Values': 'suppress-missing' }));
const read = async (xml: string | Uint8Array): Promise<unknown> => JSON.parse(contentOf(await reading(xml)).toString());
const failure = async (xml: string | Uint8Array): Promise<string> => reasonOf(await reading(xml));

const event = (data: string, id = 4624): string => `<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System>
  <Provider Name="Microsoft-Windows-Security-Auditing" Guid="{54849625-5478-4994-A5BA-3E3B0328C30D}"/><EventID Qualifiers="16384">${id}</EventID><Version>2</Version>
  <Keywords>0x8020000000000000</Keywords><TimeCreated SystemTime="2026-01-02T03:04:05.678Z"/><EventRecordID>211</EventRecordID><Correlation/>
  <Execution ProcessID="716" ThreadID="760"/><Channel>Security</Channel><Computer>pc &amp; co</Computer><Security UserID="S-1-5-18"/></System>
  ${data}<RenderingInfo Culture="en-US"><Message>left out</Message></RenderingInfo></Event>`;
const SYSTEM = {
  Provider: { Guid: '{54849625-5478-4994-A5BA-3E3B0328C30D}', Name: 'Microsoft-Windows-Security-Auditing' },
  EventID: 4624,
  Version: 2,
  Keywords: '0x8020000000000000',
  TimeCreated: { SystemTime: '2026-01-02T03:04:05.678Z' },
  EventRecordID: 211,
  Execution: { ThreadID: 760, ProcessID: 716 },
  Channel: 'Security',
  Computer: 'pc & co',
};

test('one event, or events: what data are called and hold becomes fields with types', async () => {
  const first = '<EventData><Data Name="LogonType">3</Data><Data Name="User">ada</Data><Data>blob</Data><Binary>00FF</Binary></EventData>';
  assert.deepEqual(await read(event(first)), [{ System: SYSTEM, EventData: { LogonType: 3, User: 'ada', blob: '00FF' } }]);
  const second = '<EventData><Data Name="LogonType">9007199254740993</Data><Data Name="Elevated">true</Data><Data Name="User">bob</Data><Data Name="User">eve</Data></EventData>';
  const both = contentOf(await reading(`<?xml version="1.0"?><Events>${event(first)}${event(second, 4625)}</Events>`)).toString();
  assert.match(both, /"EventData":\{"LogonType":3,"User":"ada","blob":"00FF"\}/);
  assert.match(both, /"EventID":4625.*"EventData":\{"LogonType":9007199254740993,"User":"eve","Elevated":true\}/);
});

test('events without data, and a log without events', async () => {
  assert.deepEqual(await read(event('<UserData><x/></UserData>')), [{ System: SYSTEM }]);
  assert.deepEqual(await read(event('<EventData/>')), [{ System: SYSTEM }]);
  assert.deepEqual(await read('<Events/>'), []);
});

test('UTF-16, as Windows writes it', async () => {
  const log = `\ufeff<?xml version="1.0" encoding="utf-16"?>${event('<EventData><Data Name="User">Zoë</Data></EventData>')}`;
  assert.deepEqual(await read(Buffer.from(log, 'utf16le')), [{ System: SYSTEM, EventData: { User: 'Zoë' } }]);
});

test('what is no log of events fails with the reason', async () => {
  const data = (inner: string): string => event(`<EventData>${inner}</EventData>`);
  for (const [xml, reason] of [
    ['', /not XML/],
    [event('').slice(0, -20), /not XML/],
    ['<Event>&undefined;</Event>', /not XML/],
    ['<log/>', /root element is <log>/],
    ['<Events><Other/></Events>', /<Other> where a Windows event/],
    [data('<Data Other="x">1</Data>'), /attribute 'Other' where its Name/],
    [data('<Data>unnamed</Data>'), /'unnamed' of a Windows event has no Name/],
    [event('').replace('>4624<', '>many<'), /EventID/],
    [`<Event>${'<a>'.repeat(10_000)}`, /nested more than 1000 deep/],
    [Buffer.from(event('<EventData><Data Name="User">Zoë</Data></EventData>'), 'latin1'), /not XML/],
  ] as const)
    assert.match(await failure(xml), reason);
});
