import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { places } from '../../server/config.ts';
import { AuditLog } from '../../server/security/audit-log.ts';
import { verifyAudit } from '../../server/security/verify-audit.ts';
import { ApiClient, type Json, revision } from '../api-client.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const main = path.join(places.project, 'dist', 'server', 'main.js');

class Server extends ApiClient {
  origin = '';
  #token = '';
  readonly #child: ChildProcess;
  readonly #exit: Promise<unknown>;

  constructor(data: string) {
    super();
    this.#child = spawn(process.execPath, [main, 'start', '--no-example', '--port', '0', '--data', data], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#exit = once(this.#child, 'exit');
  }

  /** Waits until it is ready, and logs in. */
  async logIn(known?: string): Promise<string> {
    let output = '';
    for await (const chunk of this.#child.stdout!.iterator({ destroyOnReturn: false })) {
      output += chunk;
      this.origin = /is at (http:\S+)/.exec(output)?.[1] ?? '';
      if (this.origin) break;
    }
    const password = known ?? /with the password (\S+) /.exec(output)![1]!;
    const answer = await fetch(`${this.origin}/nifi-api/access/token`, { method: 'POST', body: new URLSearchParams({ username: 'admin', password }) });
    this.#token = await answer.text();
    return password;
  }

  override send(method: string, url: string, body?: unknown, headers: Record<string, string> = {}) {
    return super.send(method, url, body, { Authorization: `Bearer ${this.#token}`, ...headers });
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exit;
  }
}

function serverOf(context: TestContext, data: string): Server {
  const server = new Server(data);
  context.after(() => server.kill());
  return server;
}

const audit = (data: string, ...words: string[]) => spawnSync(process.execPath, [main, 'audit', ...words, '--data', data], { encoding: 'utf8', timeout: 20_000 });
const linesOf = (text: string): Json[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Json);

test('who did what, when and from where is kept over kill -9, with before and after but no secret, and exported', async (context) => {
  const data = temporaryDirectory();
  const first = serverOf(context, data);
  const password = await first.logIn();
  const processor = await first.source('old text');
  await first.edit(processor, { config: { properties: { 'Custom Text': 'new text' } } });
  await first.ok('POST', '/parameter-contexts', {
    revision: revision(0),
    component: {
      name: 'Shop',
      parameters: [{ parameter: { name: 'key', sensitive: true, value: 'planted-secret' } }, { parameter: { name: 'city', sensitive: false, value: 'Oslo' } }],
    },
  });
  const user = await first.ok('POST', '/tenants/users', { revision: revision(0), component: { identity: 'eve' } });
  await first.ok('PUT', `/tenants/users/${user.id}`, { revision: user.revision, component: { id: user.id, identity: 'eva' } });
  assert.equal((await first.send('POST', '/tenants/users', { revision: revision(0), component: {} })).status, 400);
  await first.kill();
  appendFileSync(path.join(data, 'audit.jsonl'), '{"number":99,"ti');

  const second = serverOf(context, data);
  await second.logIn(password);
  const exported = await second.send('GET', '/api/audit');
  assert.equal(exported.headers.get('content-type'), 'application/x-ndjson');
  const lines = linesOf(exported.text);
  const about = (event: string, kind: string): Json => lines.find((line) => line.event === event && line.kind === kind);

  const edit = about('edited', 'PROCESSOR');
  assert.deepEqual([edit.user, edit.addresses, edit.id], ['admin', ['127.0.0.1'], processor.id]);
  assert.deepEqual(edit.changes, [{ name: 'Custom Text', before: 'old text', after: 'new text', property: true }]);
  assert.ok(Date.parse(edit.time) > 0);
  assert.deepEqual(about('created', 'PARAMETER_CONTEXT').parameters, [
    { name: 'key', after: '********' },
    { name: 'city', after: 'Oslo' },
  ]);
  assert.deepEqual([about('edited', 'USER').before.identity, about('edited', 'USER').after.identity, about('edited', 'USER').user], ['eve', 'eva', 'admin']);
  const refused = lines.find((line) => line.event === 'request' && line.status === 400);
  assert.deepEqual([refused.path, refused.method, refused.address, refused.user], ['/nifi-api/tenants/users', 'POST', '127.0.0.1', 'admin']);
  assert.match(lines.find((line) => line.event === 'repair').message, /last 16 bytes/);
  const file = readFileSync(path.join(data, 'audit.jsonl'), 'utf8');
  assert.doesNotMatch(file, new RegExp(`planted-secret|aes256gcm|${password}`));
  assert.equal(statSync(path.join(data, 'audit.jsonl')).mode & 0o777, 0o600);

  assert.match(audit(data, 'verify').stdout, new RegExp(`All ${lines.length} lines`));
  assert.equal(audit(data, 'export').stdout, file);
  assert.equal((await fetch(`${second.origin}/api/audit`)).status, 401);

  const { actions, total } = (await second.get('/flow/history?offset=0&count=100')).history;
  assert.deepEqual(
    actions.map(({ action }: Json) => [action.operation, action.sourceName, action.userIdentity, action.actionDetails?.value]),
    [
      ['Add', 'Shop', 'admin', undefined],
      ['Configure', 'GenerateFlowFile', 'admin', 'new text'],
      ['Configure', 'GenerateFlowFile', 'admin', 'old text'],
      ['Add', 'GenerateFlowFile', 'admin', undefined],
    ],
    'what was done before the restart is in the history',
  );
  assert.equal((await second.get(`/flow/history/${actions[0].id}`)).action.sourceName, 'Shop');
  assert.deepEqual((await second.get(`/flow/history/components/${processor.id}`)).componentHistory.propertyHistory['Custom Text'].previousValues[0].previousValue, 'new text');
  assert.ok(total >= 3);
  const end = encodeURIComponent('01/01/2200 00:00:00 UTC');
  await second.ok('DELETE', `/controller/history?endDate=${end}`);
  assert.equal((await second.get('/flow/history?offset=0&count=100')).history.total, 0);
  assert.match(audit(data, 'export').stdout, /"event":"history purged","user":"admin"/);
});

