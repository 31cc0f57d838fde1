/** One condition of a filter: `greater-than(updated,2026-11-20T12:00:00Z)`. */
interface Condition {
  readonly operator: string;
  readonly field: string;
  /** Texts without their quotes; a list has any number, others one, `has` none. */
  readonly values: readonly string[];
  readonly isList: boolean;
}

/** What an operator does to numbers, texts and moments. */
const TESTS: Readonly<Record<string, (value: number | string, wanted: readonly (number | string)[]) => boolean>> = {
  equals: (value, wanted) => wanted.includes(value),
  any: (value, wanted) => wanted.includes(value),
  'greater-than': (value, [wanted]) => value > wanted!,
  'greater-or-equal': (value, [wanted]) => value >= wanted!,
  'less-than': (value, [wanted]) => value < wanted!,
  'less-or-equal': (value, [wanted]) => value <= wanted!,
};

/** Which operators a field takes, and whether it is a moment: as `x-klaviyo-filters` of the operation says. */
export type FilterRules = Readonly<Record<string, { readonly single?: readonly string[]; readonly list?: readonly string[]; readonly moment?: true }>>;

/** A refused query: what Klaviyo says, and the parameter that is to blame. */
export class BadQuery extends Error {
  readonly parameter: string;
  constructor(parameter: string, detail: string) {
    super(detail);
    this.parameter = parameter;
  }
}

function conditionsIn(filter: string): Condition[] {
  const [, inner] = /^and\((.*)\)$/.exec(filter) ?? [];
  const conditions: Condition[] = [];
  let rest = inner ?? filter;
  while (rest !== '') {
    const [whole, operator, field, list, text] = /^([a-z-]+)\(([\w.]+),(?:\[([^\]]*)\]|("[^"]*"|'[^']*'|[^),]*))\),?/.exec(rest) ?? [];
    if (whole === undefined) throw new BadQuery('filter', `Invalid filter provided: ${filter}`);
    conditions.push({ operator: operator!, field: field!, isList: list !== undefined, values: (list ?? text!).split(/,(?=\s*["'])/).map((each) => each.trim()) });
    rest = rest.slice(whole.length);
  }
  return conditions;
}

function wantedOf({ field, values }: Condition, isMoment: boolean): (number | string)[] {
  return values.map((text) => {
    // Moments stand without quotes, texts with them (Klaviyo, "Filtering").
    if (isMoment !== !/^(".*"|'.*')$/.test(text)) throw new BadQuery('filter', `Invalid value for ${field}: ${text}`);
    if (!isMoment) return text.slice(1, -1);
    const millis = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/.test(text) ? Date.parse(text) : Number.NaN;
    if (Number.isNaN(millis)) throw new BadQuery('filter', `Invalid datetime provided: ${text}`);
    return millis;
  });
}

/** A test of objects out of a filter. Throws BadQuery. */
export function filterTest<T>(filter: string | null, rules: FilterRules, fieldOf: (object: T, field: string) => number | string): (object: T) => boolean {
  const tests = filter === null ? [] : conditionsIn(filter).map((condition) => conditionTest(condition, rules, fieldOf));
  return (object) => tests.every((holds) => holds(object));
}

function conditionTest<T>(condition: Condition, rules: FilterRules, fieldOf: (object: T, field: string) => number | string): (object: T) => boolean {
  const { operator, field, isList } = condition;
  const rule = rules[field];
  const allowed = (isList ? rule?.list : rule?.single) ?? [];
  if (!rule) throw new BadQuery('filter', `'${field}' is not a filterable field for the resource.`);
  if (!allowed.includes(operator)) throw new BadQuery('filter', `'${operator}' is not a supported filter operator for the field '${field}'.`);
  const wanted = wantedOf(condition, rule.moment === true);
  return (object) => TESTS[operator]!(fieldOf(object, field), wanted);
}

export interface Page<T> {
  readonly objects: readonly T[];
  /** The cursor of the page after it. */
  readonly next: string | undefined;
}

/** Objects beyond a cursor, in an order: `-` turns it round. A cursor says behind which object it begins, and counts for its order only. Throws BadQuery. */
export function pageOf<T extends { readonly id: string }>(
  objects: readonly T[],
  query: URLSearchParams,
  size: number,
  order: string,
  keyOf: (object: T) => number | string,
): Page<T> {
  const sign = order.startsWith('-') ? -1 : 1;
  const compare = (a: readonly [number | string, string], b: readonly [number | string, string]): number =>
    a[0] === b[0] ? (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0) : sign * (a[0] < b[0] ? -1 : 1);
  const sorted = objects.map((object) => ({ object, place: [keyOf(object), object.id] as const })).sort((a, b) => compare(a.place, b.place));
  const begin = placeIn(query.get('page[cursor]'), order);
  const from = begin === undefined ? 0 : sorted.findIndex(({ place }) => compare(place, begin) > 0);
  const found = from < 0 ? [] : sorted.slice(from, from + size);
  const more = from >= 0 && from + size < sorted.length;
  return { objects: found.map(({ object }) => object), next: more ? Buffer.from(JSON.stringify(['next', order, ...found.at(-1)!.place])).toString('base64url') : undefined };
}

function placeIn(cursor: string | null, order: string): readonly [number | string, string] | undefined {
  if (cursor === null) return undefined;
  try {
    const [word, sort, key, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as [string, string, number | string, string];
    if (word === 'next' && sort === order) return [key, id];
  } catch {
    // What is no cursor is refused below.
  }
  throw new BadQuery('page[cursor]', 'Invalid cursor provided');
}
