import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import StandardSSLContextService from '../../../processors/http/StandardSSLContextService.ts';
import ListenSyslog from '../../../processors/network/ListenSyslog.ts';
import ListenTCP from '../../../processors/network/ListenTCP.ts';
import ListenUDP from '../../../processors/network/ListenUDP.ts';
import ListenUDPRecord from '../../../processors/network/ListenUDPRecord.ts';
import { certificate } from '../../certificates.ts';
import { freePort, until } from './network-rig.ts';
import { type RealService, type Runner, runner, type RunnerOptions } from '../../runner.ts';
import { recordServices } from './network-rig.ts';

/** Connects, writes pieces one after the other, and stays connected. */
async function client(port: number, ...pieces: string[]): Promise<Socket> {
  const socket = createConnection({ port, host: '127.0.0.1' });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.setNoDelay(true);
  for (const piece of pieces) await new Promise((resolve) => socket.write(piece, resolve));
  return socket;
}

async function datagrams(port: number, ...contents: string[]): Promise<number> {
  const socket = createSocket('udp4');
  for (const content of contents) await new Promise((resolve) => socket.send(content, port, '127.0.0.1', resolve));
  const { port: own } = socket.address();
  socket.close();
  return own;
}

async function listening<R extends string>(run: Runner<R>, work: () => Promise<void>): Promise<void> {
  await run.start();
  try {
    await work();
  } finally {
    await run.stop();
    await run.close();
  }
}

const contents = (outputs: readonly { content: string }[]): string[] => outputs.map(({ content }) => content);

async function tcp(options: Omit<RunnerOptions, 'properties'> & { properties?: Record<string, string> } = {}) {
  const port = await freePort();
  return { port, run: runner(ListenTCP, { ...options, properties: { Port: String(port), ...options.properties } }) };
}

test('ListenTCP cuts connections into messages, wherever the pieces end', async () => {
  const { port, run } = await tcp({ properties: { 'Batching Message Delimiter': '\\r\\n', 'Local Network Interface': 'lo' } });
  await listening(run, async () => {
    const socket = await client(port, 'one\r', '\ntw', 'o\r\n\r\nthr', 'ee');
    socket.end();
    await run.run(4);
    // The empty message makes no FlowFile; what stands before the end of the connection does.
    assert.deepEqual(contents(run.out('success')), ['one', 'two', 'three']);
    const { attributes } = run.out('success')[0]!;
    assert.deepEqual([attributes['tcp.sender'], attributes['tcp.port']], ['127.0.0.1', String(port)]);
    assert.deepEqual(run.counters, { 'Messages Received': 4, 'FlowFiles Transferred to Success': 3 });
    assert.equal(run.provenance.find(({ type }) => type === 'RECEIVE')!.transitUri, `tcp://127.0.0.1:${port}`);
  });
});

test('ListenTCP joins messages with the delimiter, and leaves out what is too long', async () => {
  const { port, run } = await tcp({ properties: { 'Max Batch Size': '3', 'Receive Buffer Size': '5 B' } });
  await listening(run, async () => {
    const socket = await client(port, 'a\nb\n12345\n123456\nc\n', 'x'.repeat(100_000), 'y\nd\n');
    await run.run(2);
    assert.deepEqual(contents(run.out('success')), ['a\nb\n12345', 'c\nd']);
    assert.equal(run.bulletins.filter(({ message }) => /longer than 5 bytes/.test(message)).length, 2);
    socket.destroy();
  });
});

test('ListenTCP lets senders wait while its queue is full, and loses nothing', async () => {
  const { port, run } = await tcp({ properties: { 'Max Size of Message Queue': '10', 'Max Batch Size': '1000' } });
  await listening(run, async () => {
    const line = `${'z'.repeat(999)}\n`;
    const socket = await client(port);
    // More than the buffers of the system take.
    const lines = 20_000;
    let written = false;
    socket.write(line.repeat(lines), () => {
      written = true;
    });
    await until(() => run.bulletins.some(({ message }) => /10 messages wait: connections are not read/.test(message)));
    assert.equal(written, false);
    let received = 0;
    const receive = async (): Promise<void> => {
      await run.run(1);
      for (const { content } of run.out('success')) received += (content.length + 1) / 1000;
      run.clear();
    };
    await until(() => received >= lines, receive);
    assert.equal(received, lines);
    assert.equal(written, true);
    socket.destroy();
  });
});

test('ListenTCP closes connections that are silent', async () => {
  const { port, run } = await tcp({ properties: { 'Idle Connection Timeout': '30 ms' } });
  await listening(run, async () => {
    const socket = await client(port, 'a\n');
    socket.resume();
    await once(socket, 'close');
  });
});

