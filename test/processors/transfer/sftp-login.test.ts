import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, randomBytes } from 'node:crypto';
import { truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import ssh2 from 'ssh2';
import FetchSFTP from '../../../processors/transfer/FetchSFTP.ts';
import { KnownHosts } from '../../../server/extension/ssh/known-hosts.ts';
import { connectSftp, type SshSettings } from '../../../processors/transfer/sftp-login.ts';
import type { ProxySettings } from '../../../server/extension/http-services.ts';
import { runner } from '../../runner.ts';
import { httpProxy, listening, socksProxy } from '../../servers/proxies.ts';
import { PASSWORD, SftpServer, USER } from '../../servers/sftp-server.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';
import { messages, place } from './transfer-rig.ts';

const { utils } = ssh2;
const PHRASE = 'a passphrase';
const ed25519 = utils.generateKeyPairSync('ed25519', { passphrase: PHRASE, cipher: 'aes256-ctr', rounds: 16 });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const pkcs8 = rsa.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: PHRASE }).toString();
const rsaPublic = publicOf(rsa.export({ format: 'pem', type: 'pkcs1' }).toString());

let server: SftpServer;
before(async () => {
  server = await SftpServer.start({ authorizedKeys: [ed25519.public, rsaPublic] });
  place(server.root, 'a.txt', 'one');
});
after(() => server.stop());

function publicOf(privateKey: string): string {
  const key = utils.parseKey(privateKey);
  if (key instanceof Error) throw key;
  return `${key.type} ${key.getPublicSSH().toString('base64')}`;
}

function file(content: string): string {
  const name = `${temporaryDirectory()}.txt`;
  writeFileSync(path.join(server.root, '..', path.basename(name)), content);
  return path.join(server.root, '..', path.basename(name));
}

/** What becomes of a FlowFile, and what is told about it. */
async function outcome(properties: Record<string, string>, services = {}): Promise<string> {
  const base: Record<string, string> = { ...server.properties, 'Remote File': '/a.txt', ...properties };
  const run = runner(FetchSFTP, { properties: Object.fromEntries(Object.entries(base).filter(([, value]) => value !== '')), services });
  await run.enqueue('').run();
  await run.close();
  return `${Object.keys(run.counts).join()} ${messages(run)}`;
}

test('a password, a password that is asked for, private keys in three formats', async () => {
  assert.match(await outcome({}), /^success $/);
  assert.match(await outcome({ Password: 'wrong' }), /^comms.failure .*does not let ann in: .*Check Username, Password/);
  assert.match(await outcome({ Username: 'bob' }), /^comms.failure .*does not let bob in/);
  const key = (text: string, phrase = PHRASE): Promise<string> => outcome({ Password: '', 'Private Key Path': file(text), 'Private Key Passphrase': phrase });
  assert.match(await key(ed25519.private), /^success/);
  assert.match(await key(pkcs8), /^success/);
  assert.match(await key(rsa.export({ format: 'pem', type: 'pkcs1' }).toString(), ''), /^success/);
  assert.match(await key(ed25519.private, 'not this one'), /^comms.failure .*integrity|^comms.failure .*passphrase/i);
  assert.match(await key(pkcs8, 'not this one'), /^comms.failure .*The private key .* cannot be used/);
  assert.match(await key('no key'), /^comms.failure .*[Uu]nsupported key format/);
  assert.match(await outcome({ 'Private Key Path': '/no/such/key' }), /^comms.failure .*The private key \/no\/such\/key cannot be read/);
  assert.match(await outcome({ Port: '${filename}' }), /^comms.failure .*not a number from 1 to 65535/);
  const asking = await SftpServer.start({ asks: true });
  place(asking.root, 'a.txt');
  assert.match(await outcome(asking.properties), /^success/);
  assert.match(await outcome({ ...asking.properties, Password: 'wrong' }), /^comms.failure/);
  await asking.stop();
});

test('with strict checking the server must show a key that is known; without, a file of keys is warned about', async () => {
  const strict = (hosts: string): Promise<string> => outcome({ 'Strict Host Key Checking': 'true', 'Host Key File': file(hosts) });
  assert.match(await strict(server.knownHost), /^success $/);
  const other = utils.generateKeyPairSync('ed25519').public;
  const refused = /^comms.failure .*is not among the known hosts \(Strict Host Key Checking\)/;
  assert.match(await strict(`[127.0.0.1]:${server.port} ${other}`), refused);
  assert.match(await strict(`${server.knownHost}\n@revoked ${server.knownHost}`), refused);
  assert.match(await strict(''), refused);
  assert.match(await outcome({ 'Strict Host Key Checking': 'true', 'Host Key File': '/no/such/file' }), /The Host Key File \/no\/such\/file cannot be read/);
  assert.match(await outcome({ 'Host Key File': file('') }), /^success .*whoever answers is trusted/);
});

