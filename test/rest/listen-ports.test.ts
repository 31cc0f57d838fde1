import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AccessRig } from './authorization/access-rig.ts';
import { type Json, RestRig, revision } from './rest-rig.ts';

const standard = (name: string): string => `org.apache.nifi.processors.standard.${name}`;

test('the ports at which components are configured to listen', () =>
  RestRig.with(async (rig) => {
    assert.deepEqual((await rig.get('/flow/listen-ports')).listenPorts, []);
    const tcp = await rig.processor(standard('ListenTCP'), { properties: { Port: '${literal(6000):plus(1)}' } });
    await rig.processor(standard('ListenSyslog'), { properties: { 'TCP Port': '6514', 'UDP Port': '6515' } });
    await rig.processor(standard('ListenHTTP'), { properties: { 'Listening Port': '8081', 'Listening Port for Health Check Requests': '8082' } });
    await rig.processor(standard('ListenUDP'), {});
    await rig.processor(standard('ListenUDP'), { properties: { Port: 'none' } });
    const { listenPorts } = await rig.get('/flow/listen-ports');
    const told = listenPorts.map(({ portName, portNumber, transportProtocol, applicationProtocols }: Json) => [portName, portNumber, transportProtocol, ...applicationProtocols]);
    assert.deepEqual(
      told.sort((a: Json, b: Json) => a[1] - b[1]),
      [
        ['Port', 6001, 'TCP'],
        ['UDP Port', 6515, 'UDP', 'syslog'],
        ['Listening Port', 8081, 'TCP', 'http/1.1'],
      ],
    );
    const { component } = tcp;
    const found = listenPorts.find(({ componentId }: Json) => componentId === tcp.id);
    const { componentType, componentName, componentClass, parentGroupId, parentGroupName } = found;
    assert.deepEqual(
      { componentType, componentName, componentClass, parentGroupId, parentGroupName },
      {
        componentType: 'Processor',
        componentName: component.name,
        componentClass: standard('ListenTCP'),
        parentGroupId: component.parentGroupId,
        parentGroupName: rig.flow.root.name,
      },
    );
  }));

test('ports of components that somebody may not read are not told', () =>
  AccessRig.with(async (a) => {
    await a.ok('admin', 'POST', '/process-groups/root/processors', { revision: revision(0), component: { type: standard('ListenTCP'), config: { properties: { Port: '6000' } } } });
    const count = async (who: string): Promise<number> => (await a.ok(who, 'GET', '/flow/listen-ports')).listenPorts.length;
    assert.deepEqual([await count('admin'), await count('viewer')], [1, 0]);
  }));

test('what works is not tested: 409, with what to do', () =>
  RestRig.with(async (rig) => {
    const ask = (resource: string, id: string) => rig.send('POST', `/${resource}/${id}/config/verification-requests`, { request: { componentId: id, properties: {} } });
    const made = await rig.processor('test.Speak');
    await rig.runStatus(made, 'RUNNING');
    const running = await ask('processors', made.id);
    assert.deepEqual([running.status, /because it is running\. Stop it first\./.test(running.text)], [409, true]);
    await rig.runStatus(made, 'STOPPED');
    assert.equal((await ask('processors', made.id)).status, 200);
    const service = await rig.ok('POST', '/process-groups/root/controller-services', { revision: revision(0), component: { type: 'test.Word' } });
    assert.equal((await ask('controller-services', service.id)).status, 200);
    await rig.ok('PUT', `/controller-services/${service.id}/run-status`, { revision: service.revision, state: 'ENABLED' });
    const enabled = await ask('controller-services', service.id);
    assert.deepEqual([enabled.status, /Disable it first\./.test(enabled.text)], [409, true]);
  }));
