import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProcessError } from '../../server/extension/errors.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { defineControllerService, serviceContract } from '../../server/extension/service.ts';
import UpdateAttribute from '../../processors/attributes/UpdateAttribute.ts';
import { runner } from '../runner.ts';

const greeter = serviceContract<{ greet(name: string): string }>('test.Greeter');

const Greet = defineProcessor({
  description: 'Greets',
  tags: [],
  input: 'required',
  properties: {
    greeter: property.service('Greeter', 'Who greets', greeter, { required: true }),
    name: property.text('Name', 'Whom', { default: '${who}', expressions: 'flowfile' }),
  },
  relationships: { success: 'Greeted', failure: 'Nobody there' },
  onScheduled: async () => ({ greeted: 0 }),
  async onTrigger(session, { properties, client, log }) {
    const flowFile = session.get();
    if (!flowFile) return;
    const name = properties.name(flowFile);
    if (name === 'nobody') throw new ProcessError('nobody is there');
    if (name === '') return session.transfer(session.penalize(flowFile), 'failure');
    log.warn(`greets ${name}`);
    session.adjustCounter('greeted', 1);
    await new Promise((resolve) => setTimeout(resolve, 2));
    session.transfer(session.putAttribute(session.write(flowFile, properties.greeter.greet(name)), 'n', String(++client.greeted)), 'success');
  },
});

test('a runner drives an asynchronous processor with a stand-in service', async () => {
  const run = runner(Greet, { services: { Greeter: { greet: (name: string) => `Hello ${name}!` } } });
  run.enqueue('', { who: 'Ada' }).enqueue('', { who: '' }).enqueue('', { who: 'Bob' });
  await run.run(2);
  assert.deepEqual(run.counts, { success: 1, failure: 1 });
  await run.run();
  assert.deepEqual(
    run.out('success').map(({ content, attributes }) => [content, attributes.n]),
    [
      ['Hello Ada!', '1'],
      ['Hello Bob!', '1'],
    ],
  );
  assert.equal(run.out('failure')[0]!.penalized, true);
  assert.deepEqual(run.counters, { greeted: 2 });
  assert.deepEqual(
    run.bulletins.map(({ level, message }) => [level, message]),
    [
      ['WARNING', 'greets Ada'],
      ['WARNING', 'greets Bob'],
    ],
  );
  assert.deepEqual(
    run.provenance.map(({ type }) => type),
    ['CONTENT_MODIFIED', 'ROUTE', 'CONTENT_MODIFIED'],
  );
});

test('a failed trigger leaves its FlowFile queued, penalized, with a bulletin', async () => {
  const Greeter = defineControllerService({
    description: '',
    tags: [],
    properties: { word: property.text('Word', 'Word', { required: true }) },
    provides: [greeter],
    onEnabled: ({ properties }) => ({ greet: (name: string) => `${properties.word} ${name}` }),
  });
  const run = runner(Greet, { services: { Greeter: { definition: Greeter, properties: { Word: 'Hi' } } } });
  run.enqueue('x', { who: 'nobody' });
  await run.run(3);
  assert.equal(run.triggers, 1);
  assert.equal(run.queued[0]!.penalized, true);
  assert.deepEqual(
    run.bulletins.map(({ message }) => message),
    ['nobody is there'],
  );
  await run.start();
  await run.advance(31_000);
  assert.equal(run.queued[0]!.penalized, false);
  await run.stop();
});

test('what is not valid is not run', async () => {
  await assert.rejects(runner(Greet).run(), /'Greeter' is invalid because Greeter is required/);
});

test('a stateful UpdateAttribute counts, and sees its own state', async () => {
  const run = runner(UpdateAttribute, {
    properties: { 'Store State': 'Store state locally', 'Stateful Variables Initial Value': '0', count: "${getStateValue('count'):plus(1)}" },
  });
  for (let i = 0; i < 3; i++) run.enqueue();
  await run.run();
  assert.deepEqual(
    run.out('success').map(({ attributes }) => attributes.count),
    ['1', '2', '3'],
  );
  assert.deepEqual(run.state(), { count: '3' });
});