test('known hosts: patterns, hashes, ports, markers', () => {
  const key = Buffer.from('key');
  const salt = randomBytes(20);
  const hash = createHmac('sha1', salt).update('[hashed.example]:2222').digest('base64');
  const known = new KnownHosts(
    [
      '# a comment',
      `plain.example,*.wild.example,!not.wild.example ssh-ed25519 ${key.toString('base64')} comment`,
      `|1|${salt.toString('base64')}|${hash} ssh-rsa ${key.toString('base64')}`,
      `@cert-authority *.signed.example ssh-rsa ${key.toString('base64')}`,
      'too short',
    ].join('\r\n'),
  );
  const trusted = (host: string, port = 22): boolean => known.trusts(host, port, key);
  assert.deepEqual(
    ['plain.example', 'PLAIN.example', 'a.wild.example', 'not.wild.example', 'a.signed.example', 'xplain.example'].map((host) => trusted(host)),
    [true, true, true, false, false, false],
  );
  assert.deepEqual([trusted('plain.example', 2222), trusted('hashed.example', 2222), trusted('hashed.example')], [false, true, false]);
  assert.deepEqual([known.keyTypes('plain.example', 22), known.keyTypes('hashed.example', 2222), known.keyTypes('none', 22)], [['ssh-ed25519'], ['ssh-rsa'], []]);
  assert.equal(known.trusts('plain.example', 22, Buffer.from('other')), false);
});

test('algorithms may be limited, and what is sent compressed', async () => {
  const custom = { 'Algorithm Negotiation': 'CUSTOM', 'Ciphers Allowed': 'aes256-ctr, aes128-ctr', 'Key Exchange Algorithms Allowed': 'curve25519-sha256' };
  assert.match(await outcome({ ...custom, 'Key Algorithms Allowed': 'rsa-sha2-512', 'Message Authentication Codes Allowed': 'hmac-sha2-256' }), /^success/);
  assert.match(await outcome({ ...custom, 'Key Algorithms Allowed': 'ecdsa-sha2-nistp256' }), /^comms.failure .*no matching host key format/);
  assert.match(await outcome({ ...custom, 'Ciphers Allowed': 'rot13' }), /^comms.failure .*rot13/);
  assert.match(await outcome({ 'Use Compression': 'true' }), /^success/);
});

// ---- proxies

test('through a proxy', async () => {
  const [http, socks] = [httpProxy(), socksProxy()];
  const settings = (type: 'HTTP' | 'SOCKS', port: number, password: string | undefined): { 'Proxy Configuration Service': ProxySettings } => ({
    'Proxy Configuration Service': { type, socksVersion: 5, host: '127.0.0.1', port, user: password && 'ann', password },
  });
  const [httpPort, socksPort] = [await listening(http), await listening(socks)];
  assert.match(await outcome({}, settings('HTTP', httpPort, 'secret')), /^success/);
  assert.match(await outcome({}, settings('HTTP', httpPort, 'wrong')), /^comms.failure .*The proxy .* does not lead to .*407/);
  assert.match(await outcome({}, settings('SOCKS', socksPort, undefined)), /^success/);
  assert.match(await outcome({}, settings('SOCKS', 1, undefined)), /^comms.failure .*The proxy 127.0.0.1:1 does not lead to/);
  http.close();
  socks.close();
});

test('however long a file is, memory holds a window of it', async () => {
  const size = 100 * 1024 ** 2;
  const large = place(server.root, 'large', '');
  truncateSync(large, size);
  const settings: SshSettings = {
    isStrict: false,
    hostKeyFile: undefined,
    connectTimeout: 30_000,
    dataTimeout: 30_000,
    keepsAlive: true,
    compresses: false,
    proxy: undefined,
    ciphers: undefined,
    keyAlgorithms: undefined,
    keyExchanges: undefined,
    authenticationCodes: undefined,
  };
  const connection = await connectSftp({ host: '127.0.0.1', port: server.port, user: USER, password: PASSWORD }, settings, new AbortController().signal);
  let [length, most] = [0, 0];
  const before = process.memoryUsage.rss();
  await connection.write(
    '/copy',
    (async function* () {
      for await (const piece of connection.read('/large')) {
        length += piece.length;
        most = Math.max(most, process.memoryUsage.rss() - before);
        yield piece;
      }
    })(),
  );
  const copied = await connection.find('/copy');
  connection.close();
  assert.deepEqual([length, copied!.size], [size, size]);
  assert.ok(most < 80 * 1024 ** 2, `${most} bytes more than before`);
});
