import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import WebSocket from 'ws';
import type { LiveMessage } from '../../server/rest/dto/live.ts';
import { GENERATE, type Json, RestRig, until } from './rest-rig.ts';

async function listen(rig: RestRig, options: WebSocket.ClientOptions = {}): Promise<{ socket: WebSocket; messages: Json[] }> {
  const socket = new WebSocket(`ws://127.0.0.1:${rig.port}/api/live`, options);
  const messages: Json[] = [];
  socket.on('message', (data) => messages.push(JSON.parse(String(data))));
  await once(socket, 'open');
  return { socket, messages };
}

test('a client hears of the group that it shows, at most twice a second', () =>
  RestRig.with(async (rig) => {
    const [shown, other] = [await rig.create('root', 'process-groups', { name: 'shown' }), await rig.create('root', 'process-groups', { name: 'other' })];
    const { socket, messages } = await listen(rig);
    socket.send(JSON.stringify({ group: shown.id }));
    await until(() => messages.length === 1);
    assert.deepEqual([messages[0].group, messages[0].status.name, messages[0].changes], [shown.id, 'shown', []]);
    await rig.processor(GENERATE, {}, other.id);
    const made = await rig.processor(GENERATE, { schedulingPeriod: '1 day', autoTerminatedRelationships: ['success'] }, shown.id);
    for (let n = 0; n < 20; n++) await rig.edit(made, { name: `name ${n}` });
    await until(() => messages.some(({ changes }: LiveMessage) => changes.some(({ version }) => version === 21)));
    const changes = messages.flatMap((message: LiveMessage) => message.changes);
    assert.ok(changes.every(({ id }) => id === made.id));
    assert.equal(changes[0]!.type, 'created');
    const before = messages.length;
    await new Promise((resolve) => setTimeout(resolve, 1200));
    assert.equal(messages.length, before, 'nothing happens, nothing is said');
    rig.flow.bulletins.add('warn', 'attention', { id: made.id, name: 'x', kind: 'PROCESSOR', groupId: shown.id });
    await until(() => messages.some(({ bulletins }: LiveMessage) => bulletins[0]?.bulletin.message === 'attention'));
    socket.close();
  }));

test('what cannot be understood is refused with a sentence, strangers altogether', () =>
  RestRig.with(async (rig) => {
    const { socket, messages } = await listen(rig, { headers: { Origin: rig.origin } });
    for (const text of ['nonsense', '{}', '{"group":"nobody"}']) socket.send(text);
    await until(() => messages.length === 3);
    assert.match(messages[2].error, /nobody/);
    socket.close();
    for (const headers of [{ Origin: 'https://evil.example' }, { Host: 'evil.example' }] as Record<string, string>[]) await assert.rejects(listen(rig, { headers }), /403/);
  }));
