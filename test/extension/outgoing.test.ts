import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { outgoingRules } from '../../server/config.ts';
import { checkThroughProxy, limitOutgoing } from '../../server/extension/outgoing.ts';
import { OutgoingRules } from '../../server/extension/outgoing-rules.ts';
import { GENERATE, RestRig, until } from '../rest/rest-rig.ts';

const RULES = 'api.example.com:443,*.example.org,10.1.0.0/16,[::1]:5432,127.0.0.1';

const table: [host: string, address: string, port: number, may: boolean][] = [
  ['api.example.com', '93.184.216.34', 443, true],
  ['API.example.com.', '93.184.216.34', 443, true],
  ['api.example.com', '93.184.216.34', 80, false],
  ['x.y.example.org', '93.184.216.34', 80, true],
  ['example.org', '93.184.216.34', 80, false],
  ['evilexample.org', '93.184.216.34', 80, false],
  ['x.example.org', '169.254.169.254', 80, false],
  ['x.example.org', '::ffff:169.254.169.254', 80, false],
  ['x.example.org', '::ffff:a9fe:a9fe', 80, false],
  ['x.example.org', '64:ff9b::a9fe:a9fe', 80, false],
  ['x.example.org', '2002:a9fe:a9fe::1', 80, false],
  ['x.example.org', 'fd00:ec2::254', 80, false],
  ['x.example.org', '192.168.1.1', 80, false],
  ['x.example.org', '0.0.0.0', 80, false],
  ['x.example.org', '168.63.129.16', 80, false],
  ['10.1.2.3', '10.1.2.3', 80, true],
  ['x.example.org', '10.1.2.3', 80, true],
  ['10.2.2.3', '10.2.2.3', 80, false],
  ['::1', '::1', 5432, true],
  ['::1', '::1', 80, false],
  ['127.0.0.2', '127.0.0.2', 80, false],
  ['93.184.216.34', '93.184.216.34', 443, false],
];

test('which connections the rules allow', () => {
  const rules = OutgoingRules.parse(RULES);
  for (const [host, address, port, may] of table) assert.equal(rules.addressProblem(host, address, port) === undefined, may, `${host} ${address} ${port}`);
  assert.match(OutgoingRules.parse('none').nameProblem('example.com', 80)!, /can allow example\.com by --allow-outgoing/);
  assert.match(OutgoingRules.parse('*').addressProblem('rebound.example.com', '127.0.0.1', 80)!, /has the address 127\.0\.0\.1, which is not public/);
  assert.match(rules.socketProblem('/var/run/docker.sock')!, /unix:\/var\/run\/docker\.sock/);
  for (const wrong of ['a_b!', '10.0.0.0/33', 'host:99999', '*.*']) assert.throws(() => outgoingRules(wrong), /--allow-outgoing: .* Give hosts/, wrong);
});

const serve = async (location?: string) => {
  const server = createServer((_, response) => response.writeHead(location ? 302 : 200, location ? { location } : {}).end('hello')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
};

test('InvokeHTTP, PostgreSQL and SFTP are held by the rules, through redirects and names too, and the bulletin names host and setting', async () => {
  const hidden = await serve();
  const redirecting = await serve(`http://127.0.0.1:${hidden.port}/`);
  await RestRig.with(async (rig) => {
    const own = (rig.server.address() as AddressInfo).port;
    limitOutgoing(OutgoingRules.parse(`127.0.0.1:${own},127.0.0.1:${redirecting.port}`));
    assert.throws(() => checkThroughProxy('elsewhere.example.com', 443), /elsewhere\.example\.com:443 are not allowed/);
    const source = await rig.processor(GENERATE, { schedulingPeriod: '1 day' });
    for (const url of [`http://127.0.0.1:${redirecting.port}/`, `http://localhost:${hidden.port}/`, `http://[::ffff:127.0.0.1]:${hidden.port}/`]) {
      const invoke = await rig.processor('org.apache.nifi.processors.standard.InvokeHTTP', {
        properties: { 'HTTP URL': url, 'HTTP Method': 'GET' },
        autoTerminatedRelationships: ['Original', 'Response', 'Retry', 'No Retry', 'Failure'],
      });
      await rig.connect(source, invoke);
      await rig.runStatus(invoke, 'RUNNING');
    }
    await rig.runStatus(source, 'RUNNING');
    const told = (): string[] => rig.flow.bulletins.find().map(({ message }) => message);
    await until(() => told().filter((message) => /are not allowed here.*--allow-outgoing/.test(message)).length >= 3);
    assert.ok(told().some((message) => message.includes(`Connections to 127.0.0.1:${hidden.port} are not allowed`)));
    assert.ok(told().some((message) => message.includes(`Connections to localhost:${hidden.port} are not allowed`)));
    const { default: pg } = await import('pg');
    await assert.rejects(new pg.Client({ host: '127.0.0.1', port: hidden.port }).connect(), /are not allowed here/);
    const { default: ssh2 } = await import('ssh2');
    const [failure] = await once(new ssh2.Client().connect({ host: 'localhost', port: hidden.port, username: 'x' }), 'error').catch((thrown: Error) => [thrown]);
    assert.match((failure as Error).message, /are not allowed here/);
  }).finally(() => {
    hidden.close();
    redirecting.close();
  });
});
