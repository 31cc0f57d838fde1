import assert from 'node:assert/strict';
import { test } from 'node:test';
import MapCacheClientService from '../../../processors/cache/MapCacheClientService.ts';
import SetCacheClientService from '../../../processors/cache/SetCacheClientService.ts';
import SetCacheServer from '../../../processors/cache/SetCacheServer.ts';
import { MAP_CACHE, SET_CACHE } from '../../../server/extension/map-cache.ts';
import { defineProcessor } from '../../../server/extension/processor.ts';
import { property } from '../../../server/extension/property.ts';
import { serviceContract } from '../../../server/extension/service.ts';
import { type RealService, runner, temporaryDirectory } from '../../runner.ts';

/** Says of each FlowFile whether the set had its content, and removes what begins with a minus. */
const prober = defineProcessor({
  description: 'A test',
  tags: [],
  input: 'required',
  properties: {
    set: property.service('Set', 'The set', SET_CACHE, { required: true }),
    server: property.service('Server', 'Its server', serviceContract<unknown>('none')),
    map: property.service('Map', 'A client of the wrong kind', MAP_CACHE),
  },
  relationships: { success: 'All' },
  async onTrigger(session, { properties: { set, map } }) {
    const flowFile = session.get();
    if (!flowFile) return;
    const text = session.read(flowFile).toString();
    const value = text.replace(/^[-?!]/, '');
    const answer =
      text[0] === '-'
        ? await set.remove(value)
        : text[0] === '?'
          ? await set.contains(value)
          : text[0] === '!'
            ? await map!.get(value).catch((error: Error) => error.message)
            : await set.addIfAbsent(value);
    session.transfer(session.write(flowFile, String(answer)), 'success');
  },
});

test('a set keeps each value once, and is no map', async () => {
  const at = { 'Server Hostname': 'localhost', 'Server Port': '21900' };
  const real = (definition: unknown, properties: Readonly<Record<string, string>>): RealService => ({ definition, properties }) as RealService;
  const server = { ...real({ ...SetCacheServer, provides: [serviceContract('none')] }, { Port: '21900', 'Persistence Directory': temporaryDirectory() }) };
  const run = runner(prober, { services: { Set: real(SetCacheClientService, at), Server: server, Map: real(MapCacheClientService, at) } });
  for (const text of ['a', 'a', 'b', '?b', '-b', '?b', '-b', '!a']) run.enqueue(text);
  await run.run(8);
  assert.deepEqual(
    run.out('success').map(({ content }) => content),
    ['true', 'false', 'true', 'true', 'true', 'false', 'false', 'There is no cache at port 21900: enable a MapCacheServer with this port.'],
  );
  await run.close();
});
