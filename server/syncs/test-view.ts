import { createHash } from 'node:crypto';
import type { Sync } from './sync.ts';
import type { TestView } from './views.ts';

/** What a test is about: the configuration of everything in the group, its parameters included. It changes when any of it does. */
export function digestOf({ group }: Sync): string {
  const hash = createHash('sha256');
  for (const each of group.tree()) {
    for (const node of each.configured()) hash.update(`${node.id} ${JSON.stringify([...node.properties.effective])}\n`);
    for (const [name, { parameter }] of each.parameterContext?.effective() ?? []) hash.update(`${name}=${parameter.value ?? ''}\n`);
  }
  return hash.digest('hex');
}

/** The latest test of a sync; null where there was none. */
export function testView(sync: Sync): TestView | null {
  const { test } = sync.record;
  if (!test) return null;
  return {
    started: new Date(test.started).toISOString(),
    ended: new Date(test.ended).toISOString(),
    passed: test.passed,
    current: test.digest === digestOf(sync),
    steps: test.steps,
  };
}
