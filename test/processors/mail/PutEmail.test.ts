import assert from 'node:assert/strict';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import PutEmail from '../../../processors/mail/PutEmail.ts';
import { runner } from '../../runner.ts';
import { mailServer, type MailServerOptions } from './mail-server.ts';

const BASE = { 'SMTP Hostname': '127.0.0.1', 'SMTP Auth': 'false', 'SMTP Socket Factory': 'javax.net.SocketFactory', From: 'Shop <shop@example.org>', To: 'ann@example.org' };

async function withServer(options: MailServerOptions, work: (server: Awaited<ReturnType<typeof mailServer>>) => Promise<void>): Promise<void> {
  const server = await mailServer(options);
  try {
    await work(server);
  } finally {
    await server.close();
  }
}

/** Header fields by lower-case name, and what follows them. */
function parsed(text: string): { headers: Record<string, string>; body: string } {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const lines = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
  const headers = Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]));
  return { headers, body: rest.join('\r\n\r\n') };
}

const decoded = (body: string): string => Buffer.from(body, 'base64').toString();

test('a mail goes to To, CC and BCC, with attributes as headers', () =>
  withServer({}, async ({ port, received }) => {
    const properties = {
      ...BASE,
      'SMTP Port': port,
      To: '${to}',
      CC: 'Bob <bob@example.org>, cat@example.org',
      BCC: 'secret@example.org',
      'Reply-To': 'answers@example.org',
      Subject: 'Größe ${n}',
      Message: 'Grüße, ${name}',
      'Content Type': 'text/html',
      'Attributes to Send as Headers Regular Expression': 'x-.*|bcc|subject|bad name',
    };
    const run = runner(PutEmail, { properties });
    run.enqueue('not sent', {
      to: 'ann@example.org',
      n: '7',
      name: 'Ann',
      'x-campaign': 'spring\r\nBcc: evil@example.org',
      bcc: 'evil@example.org',
      subject: 'no',
      'bad name': 'no',
    });
    await run.run();
    assert.deepEqual(run.counts, { success: 1 });
    const [mail] = received;
    assert.deepEqual([mail!.from, mail!.to, mail!.isEncrypted], ['shop@example.org', ['ann@example.org', 'bob@example.org', 'cat@example.org', 'secret@example.org'], false]);
    const { headers, body } = parsed(mail!.text);
    assert.equal(headers.from, 'Shop <shop@example.org>');
    assert.equal(headers.cc, 'Bob <bob@example.org>, cat@example.org');
    assert.equal(headers['reply-to'], 'answers@example.org');
    assert.equal(headers.bcc, undefined);
    assert.equal(headers['bad name'], undefined);
    assert.equal(headers['x-mailer'], 'NiFi');
    assert.match(headers['x-campaign']!, /^spring\s+Bcc: evil@example\.org$/);
    assert.match(headers.subject!, /^=\?UTF-8\?/);
    assert.match(headers['content-type']!, /^text\/html; charset=UTF-8$/i);
    assert.equal(decoded(body), 'Grüße, Ann');
    assert.deepEqual(
      run.provenance.filter(({ type }) => type === 'SEND').map(({ transitUri }) => transitUri),
      ['mailto:ann@example.org'],
    );
  }));

test('content is the message, in its character set, followed by the attributes', () =>
  withServer({}, async ({ port, received }) => {
    const run = runner(PutEmail, {
      properties: { ...BASE, 'SMTP Port': port, 'FlowFile Content as Message': '${asText}', 'Input Character Set': 'ISO-8859-1', 'Include All Attributes In Message': 'true' },
    });
    run.enqueue(Buffer.from('Größe\n.\nend', 'latin1'), { asText: 'true' });
    await run.run();
    const { headers, body } = parsed(received[0]!.text);
    assert.match(headers['content-type']!, /charset=ISO-8859-1/i);
    const text = Buffer.from(body, 'base64').toString('latin1');
    assert.ok(text.startsWith(`Größe\n.\nend\n\n${'-'.repeat(50)}\n\nStandard FlowFile Metadata:\n\tid = '`), text);
    assert.ok(text.includes('\nFlowFile Attributes:') && text.includes("\n\tasText = 'true'"), text);
  }));

test('an attachment carries the bytes and the name of the FlowFile', () =>
  withServer({}, async ({ port, received }) => {
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7) % 256));
    const run = runner(PutEmail, { properties: { ...BASE, 'SMTP Port': port, Message: 'see below', 'Attach File': 'true' } });
    run.enqueue(bytes, { filename: 'Übersicht 1.bin', 'mime.type': 'application/x-report' });
    await run.run();
    assert.deepEqual(run.counts, { success: 1 });
    const { headers, body } = parsed(received[0]!.text);
    const boundary = /boundary="([^"]+)"/.exec(headers['content-type']!)![1]!;
    const parts = body
      .split(`--${boundary}`)
      .slice(1, 3)
      .map((part) => parsed(part.replace(/^\r\n/, '')));
    assert.equal(decoded(parts[0]!.body), 'see below');
    assert.match(parts[1]!.headers['content-type']!, /^application\/x-report/);
    assert.match(parts[1]!.headers['content-disposition']!, /^attachment; filename\*0?\*?=utf-8''%C3%9Cbersicht%201\.bin/i);
    assert.ok(Buffer.from(parts[1]!.body, 'base64').equals(bytes));
  }));

