import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { places } from '../../server/config.ts';

/** What the page may load before it shows anything, compressed. */
const MOST_BYTES = 400 * 1024;

test('the JavaScript that the page begins with is under 400 KB gzipped', () => {
  const page = readFileSync(path.join(places.ui, 'index.html'), 'utf8');
  const initial = new Set<string>();
  const add = (file: string): void => {
    if (initial.has(file)) return;
    initial.add(file);
    const code = readFileSync(path.join(places.ui, file), 'utf8');
    for (const [, imported] of code.matchAll(/(?:^|[;}])import(?:[^"'()]*from)?["']\.\/([^"']+\.js)["']/g)) add(`assets/${imported}`);
  };
  for (const [, file] of page.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)) add(file!);
  assert.ok(initial.size > 0, 'the page loads a script');
  const bytes = [...initial].reduce((sum, file) => sum + gzipSync(readFileSync(path.join(places.ui, file))).length, 0);
  assert.ok(bytes < MOST_BYTES, `${[...initial].join(', ')}: ${bytes} bytes`);
});
