import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Attributes } from '../../server/engine/attributes.ts';
import { ContentClaim } from '../../server/engine/content-claim.ts';
import { EVENT_TYPES, ProvenanceEncoder, type ProvenanceFact } from '../../server/engine/provenance.ts';
import { decodeBlock } from '../../server/engine/provenance-decoder.ts';

/** A small generator of repeatable pseudo-random numbers (mulberry32). */
function random(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * limit);
  };
}

const texts = ['', 'a', 'success', 'ünïcödé', '日本語'.repeat(60), 'x'.repeat(127), 'x'.repeat(128), 'é'.repeat(100), 'y'.repeat(100_000)];

function fact(pick: (limit: number) => number, sets: Attributes[]): ProvenanceFact {
  const text = (): string => texts[pick(texts.length)]!;
  const claim = (): ContentClaim => ContentClaim.at(1 + pick(4), pick(2 ** 40), 1 + pick(1000));
  const content = claim();
  const time = 1_800_000_000_000 + pick(1000);
  return {
    type: EVENT_TYPES[pick(EVENT_TYPES.length)]!,
    component: pick(2 ** 33),
    time,
    flowFile: pick(2 ** 47),
    entryDate: time - pick(1e6),
    lineageStart: time - 1e6 - pick(1e9),
    attributes: sets[pick(sets.length)]!,
    previousAttributes: sets[pick(sets.length)]!,
    content,
    previousContent: pick(2) === 0 ? content : claim(),
    sourceQueue: pick(300),
    relationship: text(),
    details: text(),
    transitUri: text(),
    parents: Array.from({ length: pick(4) }, () => pick(1e9)),
    children: Array.from({ length: pick(2000) }, () => pick(1e9)),
  };
}

const plain = (event: ProvenanceFact) => ({
  ...event,
  time: 0,
  attributes: [...event.attributes.entries],
  previousAttributes: [...event.previousAttributes.entries],
  content: [event.content.segment, event.content.offset, event.content.length],
  previousContent: [event.previousContent.segment, event.previousContent.offset, event.previousContent.length],
});

test('what is encoded comes back, whatever it is', () => {
  for (let seed = 0; seed < 30; seed++) {
    const pick = random(seed);
    const sets = Array.from({ length: 6 }, () => Attributes.of(Array.from({ length: pick(5) }, () => [texts[1 + pick(8)]!, texts[pick(9)]!] as const)));
    const encoder = new ProvenanceEncoder();
    for (let round = 0; round < 3; round++) {
      const facts = Array.from({ length: 1 + pick(40) }, () => fact(pick, sets));
      for (const one of facts) encoder.add({ ...one, time: facts[0]!.time });
      const events = decodeBlock(encoder.take(7)!);
      assert.deepEqual(
        events.map(({ eventId }) => eventId),
        facts.map((_, i) => 7 + i),
      );
      assert.deepEqual(
        events.map(({ eventId, ...event }) => ({ ...plain(event), entryDate: 0, lineageStart: 0 })),
        facts.map((one) => ({ ...plain(one), entryDate: 0, lineageStart: 0 })),
      );
    }
  }
});

test('a block knows its ranges, and an empty one is none', () => {
  const encoder = new ProvenanceEncoder();
  assert.equal(encoder.take(1), null);
  const pick = random(1);
  const base = fact(pick, [Attributes.none]);
  for (const [time, flowFile] of [
    [10, 5],
    [12, 3],
    [15, 9],
  ] as const)
    encoder.add({ ...base, time, flowFile, entryDate: time, lineageStart: time, children: [2], parents: [] });
  const block = encoder.take(1)!;
  assert.deepEqual([block.firstTime, block.lastTime, block.firstFlowFile, block.lastFlowFile, block.count], [10, 15, 2, 9, 3]);
});