test('log in after STARTTLS; a wrong password and a certificate that nobody trusts fail', () =>
  withServer({ users: { ann: 'pass' } }, async ({ port, received }) => {
    const properties = {
      ...BASE,
      'SMTP Port': port,
      'SMTP Auth': 'true',
      'SMTP START TLS': 'true',
      'SMTP Username': 'ann',
      'SMTP Password': 'pass',
      'mail.smtp.ssl.trust': '127.0.0.1',
    };
    const good = runner(PutEmail, { properties });
    await good.enqueue('x').run();
    assert.deepEqual(good.counts, { success: 1 });
    assert.deepEqual([received[0]!.user, received[0]!.isEncrypted], ['ann', true]);
    for (const [wrong, reason] of [
      [{ 'SMTP Password': 'guess' }, /Invalid username or password/],
      [{ 'SMTP Username': '${nothing}' }, /SMTP Username gives nothing/],
      [{ 'mail.smtp.ssl.trust': 'elsewhere' }, /self.signed certificate/],
    ] as const) {
      const run = runner(PutEmail, { properties: { ...properties, ...wrong } });
      await run.enqueue('x').run();
      assert.deepEqual(run.counts, { failure: 1 });
      assert.ok(run.yielded > 0);
      assert.match(run.bulletins.at(-1)!.message, reason);
    }
    assert.equal(received.length, 1);
  }));

test('a token in place of a password', () =>
  withServer({ users: { ann: 'token-1' } }, async ({ port, received }) => {
    const run = runner(PutEmail, {
      properties: { ...BASE, 'SMTP Port': port, 'SMTP Auth': 'true', 'SMTP Username': 'ann', 'Authorization Mode': 'oauth-based-authorization-mode' },
      services: { 'OAuth2 Access Token Provider': { token: async () => 'token-1', renew: async () => 'token-2' } },
    });
    await run.enqueue('x').run();
    assert.deepEqual(run.counts, { success: 1 });
    assert.equal(received[0]!.user, 'ann');
  }));

test('the default socket factory speaks TLS first, and goes on without it only where the server does not', async () => {
  const properties = { ...BASE, 'SMTP Socket Factory': 'javax.net.ssl.SSLSocketFactory' };
  await withServer({ secure: true }, async ({ port, received }) => {
    const run = runner(PutEmail, { properties: { ...properties, 'SMTP Port': port, 'mail.smtp.ssl.trust': '*' } });
    await run.enqueue('x').run();
    assert.deepEqual(
      received.map(({ isEncrypted }) => isEncrypted),
      [true],
    );
    const untrusting = runner(PutEmail, { properties: { ...properties, 'SMTP Port': port } });
    await untrusting.enqueue('x').run();
    assert.deepEqual(untrusting.counts, { failure: 1 });
  });
  await withServer({ offersStartTls: false }, async ({ port, received }) => {
    const run = runner(PutEmail, { properties: { ...properties, 'SMTP Port': port } });
    await run.enqueue('x').run();
    assert.deepEqual(run.counts, { success: 1 });
    const strict = runner(PutEmail, { properties: { ...properties, 'SMTP Port': port, 'mail.smtp.socketFactory.fallback': 'false' } });
    await strict.enqueue('x').run();
    assert.deepEqual([strict.counts, received.length], [{ failure: 1 }, 1]);
    const required = runner(PutEmail, { properties: { ...BASE, 'SMTP Port': port, 'mail.smtp.starttls.required': 'true' } });
    await required.enqueue('x').run();
    assert.deepEqual([required.counts, received.length], [{ failure: 1 }, 1]);
  });
});

test('refused recipients, addresses that are none, and servers that are not there', () =>
  withServer({ refuses: ['gone@example.org'] }, async ({ port, received }) => {
    const fails = async (change: Record<string, string>, reason: RegExp): Promise<void> => {
      const run = runner(PutEmail, { properties: { ...BASE, 'SMTP Port': port, ...change } });
      await run.enqueue('x').run();
      assert.deepEqual(run.counts, { failure: 1 });
      assert.match(run.bulletins.at(-1)!.message, reason);
    };
    await fails({ To: 'gone@example.org' }, /gone@example\.org is unknown here/);
    await fails({ To: 'ann@example.org, gone@example.org' }, /but not to gone@example\.org/);
    await fails({ To: 'ann@exam ple.org' }, /is not a list of mail addresses/);
    await fails({ To: '${nobody}' }, /no recipient/);
    await fails({ From: '${nobody}' }, /no sender/);
    assert.equal(received.length, 1);
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    await fails({ 'SMTP Port': String((silent.address() as AddressInfo).port), 'mail.smtp.timeout': '50' }, /Greeting never received|Timeout/);
    const { port: closed } = silent.address() as AddressInfo;
    await new Promise((resolve) => silent.close(resolve));
    await fails({ 'SMTP Port': String(closed) }, /ECONNREFUSED/);
  }));

test('what is not valid', async () => {
  const problems = (change: Record<string, string>) => runner(PutEmail, { properties: { ...BASE, ...change } }).validate();
  assert.deepEqual(await problems({}), []);
  const { To: _, ...nobody } = BASE;
  assert.match((await runner(PutEmail, { properties: nobody }).validate()).join(), /at least one of To, CC and BCC/);
  assert.match((await problems({ 'mail.smtp.host': 'x' })).join(), /has a property of its own/);
  assert.match((await problems({ other: 'x' })).join(), /does not start with mail\.smtp/);
  assert.match((await problems({ 'mail.smtp.quitwait': 'x' })).join(), /does not know/);
  assert.match((await problems({ 'SMTP Auth': 'maybe' })).join(), /true or false/);
});
