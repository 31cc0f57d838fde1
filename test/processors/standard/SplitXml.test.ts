import assert from 'node:assert/strict';
import { test } from 'node:test';
import SplitXml from '../../../processors/standard/SplitXml.ts';
import { runner } from '../../runner.ts';

async function split(content: string | Uint8Array, depth = 1) {
  const run = runner(SplitXml, { properties: { 'Split Depth': String(depth) } });
  run.enqueue(content, { filename: 'f.xml' });
  await run.run();
  return run;
}

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>';

test('elements of a depth become documents, with namespaces and escapes', async () => {
  const run = await split('<r xmlns="u:1" xmlns:p="u:2"><!-- c --><a x="1 &lt; &quot;2&quot;">t &amp; <b/><![CDATA[<raw>]]></a>text<p:c/></r>');
  assert.deepEqual(
    run.out('split').map(({ content }) => content),
    [`${HEAD}<a xmlns="u:1" xmlns:p="u:2" x="1 &lt; &quot;2&quot;">t &amp; <b/>&lt;raw&gt;</a>`, `${HEAD}<p:c xmlns="u:1" xmlns:p="u:2"/>`],
  );
  const { attributes } = run.out('split')[1]!;
  assert.deepEqual([attributes['fragment.index'], attributes['fragment.count'], attributes['segment.original.filename']], ['1', '2', 'f.xml']);
  assert.equal(run.out('original')[0]!.attributes['fragment.count'], '2');
});

test('deeper, and in other character sets', async () => {
  assert.deepEqual(
    (await split('<r><a><x>1</x><x>2</x></a><a><x>3</x></a></r>', 2)).out('split').map(({ content }) => content.slice(HEAD.length)),
    ['<x>1</x>', '<x>2</x>', '<x>3</x>'],
  );
  assert.equal((await split(Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><r><a>ä</a></r>', 'latin1'))).out('split')[0]!.content, `${HEAD}<a>ä</a>`);
  assert.equal((await split(Buffer.from('\ufeff<r><a>ä</a></r>', 'utf16le'))).out('split')[0]!.content, `${HEAD}<a>ä</a>`);
});

test('what is not XML, is a bomb or a bottomless pit fails', async () => {
  const bomb = '<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><r><x>&b;</x></r>';
  for (const content of ['', '<r><a></r>', '<r><a>', 'text', bomb, '<a>'.repeat(10_000), Buffer.from([0x3c, 0x72, 0x3e, 0xff])]) {
    const run = await split(content);
    assert.deepEqual(run.counts, { failure: 1 });
  }
});
