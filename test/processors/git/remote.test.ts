import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import GitFlowRegistryClient from '../../../processors/git/GitFlowRegistryClient.ts';
import type { FlowRegistry, SaveRequest } from '../../../server/extension/flow-registry.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';

const backend = (() => {
  try {
    return path.join(execFileSync('git', ['--exec-path'], { encoding: 'utf8' }).trim(), 'git-http-backend');
  } catch {
    return undefined;
  }
})();
const skip = !backend && 'the git program is not installed';

/** git's own server for HTTP, behind a password. */
function serve(request: IncomingMessage, response: ServerResponse, root: string): void {
  if (request.headers.authorization !== `Basic ${Buffer.from('ada:s3cret').toString('base64')}`) return void response.writeHead(401, { 'www-authenticate': 'Basic' }).end();
  const { pathname, search } = new URL(request.url!, 'http://here');
  const env = {
    ...process.env,
    GIT_PROJECT_ROOT: root,
    GIT_HTTP_EXPORT_ALL: '1',
    REMOTE_USER: 'ada',
    PATH_INFO: pathname,
    QUERY_STRING: search.slice(1),
    REQUEST_METHOD: request.method,
    CONTENT_TYPE: request.headers['content-type'] ?? '',
    GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
  };
  const child = spawn(backend!, { env, stdio: ['pipe', 'pipe', 'inherit'] });
  request.pipe(child.stdin);
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.on('close', () => answer(response, Buffer.concat(chunks)));
}

/** A CGI program's answer: its headers, an empty line, its body (RFC 3875, 6). */
function answer(response: ServerResponse, output: Buffer): void {
  const end = output.indexOf('\r\n\r\n');
  const headers = Object.fromEntries(
    output
      .subarray(0, end)
      .toString()
      .split('\r\n')
      .map((line) => line.split(': ') as [string, string]),
  );
  response.writeHead(Number.parseInt(headers.Status ?? '200', 10), headers).end(output.subarray(end + 4));
}

async function withServer(work: (url: string, repository: string) => Promise<void>): Promise<void> {
  const root = temporaryDirectory();
  const repository = path.join(root, 'flows.git');
  mkdirSync(repository, { recursive: true });
  execFileSync('git', ['init', '-q', '--bare', '-b', 'main', repository]);
  execFileSync('git', ['-C', repository, 'config', 'http.receivepack', 'true']);
  const server: Server = createServer((request, response) => serve(request, response, root));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}/flows.git`, repository);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

type Context = Parameters<typeof GitFlowRegistryClient.open>[0];

function contextFor(url: string, password = 's3cret'): Context {
  const properties = { repository: url, create: false, branch: 'main', folder: undefined, excluded: /[.].*/, user: 'ada', password };
  return { properties, dataDirectory: temporaryDirectory(), signal: new AbortController().signal } as unknown as Context;
}

const open = async (url: string, password?: string): Promise<FlowRegistry> => GitFlowRegistryClient.open(contextFor(url, password));

const request = (flow: string, follows: string | undefined): SaveRequest => ({
  location: { branch: 'main', bucket: 'marketing', flow },
  definition: { flowContents: { identifier: 'g', name: flow } },
  comments: 'saved',
  author: 'ada',
  follows,
});

test('two installations share a repository over HTTP: each sees what the other saves, none overwrites the other', { skip }, () =>
  withServer(async (url, repository) => {
    const [a, b] = [await open(url), await open(url)];
    assert.deepEqual(await a.branches(), ['main']);
    const first = await a.save(request('segments', undefined));
    assert.equal(execFileSync('git', ['-C', repository, 'rev-parse', 'main'], { encoding: 'utf8' }).trim(), first.version);
    assert.equal((await b.read({ branch: 'main', bucket: 'marketing', flow: 'segments' })).version, first.version);
    const second = await b.save(request('segments', first.version));
    await assert.rejects(a.save(request('segments', first.version)), /has a newer version/);
    await Promise.all([a.save(request('one', undefined)), b.save(request('two', undefined))]);
    assert.deepEqual((await a.flows('main', 'marketing')).map(({ id }) => id).sort(), ['one', 'segments', 'two']);
    assert.equal((await a.versions({ branch: 'main', bucket: 'marketing', flow: 'segments' }))[0]!.version, second.version);
    execFileSync('git', ['-C', repository, 'branch', 'feature', 'main']);
    assert.deepEqual((await a.branches()).sort(), ['feature', 'main']);
    execFileSync('git', ['-C', repository, 'branch', '-D', 'feature']);
    assert.deepEqual(await a.branches(), ['main']);
  }),
);

test('a wrong password and an address that nobody answers at are told apart, without the password', { skip }, () =>
  withServer(async (url) => {
    await assert.rejects((await open(url, 'wr0ng')).branches(), (thrown: Error) => /does not let this user in/.test(thrown.message) && !thrown.message.includes('wr0ng'));
    const [step] = await GitFlowRegistryClient.verify!(contextFor('http://127.0.0.1:1/flows.git'));
    assert.equal(step!.outcome, 'FAILED');
    assert.match(step!.explanation, /cannot be read .*Check the address and the network/);
  }),
);
