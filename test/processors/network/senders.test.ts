import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { createServer, type Server, type Socket } from 'node:net';
import { test } from 'node:test';
import { createServer as createTlsServer } from 'node:tls';
import StandardSSLContextService from '../../../processors/http/StandardSSLContextService.ts';
import PutSyslog from '../../../processors/network/PutSyslog.ts';
import PutTCP from '../../../processors/network/PutTCP.ts';
import PutUDP from '../../../processors/network/PutUDP.ts';
import { certificate } from '../../certificates.ts';
import { type RealService, runner } from '../../runner.ts';
import { freePort, recordServices, until } from './network-rig.ts';

/** A server that keeps what each connection sends. */
async function tcpServer(make: (accept: (socket: Socket) => void) => Server = createServer) {
  const connections: { text: string; isClosed: boolean; socket: Socket }[] = [];
  const server = make((socket) => {
    const connection = { text: '', isClosed: false, socket };
    connections.push(connection);
    socket.on('data', (piece: Buffer) => {
      connection.text += piece.toString('latin1');
    });
    socket.on('close', () => {
      connection.isClosed = true;
    });
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const close = async (): Promise<void> => {
    for (const { socket } of connections) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return { port, connections, texts: () => connections.map(({ text }) => text), close };
}

const to = (port: number) => ({ Hostname: '127.0.0.1', Port: String(port) });

test('PutTCP sends FlowFiles over one connection, with a delimiter', async () => {
  const server = await tcpServer();
  const run = runner(PutTCP, { properties: { ...to(server.port), 'Outgoing Message Delimiter': '${end}\\n' } });
  run.enqueue('one', { end: ';' }).enqueue('two', { end: '.' }).enqueue('x'.repeat(3_000_000), { end: '' });
  await run.run(3);
  await until(() => server.texts().join('').length === 3_000_011);
  assert.deepEqual(server.texts(), [`one;\ntwo.\n${'x'.repeat(3_000_000)}\n`]);
  assert.deepEqual(run.counts, { success: 3 });
  assert.equal(run.out('success')[0]!.attributes['record.count.transmitted'], '0');
  assert.equal(run.provenance.find(({ type }) => type === 'SEND')!.transitUri, `TCP://127.0.0.1:${server.port}`);
  await until(() => server.connections[0]!.isClosed);
  await server.close();
});

test('PutTCP: a connection for each FlowFile, and one that is not used for long', async () => {
  const server = await tcpServer();
  const single = runner(PutTCP, { properties: { ...to(server.port), 'Connection Per FlowFile': 'true' } });
  await single.enqueue('one').enqueue('two').run(2);
  await until(() => server.connections.length === 2 && server.connections.every(({ isClosed }) => isClosed));
  assert.deepEqual(server.texts(), ['one', 'two']);
  const brief = runner(PutTCP, { properties: { ...to(server.port), 'Idle Connection Expiration': '20 ms' } });
  await brief.start();
  await brief.enqueue('three').run();
  await until(() => server.connections.length === 3 && server.connections[2]!.isClosed);
  await brief.enqueue('four').run();
  assert.deepEqual(brief.counts, { success: 2 });
  await until(() => server.texts()[3] === 'four');
  await brief.stop();
  await server.close();
});

test('PutTCP opens another connection where the server has closed the last one', async () => {
  const server = await tcpServer();
  const run = runner(PutTCP, { properties: to(server.port) });
  await run.start();
  await run.enqueue('one').run();
  await until(() => server.texts()[0] === 'one');
  server.connections[0]!.socket.end();
  await until(() => server.connections[0]!.isClosed);
  await run.enqueue('two').run();
  await until(() => server.texts()[1] === 'two');
  assert.deepEqual(run.counts, { success: 2 });
  await run.stop();
  await server.close();
});

test('PutTCP sends the records of a FlowFile as its writer writes them', async () => {
  const server = await tcpServer();
  const run = runner(PutTCP, { properties: { ...to(server.port), 'Transmission Strategy': 'RECORD_ORIENTED' }, services: recordServices });
  await run.enqueue('{"a":1}\n{"a":2}').enqueue('nonsense').run(2);
  await until(() => server.texts()[0]?.endsWith(']') === true);
  assert.deepEqual(JSON.parse(server.texts()[0]!), [{ a: 1 }, { a: 2 }]);
  assert.deepEqual(run.counts, { success: 1, failure: 1 });
  assert.equal(run.out('success')[0]!.attributes['record.count.transmitted'], '2');
  await server.close();
});

test('PutTCP over TLS sends nothing to whom it does not trust', async () => {
  const own = certificate('server');
  const server = await tcpServer((accept) => createTlsServer({ key: own.key, cert: own.cert }, accept));
  for (const [trusted, counts] of [
    [own, { success: 1 }],
    [certificate('other'), { failure: 1 }],
  ] as const) {
    const properties = { 'Truststore Filename': trusted.trustStore(), 'Truststore Password': 'secret', 'Truststore Type': 'PKCS12' };
    const ssl = { definition: StandardSSLContextService, properties } as unknown as RealService;
    const run = runner(PutTCP, { properties: to(server.port), services: { 'SSL Context Service': ssl } });
    await run.enqueue('secret').run();
    assert.deepEqual(run.counts, counts);
  }
  await until(() => server.texts().join('') === 'secret');
  await server.close();
});

test('PutTCP fails where nobody listens, and where the other side takes nothing', async () => {
  const nobody = runner(PutTCP, { properties: to(await freePort()) });
  await nobody.enqueue('x').run();
  assert.deepEqual(nobody.counts, { failure: 1 });
  assert.ok(nobody.yielded > 0);
  assert.match(nobody.bulletins.at(-1)!.message, /cannot send .* ECONNREFUSED/);
  const server = await tcpServer((accept) => createServer((socket) => accept(socket.pause())));
  server.connections.length = 0;
  const stuck = runner(PutTCP, { properties: { ...to(server.port), Timeout: '100 ms' } });
  const paused = until(() => server.connections.length === 1).then(() => server.connections[0]!.socket.removeAllListeners('data').pause());
  await stuck.enqueue('x'.repeat(50_000_000)).run();
  await paused;
  assert.deepEqual(stuck.counts, { failure: 1 });
  assert.match(stuck.bulletins.at(-1)!.message, /takes nothing more within 100 ms/);
  await server.close();
});

test('PutUDP sends datagrams, and fails where content does not fit into one', async () => {
  const receiver = createSocket('udp4');
  await new Promise<void>((resolve) => receiver.bind(0, '127.0.0.1', resolve));
  const received: string[] = [];
  receiver.on('message', (bytes) => received.push(bytes.toString()));
  const run = runner(PutUDP, { properties: to(receiver.address().port) });
  await run.enqueue('one').enqueue('two').enqueue('x'.repeat(65_508)).run(3);
  await until(() => received.length === 2);
  assert.deepEqual(received, ['one', 'two']);
  assert.deepEqual(run.counts, { success: 2, failure: 1 });
  assert.match(run.bulletins.at(-1)!.message, /65507 at most/);
  receiver.close();
});

test('PutSyslog sends messages over TCP and UDP, and sets aside what is none', async () => {
  const server = await tcpServer();
  const message = { 'Message Priority': '34', 'Message Timestamp': '2003-10-11T22:14:15Z', 'Message Hostname': 'host', 'Message Body': '${body}' };
  const properties = { ...to(server.port), Protocol: 'TCP', ...message, 'Message Version': '1' };
  const run = runner(PutSyslog, { properties });
  await run.enqueue('not sent', { body: 'Grüße' }).enqueue('', { body: 'two' }).enqueue('', { body: 'a\nb' }).run();
  await until(() => server.texts()[0]?.endsWith('two\n') === true);
  assert.equal(Buffer.from(server.texts()[0]!, 'latin1').toString(), '<34>1 2003-10-11T22:14:15Z host Grüße\n<34>1 2003-10-11T22:14:15Z host two\n');
  assert.deepEqual(run.counts, { success: 2, invalid: 1 });
  await server.close();
  const down = runner(PutSyslog, { properties });
  await down.enqueue('', { body: 'x' }).run();
  assert.deepEqual(down.counts, { failure: 1 });
  const receiver = createSocket('udp4');
  await new Promise<void>((resolve) => receiver.bind(0, '127.0.0.1', resolve));
  const received = new Promise<string>((resolve) => receiver.on('message', (bytes) => resolve(bytes.toString())));
  const udp = runner(PutSyslog, { properties: { ...to(receiver.address().port), 'Message Priority': '13', 'Message Body': 'hello' } });
  await udp.enqueue('').run();
  assert.match(await received, /^<13>[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d [\w.-]+ hello$/);
  receiver.close();
});
