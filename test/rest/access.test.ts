import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { once } from 'node:events';
import { syncBuiltinESMExports } from 'node:module';
import { mock, test } from 'node:test';
import { SignJWT, UnsecuredJWT } from 'jose';
import WebSocket from 'ws';
import { TOKEN_SECONDS } from '../../server/security/tokens.ts';
import { LoginRig, PASSWORD } from '../security/login-rig.ts';
import { type Answer, GENERATE, type Json, RestRig, revision, until } from './rest-rig.ts';

type Headers = Record<string, string>;

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };
const WRONG = 'The supplied username and password are not valid.';
const NEW_LABEL = { revision: revision(0), component: { label: 'x' } };

/** A server that wants to know who asks, and what stands behind its door. */
async function withLogin(use: (rig: RestRig, door: LoginRig) => Promise<void>): Promise<void> {
  const door = await LoginRig.make();
  await RestRig.with((rig) => use(rig, door), { login: door.login });
}

function logIn(rig: RestRig, username = 'admin', password = PASSWORD): Promise<Answer> {
  return rig.send('POST', '/access/token', new URLSearchParams({ username, password }).toString(), FORM);
}

const bearer = (token: string): Headers => ({ Authorization: `Bearer ${token}` });

/** The cookies of an answer, as a browser sends them back. */
function cookies({ headers }: Answer): string {
  return headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}

function requestToken(answer: Answer): string {
  return /Request-Token=([^;]+)/.exec(cookies(answer))![1]!;
}

test('a right password is answered with a token and two cookies', () =>
  withLogin(async (rig) => {
    const answer = await logIn(rig);
    assert.equal(answer.status, 201);
    assert.match(answer.headers.get('content-type')!, /^text\/plain/);
    const [session, proof] = answer.headers.getSetCookie();
    assert.equal(session, `Authorization-Bearer=${answer.text}; Path=/; HttpOnly; SameSite=Strict`);
    assert.match(proof!, /^Request-Token=[0-9a-f-]{36}; Path=\/; SameSite=Strict$/);
    const { json } = await rig.send('GET', '/flow/current-user', undefined, bearer(answer.text));
    assert.deepEqual([json.identity, json.anonymous, json.logoutSupported], ['admin', false, true]);
    assert.ok(!rig.log.join().includes(answer.text));
  }));

test('what is not a name and its password is refused', () =>
  withLogin(async (rig) => {
    const form = (text: string, headers: Headers = FORM): Promise<Answer> => rig.send('POST', '/access/token', text, headers);
    const table: [string, Promise<Answer>, number, RegExp | string][] = [
      ['a wrong password', logIn(rig, 'admin', `${PASSWORD} `), 400, WRONG],
      ['an unknown user', logIn(rig, 'nobody', PASSWORD), 400, WRONG],
      ['a name in another case', logIn(rig, 'Admin', PASSWORD), 400, WRONG],
      ['no password', form('username=admin'), 400, /must be specified/],
      ['an empty one', logIn(rig, 'admin', ''), 400, /must be specified/],
      ['two', form('username=admin&password=a&password=b'), 400, /must be specified, each once/],
      ['nothing', form(''), 400, /must be specified/],
      ['JSON', form(JSON.stringify({ username: 'admin', password: PASSWORD }), { 'Content-Type': 'application/json' }), 400, /application\/x-www-form-urlencoded/],
      ['in the query', rig.send('POST', `/access/token?username=admin&password=${encodeURIComponent(PASSWORD)}`), 400, /must be specified/],
      ['a long one', logIn(rig, 'admin', 'x'.repeat(20_000)), 413, /too large/],
    ];
    for (const [what, sent, status, message] of table) {
      const answer = await sent;
      assert.equal(answer.status, status, what);
      if (typeof message === 'string') assert.equal(answer.text, message);
      else assert.match(answer.text, message);
      assert.deepEqual(answer.headers.getSetCookie(), []);
      assert.ok(!rig.log.join().includes(PASSWORD));
    }
  }));

