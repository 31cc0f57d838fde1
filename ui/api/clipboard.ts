import { KINDS, LISTS } from './cache.ts';
import type { FlowComponent, PositionDto } from './shapes.ts';

interface Copied {
  readonly position?: PositionDto;
  readonly bends?: readonly PositionDto[];
}

/** What NiFi's copy answers and its paste takes; the same JSON goes through the system clipboard. */
export type Copy = { readonly id?: string } & { readonly [L in (typeof LISTS)[keyof typeof LISTS]]?: readonly Copied[] };

/** What a clipboard or a file may bring. */
export type Pasted = { readonly kind: 'copy'; readonly copy: Copy } | { readonly kind: 'definition'; readonly definition: unknown; readonly name: string };

/** Reads what was copied here or in NiFi, or a flow definition; undefined for anything else. */
export function readPasted(text: string, name = 'Imported flow'): Pasted | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if ('flowContents' in value && typeof value.flowContents === 'object' && value.flowContents !== null) {
    const { name: own } = value.flowContents as { name?: unknown };
    return { kind: 'definition', definition: value, name: typeof own === 'string' && own !== '' ? own : name };
  }
  const lists = KINDS.map((kind) => (value as Copy)[LISTS[kind]]);
  const isCopy = lists.some((list) => Array.isArray(list) && list.length > 0) && lists.every((list) => list === undefined || list === null || Array.isArray(list));
  return isCopy ? { kind: 'copy', copy: value as Copy } : undefined;
}

export function idsOf(members: readonly FlowComponent[]): object {
  return Object.fromEntries(KINDS.map((kind) => [LISTS[kind], members.filter((each) => each.kind === kind).map(({ entity }) => entity.id)]));
}

const add = (a: PositionDto, b: PositionDto): PositionDto => ({ x: a.x + b.x, y: a.y + b.y });

/** The same, elsewhere. */
export function shifted(copy: Copy, offset: PositionDto): Copy {
  const move = (each: Copied): Copied => ({
    ...each,
    ...(each.position && { position: add(each.position, offset) }),
    ...(each.bends && { bends: each.bends.map((bend) => add(bend, offset)) }),
  });
  return { ...copy, ...Object.fromEntries(KINDS.flatMap((kind) => (copy[LISTS[kind]] ? [[LISTS[kind], copy[LISTS[kind]]!.map(move)]] : []))) };
}

/** The left upper corner of what was copied. */
export function cornerOf(copy: Copy): PositionDto {
  const positions = KINDS.filter((kind) => kind !== 'connection').flatMap((kind) => (copy[LISTS[kind]] ?? []).flatMap(({ position }) => position ?? []));
  return positions.length === 0 ? { x: 0, y: 0 } : { x: Math.min(...positions.map(({ x }) => x)), y: Math.min(...positions.map(({ y }) => y)) };
}
