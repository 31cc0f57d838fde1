import type { Walk } from '../walk.ts';

/** What Millrace does not offer: every operation answers 501 with a sentence. */
const ABSENT = [
  /^\S+ \/remote-process-groups\//,
  /^\S+ \/site-to-site/,
  /^\S+ \/data-transfer\//,
  /^GET \/flow\/remote-process-groups\//,
  /^POST \/process-groups\/\{id\}\/remote-process-groups$/,
  /^\S+ \/controller\/nar-manager\/nars\//,
];

export function isAbsent(key: string): boolean {
  return ABSENT.some((pattern) => pattern.test(key));
}

export async function walkAbsent(walk: Walk, keys: Iterable<string>): Promise<void> {
  await walk.call('GET /controller/nar-manager/nars');
  for (const key of keys) {
    if (!isAbsent(key)) continue;
    const { status } = await walk.call(key, { portType: 'input-ports' }, /^(?:POST|PUT)/.test(key) ? { body: {} } : {});
    if (status !== 501) walk.outcomes.get(key)!.faults.add(`answers ${status}: it is said not to be offered`);
  }
}