test('without a token that counts there is 401 everywhere but at the door', () =>
  withLogin(async (rig, door) => {
    const good = (await logIn(rig)).text;
    const expired = (await logIn(rig)).text;
    const claims = {
      sub: 'admin',
      userId: door.users.find('admin')!.id,
      jti: 'x',
      iss: 'millrace',
      aud: 'millrace',
      passwordVersion: 1,
      iat: door.seconds,
      exp: door.seconds + 60,
    };
    const foreign = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.alloc(32, 1));
    const table: [string, Headers, RegExp][] = [
      ['none', {}, /^Bearer$/],
      ['another scheme', { Authorization: `Basic ${btoa(`admin:${PASSWORD}`)}` }, /^Bearer$/],
      ['another cookie', { Cookie: `__Secure-Authorization-Bearer=${good}` }, /^Bearer$/],
      ['empty', { Authorization: 'Bearer ' }, /invalid_token|^Bearer$/],
      ['garbled', bearer('a.b.c'), /invalid_token/],
      ['tampered', bearer(`${good.slice(0, -4)}AAAA`), /invalid_token/],
      ['alg none', bearer(new UnsecuredJWT(claims).encode()), /invalid_token/],
      ['signed with another key', bearer(foreign), /invalid_token/],
      ['a garbled cookie', { Cookie: 'Authorization-Bearer=a.b.c' }, /invalid_token/],
      ['a garbled header beside a good cookie', { ...bearer('a.b.c'), Cookie: `Authorization-Bearer=${good}` }, /invalid_token/],
    ];
    const routes: [string, string][] = [
      ['GET', '/flow/current-user'],
      ['GET', '/flow/process-groups/root'],
      ['POST', '/process-groups/root/labels'],
      ['DELETE', '/access/logout'],
      ['GET', '/nowhere'],
      ['GET', '/api/components/x/state'],
      ['GET', '/Flow/About/'],
    ];
    const refused = async (what: string, headers: Headers, challenge: RegExp): Promise<void> => {
      for (const [method, url] of routes) {
        const answer = await rig.send(method, url, method === 'POST' ? NEW_LABEL : undefined, headers);
        assert.equal(answer.status, 401, `${what}: ${method} ${url}`);
        assert.match(answer.headers.get('www-authenticate')!, challenge);
        assert.match(answer.text, /Log in/);
      }
    };
    for (const row of table) await refused(...row);
    assert.equal((await rig.send('GET', '/flow/about', undefined, bearer(good))).status, 200);
    door.now += TOKEN_SECONDS * 1000;
    await refused('expired', bearer(expired), /invalid_token/);
    const body = '{'.repeat(100);
    for (const url of ['/process-groups/root/labels', '/access/logout'])
      assert.equal((await rig.send('POST', url, body, { 'Content-Type': 'application/json' })).status, 401, 'bodies of strangers are not read');
    assert.match((await rig.send('POST', '/access/token', body, { 'Content-Type': 'application/json' })).text, /must be specified/, 'nor here');
  }));

test('strangers may ask how to log in, and for nothing else', () =>
  withLogin(async (rig) => {
    const { json } = await rig.send('GET', '/authentication/configuration');
    assert.deepEqual(json.authenticationConfiguration, {
      externalLoginRequired: false,
      loginSupported: true,
      loginUri: `${rig.origin}/#/login`,
      logoutUri: `${rig.origin}/#/logout`,
    });
    const page = await fetch(`${rig.origin}/`);
    assert.equal(page.status, 404, 'past the API: there is no canvas in this test');
    const complete = await fetch(`${rig.origin}/nifi-api/access/logout/complete`, { redirect: 'manual' });
    assert.deepEqual([complete.status, complete.headers.get('location')], [302, '/']);
  }));

test('a cookie reads; it writes only with the request token in a header', () =>
  withLogin(async (rig) => {
    const answer = await logIn(rig);
    const [session, proof] = [`Authorization-Bearer=${answer.text}`, requestToken(answer)];
    const write = (headers: Headers): Promise<Answer> => rig.send('POST', '/process-groups/root/labels', NEW_LABEL, headers);
    const table: [string, Headers, number][] = [
      ['neither', { Cookie: session }, 403],
      ['the cookie alone', { Cookie: cookies(answer) }, 403],
      ['the header alone', { Cookie: session, 'Request-Token': proof }, 403],
      ['another', { Cookie: cookies(answer), 'Request-Token': crypto.randomUUID() }, 403],
      ['a part', { Cookie: cookies(answer), 'Request-Token': proof.slice(1) }, 403],
      ['empty', { Cookie: `${session}; Request-Token=`, 'Request-Token': '' }, 403],
      ['both', { Cookie: cookies(answer), 'Request-Token': proof }, 201],
      ['a bearer needs none', bearer(answer.text), 201],
      ['nor beside a cookie', { ...bearer(answer.text), Cookie: session }, 201],
      ['another site', { Cookie: cookies(answer), 'Request-Token': proof, Origin: 'https://evil.example' }, 403],
    ];
    for (const [what, headers, status] of table) assert.equal((await write(headers)).status, status, what);
    const read = await rig.send('GET', '/flow/current-user', undefined, { Cookie: session });
    assert.equal(read.json.identity, 'admin');
    assert.match(cookies(read), /^Request-Token=[0-9a-f-]{36}$/, 'a page that lost it gets another one');
    assert.deepEqual((await rig.send('GET', '/flow/current-user', undefined, { Cookie: cookies(answer) })).headers.getSetCookie(), []);
  }));

test('request tokens are compared in constant time', () =>
  withLogin(async (rig) => {
    const answer = await logIn(rig);
    const compare = mock.method(crypto, 'timingSafeEqual');
    syncBuiltinESMExports();
    try {
      await rig.send('DELETE', '/access/logout', undefined, { Cookie: cookies(answer), 'Request-Token': crypto.randomUUID() });
      assert.equal(compare.mock.callCount(), 1);
    } finally {
      compare.mock.restore();
      syncBuiltinESMExports();
    }
  }));

