import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { until } from '../api-client.ts';
import { freePort } from '../bench/server.ts';
import { ACCESS_KEY, S3Emulator, SECRET_KEY } from '../emulators/s3.ts';
import { mailServer } from '../processors/mail/mail-server.ts';
import { PASSWORD, SftpServer } from '../servers/sftp-server.ts';
import { lines, stage } from './scene.ts';

const run = stage();

test('http-api: what is posted comes back in another shape, and what is not valid with a reason', async () => {
  const port = String(await freePort());
  await run('http-api', {
    parameters: { port },
    meanwhile: async () => {
      const post = async (body: string, path = '/orders') => {
        const response = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', body });
        return [response.status, response.headers.get('content-type'), await response.text()];
      };
      const answer = await post(JSON.stringify({ id: 7, lines: [{ sku: 'x', qty: 2 }, { sku: 'y' }] }));
      assert.deepEqual(answer, [200, 'application/json', '{"order":{"number":7,"items":[{"code":"x","count":2},{"code":"y"}],"currency":"EUR"}}']);
      for (const bad of ['{"id":"x"}', '{', '[]'])
        assert.deepEqual(
          (await post(bad)).filter((_, index) => index !== 1),
          [400, 'The order is not valid'],
        );
      assert.equal((await post('{}', '/other'))[0], 404);
    },
  });
});

test('post-lines: tried again while the server cannot, given up after a while, and what it refuses is set aside', async () => {
  const tries = new Map<string, number>();
  const http = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    const tried = (tries.get(body) ?? 0) + 1;
    tries.set(body, tried);
    const status = body === 'bad' ? 422 : body === 'never' || (body === 'later' && tried < 3) ? 503 : 200;
    response.writeHead(status).end(`${body} ${request.headers['x-line']} ${request.headers['content-type']}`);
  }).listen(0, '127.0.0.1');
  await until(() => http.listening);
  try {
    await run('post-lines', {
      parameters: { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/` },
      input: { 'lines.txt': lines('now', 'later', 'bad', 'never') },
      output: { 'answer-1.txt': 'now 1 text/plain', 'answer-2.txt': 'later 2 text/plain', 'refused-3-422.txt': 'bad', 'given-up-4.txt': 'never' },
    });
    // Three times by the relationship's retries, for each of three rounds.
    assert.deepEqual(Object.fromEntries(tries), { now: 1, later: 3, bad: 1, never: 9 });
  } finally {
    http.close();
  }
});

test('mail: a file as an attachment', async () => {
  const mail = await mailServer({ users: { mill: 'pass' } });
  try {
    await run('mail', {
      parameters: { 'smtp port': String(mail.port), 'smtp password': 'pass' },
      input: { 'report.txt': 'all is well' },
      output: { 'sent-report.txt': 'all is well' },
    });
    assert.deepEqual(
      mail.received.map(({ from, to, user }) => [from, to, user]),
      [['mill@example.org', ['ada@example.org'], 'mill']],
    );
    assert.match(mail.received[0]!.text, /Subject: File report\.txt/);
    assert.match(mail.received[0]!.text, new RegExp(`filename="?report\\.txt"?[\\s\\S]*${Buffer.from('all is well').toString('base64')}|all is well`));
  } finally {
    await mail.close();
  }
});

test('over-the-wire: HTTP in, TCP out and in', async () => {
  const [http, tcp] = [String(await freePort()), String(await freePort())];
  await run('over-the-wire', {
    parameters: (flow) => ({ 'http port': http, 'tcp port': tcp, words: flow.write('words.txt', lines('order', 'refund')) }),
    meanwhile: async () => {
      for (const [kind, body] of [
        ['order', 'one'],
        ['spam', 'buy now'],
        ['refund', 'two'],
      ] as const) {
        const { status } = await fetch(`http://127.0.0.1:${http}/in`, { method: 'POST', body, headers: { 'x-kind': kind } });
        assert.equal(status, 200);
      }
    },
    output: { 'message.txt': 'one|two', 'unwanted.txt': 'buy now' },
  });
});

test('there-and-back: SFTP and S3', async () => {
  const sftp = await SftpServer.start();
  const s3 = await S3Emulator.start('mill');
  try {
    await run('there-and-back', {
      parameters: { 'sftp port': String(sftp.port), 'sftp password': PASSWORD, endpoint: s3.url, key: ACCESS_KEY, secret: SECRET_KEY },
      input: { 'a b.txt': 'one', 'ü.bin': Buffer.from([0, 255, 10]) },
      output: { 'home-a b.txt': 'one', 'home-ü.bin': Buffer.from([0, 255, 10]) },
    });
  } finally {
    await sftp.stop();
    await s3.stop();
  }
});
