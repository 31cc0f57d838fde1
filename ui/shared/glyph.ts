import type { IconName } from './icons.ts';

export interface Glyph {
  readonly icon: IconName;
  /** Of its tile, degrees; without one the tile is grey. */
  readonly hue?: number;
}

/** Words in a type's name and what they look like; the first that fits counts. */
const GLYPHS: readonly (readonly [RegExp, IconName, number])[] = [
  [/^(Put|Write|Publish|Send|Load|Upsert|Sync).*(Warehouse|Database|SQL|Record|Table)/, 'upload', 265],
  [/Query|Warehouse|Database|SQL|Table/, 'database', 205],
  [/Map|Convert|Transform|Jolt|Rename/, 'shuffle', 300],
  [/Route|Control|Filter|Distribute/, 'branch', 85],
  [/Merge|Join|Union/, 'merge', 330],
  [/Split|Fork|Partition|Segment/, 'split', 45],
  [/Attribute|Tag/, 'tag', 165],
  [/Generate/, 'spark', 110],
  [/Execute|Script|Groovy/, 'code', 20],
  [/Log|Debug/, 'log', 0],
  [/Contact|Customer|Profile|Hub[Ss]pot|Klaviyo/, 'people', 15],
  [/HTTP|Http|Web|Site|Url/, 'globe', 230],
  [/Record|Csv|Json|Avro|Parquet/, 'columns', 285],
  [/Wait|Notify|Delay|Retry/, 'clock', 60],
  [/^(Put|Send|Publish)/, 'upload', 265],
  [/^(Get|Fetch|List|Listen|Consume|Tail)/, 'download', 190],
  [/File|Directory/, 'file', 140],
];

export const GROUP_GLYPH: Glyph = { icon: 'group', hue: 205 };

/** How a processor's type looks. */
export function glyphOf(type: string): Glyph {
  const [, icon, hue] = GLYPHS.find(([pattern]) => pattern.test(type)) ?? [undefined, 'box' as const, hueOf(type)];
  return { icon, hue };
}

function hueOf(text: string): number {
  let sum = 0;
  for (const letter of text) sum = (sum * 31 + letter.charCodeAt(0)) % 360;
  return sum;
}