test('logging out ends this token, not the others, and takes the cookies back', () =>
  withLogin(async (rig, door) => {
    const [first, second] = [await logIn(rig), await logIn(rig)];
    const logOut = (headers: Headers): Promise<Answer> => rig.send('DELETE', '/access/logout', undefined, headers);
    assert.equal((await logOut({ Cookie: cookies(first) })).status, 403);
    const answer = await logOut({ Cookie: cookies(first), 'Request-Token': requestToken(first) });
    assert.equal(answer.status, 200);
    assert.deepEqual(
      answer.headers.getSetCookie().map((cookie) => cookie.replace(/Expires=Thu, 01 Jan 1970[^;]*/, 'gone')),
      ['Authorization-Bearer=; Path=/; gone; HttpOnly; SameSite=Strict', 'Request-Token=; Path=/; gone; SameSite=Strict'],
    );
    for (const headers of [bearer(first.text), { Cookie: cookies(first) }] as Headers[]) assert.equal((await rig.send('GET', '/flow/about', undefined, headers)).status, 401);
    assert.equal((await logOut(bearer(first.text))).status, 401);
    assert.equal((await logOut(bearer(second.text))).status, 200);
    assert.equal(door.revoked, 2);
    door.now += TOKEN_SECONDS * 1000;
    await logOut(bearer((await logIn(rig)).text));
    assert.equal(door.revoked, 1);
  }));

test('after five failures the next try waits, for the user and for the address', () =>
  withLogin(async (rig, door) => {
    for (let n = 0; n < 5; n++) assert.equal((await logIn(rig, 'admin', `wrong ${n}`)).status, 400);
    for (const name of ['admin', 'another']) {
      const answer = await logIn(rig, name);
      assert.deepEqual([answer.status, answer.headers.get('retry-after')], [429, '1']);
      assert.match(answer.text, /Try again in 1 seconds/);
    }
    door.now += 1000;
    assert.equal((await logIn(rig, 'admin', 'wrong')).status, 400);
    assert.equal((await logIn(rig)).headers.get('retry-after'), '2', 'it doubles');
    door.now += 2000;
    assert.equal((await logIn(rig)).status, 201);
  }));

test('what is changed bears the name of who changed it', () =>
  withLogin(async (rig, door) => {
    await door.users.setPassword('jane', PASSWORD);
    const [admin, jane] = [bearer((await logIn(rig)).text), bearer((await logIn(rig, 'jane')).text)];
    const component = { type: GENERATE };
    const made = (await rig.send('POST', '/process-groups/root/processors', { revision: revision(0), component }, admin)).json;
    const change = { revision: made.revision, component: { id: made.id, name: 'of Jane' } };
    const changed = (await rig.send('PUT', `/processors/${made.id}`, change, jane)).json;
    assert.deepEqual([made.revision.lastModifier, changed.revision.lastModifier], ['admin', 'jane']);
    const { history } = (await rig.send('GET', '/flow/history?offset=0&count=10', undefined, admin)).json;
    assert.deepEqual(new Set(history.actions.map(({ action }: Json) => `${action.operation} ${action.userIdentity}`)), new Set(['Add admin', 'Configure jane']));
  }));

test('live updates are for those who are let in, and as long as they are', () =>
  withLogin(async (rig) => {
    const answer = await logIn(rig);
    const open = async (headers: Headers): Promise<WebSocket> => {
      const socket = new WebSocket(`ws://127.0.0.1:${rig.port}/api/live`, { headers });
      await once(socket, 'open');
      return socket;
    };
    const table: [Headers, RegExp][] = [
      [{}, /401/],
      [bearer('a.b.c'), /401/],
      [{ Cookie: 'Authorization-Bearer=a.b.c' }, /401/],
      [{ Cookie: cookies(answer), Origin: 'https://evil.example' }, /403/],
      [{ ...bearer(answer.text), Host: 'evil.example' }, /403/],
    ];
    for (const [headers, status] of table) await assert.rejects(open(headers), status);
    mock.timers.enable({ apis: ['setInterval'] });
    try {
      const sockets = [await open(bearer(answer.text)), await open({ Cookie: cookies(answer), Origin: rig.origin })];
      const closed = Promise.all(sockets.map(async (socket) => (await once(socket, 'close'))[0] as number));
      mock.timers.tick(10_000);
      await new Promise((resolve) => setTimeout(resolve, 50));
      assert.deepEqual(
        sockets.map(({ readyState }) => readyState),
        [WebSocket.OPEN, WebSocket.OPEN],
      );
      await rig.send('DELETE', '/access/logout', undefined, bearer(answer.text));
      mock.timers.tick(10_000);
      assert.deepEqual(await closed, [1008, 1008]);
    } finally {
      mock.timers.reset();
    }
    await until(async () => (await rig.send('GET', '/flow/about')).status === 401);
  }));

test('a server without login says so', () =>
  RestRig.with(async (rig) => {
    assert.equal((await logIn(rig)).status, 409);
    assert.equal((await rig.send('DELETE', '/access/logout')).status, 409);
    assert.deepEqual((await rig.send('GET', '/authentication/configuration')).json.authenticationConfiguration, { externalLoginRequired: false, loginSupported: false });
    assert.equal((await rig.send('GET', '/flow/current-user')).json.identity, 'anonymous');
  }));