test('the first line that was changed, taken out, put in or torn is named; a cut-off end by the head that was kept', async () => {
  const data = temporaryDirectory();
  mkdirSync(data);
  const file = path.join(data, 'audit.jsonl');
  const log = new AuditLog(file, () => 0);
  for (const word of ['one', 'two', 'three', 'four']) log.append({ word });
  const whole = readFileSync(file, 'utf8');
  const lines = whole.trimEnd().split('\n');
  const verdict = async (text: string): Promise<Json> => {
    writeFileSync(file, text);
    return verifyAudit(file, { head: JSON.parse(lines[3]!).hash });
  };
  assert.deepEqual([(await verdict(whole)).lines, (await verdict(whole)).hasHead], [4, true]);
  assert.equal((await verdict(whole.replace('two', 'too'))).broken, 2);
  assert.equal((await verdict(whole.replace(`${lines[1]}\n`, ''))).broken, 2);
  assert.equal((await verdict(whole.replace(lines[2]!, `${lines[1]}\n${lines[2]}`))).broken, 3);
  assert.equal((await verdict(whole.slice(0, -20))).broken, 4);
  assert.deepEqual([(await verdict(whole.replace(`${lines[3]}\n`, ''))).lines, (await verdict(whole.replace(`${lines[3]}\n`, ''))).hasHead], [3, false]);

  writeFileSync(file, whole.replace('three', 'THREE'));
  new AuditLog(file, () => 0).append({ word: 'five' });
  const told = audit(data, 'verify');
  assert.equal(told.status, 1);
  assert.match(told.stderr, /broken at line 3 of audit.jsonl: its content does not match its hash/);
});

test('a full file is put aside and the chain goes on in the next; what is archived is told by its head', async () => {
  const data = temporaryDirectory();
  mkdirSync(data);
  const file = path.join(data, 'audit.jsonl');
  const full = (): string[] => readdirSync(data).filter((name) => name !== 'audit.jsonl');
  for (let start = 0; start < 2; start++) {
    const log = new AuditLog(file, () => 0, 2000);
    for (let line = 0; line < 15; line++) log.append({ word: 'x'.repeat(100) });
  }
  assert.ok(full().length >= 3, full().join());
  assert.match(audit(data, 'verify').stdout, /All 30 lines/);
  const exported = linesOf(audit(data, 'export').stdout);
  assert.deepEqual(
    exported.map(({ number }) => number),
    Array.from({ length: 30 }, (_, index) => index + 1),
  );
  assert.deepEqual(
    [...new AuditLog(file, () => 0, 2000).latest()].map((text) => (JSON.parse(text) as Json).number),
    exported.map(({ number }) => number).reverse(),
  );

  // Killed between putting aside and beginning anew.
  renameSync(file, path.join(data, 'audit-000000000030.jsonl'));
  assert.equal(new AuditLog(file, () => 0, 2000).append({ word: 'next' }), 31);
  assert.match(audit(data, 'verify').stdout, /All 31 lines/);

  const oldest = full()[0]!;
  const head = linesOf(readFileSync(path.join(data, oldest), 'utf8')).at(-1)!.hash as string;
  rmSync(path.join(data, oldest));
  assert.match(audit(data, 'verify').stderr, new RegExp(`broken at line 1 of ${full()[0]}: it does not follow`));
  assert.equal(audit(data, 'verify', '--after', head).status, 0);
  const middle = full()[1]!;
  rmSync(path.join(data, middle));
  assert.equal(audit(data, 'verify', '--after', head).status, 1);
});

test('where there is no audit the commands say so', () => {
  for (const command of ['verify', 'export']) {
    const told = audit(temporaryDirectory(), command);
    assert.deepEqual([told.status, told.stdout], [1, '']);
    assert.match(told.stderr, /^millrace: There is no audit .*Give --data/);
  }
});

test('strangers cannot fill the disk: what does not get in is written down sixty times a minute at most, and then counted', async (context) => {
  const data = temporaryDirectory();
  const server = serverOf(context, data);
  const password = await server.logIn();
  const knock = async (method: string, url: string, body?: string): Promise<number> => {
    const answer = await fetch(`${server.origin}${url}`, { method, body, headers: body ? { 'Content-Type': 'application/x-www-form-urlencoded' } : {} });
    await answer.arrayBuffer();
    return answer.status;
  };
  const statuses = new Set<number>();
  for (let round = 0; round < 100; round++) {
    statuses.add(await knock('POST', '/nifi-api/access/token', 'username=admin'));
    statuses.add(await knock('POST', '/nifi-api/access/token', `username=${'x'.repeat(20_000)}`));
    statuses.add(await knock('PUT', '/nifi-api/authentication/configuration'));
  }
  assert.ok(![...statuses].some((status) => status < 400 || status >= 500), [...statuses].join());
  assert.equal(await knock('POST', '/nifi-api/access/token', `username=admin&password=${password}`), 201);
  const lines = linesOf(audit(data, 'export').stdout).filter(({ event }) => event === 'request');
  const refused = lines.filter(({ status }) => status !== 201);
  // The test may fall into two or three minutes.
  assert.ok(refused.length >= 60 && refused.length <= 180, String(refused.length));
  assert.equal(lines.filter(({ status }) => status === 201).length, 2, 'logins that succeed are always there');
});
