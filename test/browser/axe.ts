import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Json } from '../api-client.ts';
import type { Scene } from './stage.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Serious violations (WCAG A and AA) inside what a selector finds, once it has come to rest. */
export async function violations({ page }: Scene, selector = '[role=dialog]'): Promise<string[]> {
  // Half faded in, or on the way to another colour, no contrast is what it will be. Endless animations are not waited for.
  await page.evaluate(() => {
    const ends = document.getAnimations().filter((animation) => animation.effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY);
    return Promise.allSettled(ends.map(({ finished }) => finished));
  });
  await page.evaluate(axe);
  return page.evaluate(async (where) => {
    const { axe: checker } = window as unknown as { axe: Json };
    const { violations: found } = await checker.run(where, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] });
    const bad = found.filter(({ impact }: Json) => impact === 'serious' || impact === 'critical');
    return bad.flatMap(({ id, nodes }: Json) => nodes.map(({ html, failureSummary }: Json) => `${id}: ${html.slice(0, 160)} ${failureSummary}`));
  }, selector);
}
