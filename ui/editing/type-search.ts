import { shortType } from '../shared/format.ts';
import type { ProcessorTypeDto } from '../api/types.ts';

/** `GenerateFlowFile` as `generate flow file`: people type words. */
function words(type: string): string {
  return shortType(type)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase();
}

/** How well a type fits one typed word; 0 where it does not. */
function score(type: ProcessorTypeDto, word: string): number {
  const name = shortType(type.type).toLowerCase();
  const spelled = words(type.type);
  if (name === word) return 100;
  if (name.startsWith(word)) return 60;
  if (spelled.split(' ').some((part) => part.startsWith(word))) return 40;
  if (name.includes(word)) return 25;
  if (type.tags.some((tag) => tag.toLowerCase() === word)) return 20;
  if (type.tags.some((tag) => tag.toLowerCase().startsWith(word))) return 12;
  return type.description.toLowerCase().includes(word) ? 4 : 0;
}

/** Types in which every typed word occurs, in the name, the tags or the description; the best come first. */
export function searchTypes(types: readonly ProcessorTypeDto[], text: string): ProcessorTypeDto[] {
  const typed = text.toLowerCase().split(/\s+/).filter(Boolean);
  const byName = (a: ProcessorTypeDto, b: ProcessorTypeDto): number => shortType(a.type).localeCompare(shortType(b.type));
  if (typed.length === 0) return [...types].sort(byName);
  return types
    .map((type) => ({ type, scores: typed.map((word) => score(type, word)) }))
    .filter(({ scores }) => scores.every((each) => each > 0))
    .map(({ type, scores }) => ({ type, sum: scores.reduce((a, b) => a + b, 0) }))
    .sort((a, b) => b.sum - a.sum || byName(a.type, b.type))
    .map(({ type }) => type);
}

/** Tags by how many types carry them. */
export function commonTags(types: readonly ProcessorTypeDto[], most: number): string[] {
  const counts = new Map<string, number>();
  for (const { tags } of types) for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts]
    .sort(([a, one], [b, other]) => other - one || a.localeCompare(b))
    .slice(0, most)
    .map(([tag]) => tag);
}