test('ListenTCP over TLS lets in whom it trusts', async () => {
  const [own, known, stranger] = [certificate('server'), certificate('known'), certificate('stranger')];
  const store = { 'Keystore Filename': own.keyStore(), 'Keystore Password': 'secret', 'Keystore Type': 'PKCS12' };
  const trust = { 'Truststore Filename': known.trustStore(), 'Truststore Password': 'secret', 'Truststore Type': 'PKCS12' };
  const ssl = { definition: StandardSSLContextService, properties: { ...store, ...trust } } as unknown as RealService;
  const heard = async (clientAuth: string, as: { key: string; cert: string } | undefined): Promise<Record<string, string> | undefined> => {
    const { port, run } = await tcp({ properties: { 'Client Auth': clientAuth }, services: { 'SSL Context Service': ssl } });
    await listening(run, async () => {
      const socket = connectTls({ port, host: '127.0.0.1', ca: own.cert, key: as?.key, cert: as?.cert });
      let isClosed = false;
      socket
        .on('error', () => undefined)
        .on('close', () => {
          isClosed = true;
        });
      socket.resume().write('hello\n');
      await until(
        () => isClosed || run.out('success').length > 0,
        () => run.run(1),
      );
      socket.destroy();
    });
    return run.out('success')[0]?.attributes;
  };
  assert.equal((await heard('REQUIRED', known))?.['client.certificate.subject.dn'], 'CN=known, O=Millrace Test');
  assert.equal(await heard('REQUIRED', undefined), undefined);
  assert.equal(await heard('WANT', stranger), undefined);
  assert.equal((await heard('WANT', undefined))?.['tcp.sender'], '127.0.0.1');
  assert.equal((await heard('NONE', stranger))?.['client.certificate.issuer.dn'], undefined);
});

test('a port that is taken, and a network interface that there is not', async () => {
  const { port, run } = await tcp();
  await listening(run, async () => {
    await assert.rejects(runner(ListenTCP, { properties: { Port: String(port) } }).start(), /cannot be opened.*EADDRINUSE/);
    await assert.rejects(runner(ListenTCP, { properties: { Port: '0', 'Local Network Interface': 'none0' } }).start(), /no network interface 'none0'/);
  });
});

test('messages that were received when it stops are counted aloud', async () => {
  const { port, run } = await tcp();
  await run.start();
  const socket = await client(port, 'a\nb\n');
  socket.end();
  await once(socket.resume(), 'close');
  await run.stop();
  assert.match(run.bulletins.at(-1)!.message, /2 messages that were received are lost/);
});

test('ListenUDP makes FlowFiles of datagrams, and tells how many it had to drop', async () => {
  const port = await freePort();
  const run = runner(ListenUDP, { properties: { Port: String(port), 'Max Batch Size': '2', 'Max Size of Message Queue': '3' } });
  await listening(run, async () => {
    const sender = await datagrams(port, 'one', 'two', 'three', 'four', 'five');
    await until(() => run.bulletins.some(({ message }) => /datagrams are dropped/.test(message)));
    await run.run(2);
    assert.deepEqual(contents(run.out('success')), ['one\ntwo', 'three']);
    const { attributes } = run.out('success')[0]!;
    assert.deepEqual([attributes['udp.sender'], attributes['udp.sender.port'], attributes['udp.port']], ['127.0.0.1', String(sender), String(port)]);
    assert.ok(run.bulletins.some(({ message }) => /[12] datagrams were dropped: 3 messages waited/.test(message)));
  });
  const only = runner(ListenUDP, { properties: { Port: String(port), 'Sending Host': '127.0.0.1', 'Sending Host Port': String(await freePort()) } });
  await listening(only, async () => {
    await datagrams(port, 'stranger');
    await only.run(1);
    assert.deepEqual(only.counts, {});
  });
  assert.match((await runner(ListenUDP, { properties: { Port: '1', 'Sending Host': 'x' } }).validate()).join(), /must be set together/);
});

test('ListenUDPRecord joins the records of datagrams, and sets aside those that hold none', async () => {
  const port = await freePort();
  const run = runner(ListenUDPRecord, { properties: { Port: String(port) }, services: recordServices });
  await listening(run, async () => {
    await datagrams(port, '{"a":1}', '[{"a":2},{"b":"x"}]', 'nonsense', '[]');
    await run.run(1);
    assert.deepEqual(
      run.out('success').map(({ content }) => JSON.parse(content)),
      [
        [
          { a: 1, b: null },
          { a: 2, b: null },
          { a: null, b: 'x' },
        ],
      ],
    );
    const { attributes } = run.out('success')[0]!;
    assert.deepEqual([attributes['record.count'], attributes['mime.type'], attributes['udp.sender']], ['3', 'application/json', '127.0.0.1']);
    assert.deepEqual(contents(run.out('parse.failure')), ['nonsense', '[]']);
  });
});

test('ListenSyslog parses messages that come over TCP and UDP', async () => {
  const message = "<34>Oct 11 22:14:15 mymachine su: 'su root' failed";
  for (const protocol of ['TCP', 'UDP']) {
    const port = await freePort();
    const run = runner(ListenSyslog, { properties: { Protocol: protocol, [`${protocol} Port`]: String(port) } });
    await listening(run, async () => {
      if (protocol === 'TCP') (await client(port, `${message}\n\nnonsense\n`)).end();
      else await datagrams(port, message, '', 'nonsense');
      await run.run(3);
      assert.deepEqual([contents(run.out('success')), contents(run.out('invalid'))], [[message], ['nonsense']]);
      const { attributes } = run.out('success')[0]!;
      const told = { priority: '34', severity: '2', facility: '4', hostname: 'mymachine', sender: '127.0.0.1', valid: 'true', port: String(port), protocol };
      for (const [name, value] of Object.entries(told)) assert.equal(attributes[`syslog.${name}`], value);
      assert.equal(attributes['mime.type'], 'text/plain');
    });
  }
  const problems = await runner(ListenSyslog, { properties: { 'UDP Port': '1', 'Max Batch Size': '2' } }).validate();
  assert.match(problems.join(), /Parse Messages must be false/);
});
