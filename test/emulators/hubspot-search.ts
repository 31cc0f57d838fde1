interface Filter {
  readonly propertyName: string;
  readonly operator: string;
  readonly value?: string;
  readonly highValue?: string;
}

/** PublicObjectSearchRequest. */
export interface SearchBody {
  readonly filterGroups: readonly { readonly filters: readonly Filter[] }[];
  readonly sorts: readonly string[];
  readonly properties: readonly string[];
  readonly limit: number;
  readonly after: string;
}

/** A search finds no more than this, however it is paged. */
const MOST_RESULTS = 10_000;
const MOST_PER_PAGE = 200;
type Test = (value: number) => boolean;
const OPERATORS: Readonly<Record<string, (wanted: number, high: number) => Test>> = {
  EQ: (wanted) => (value) => value === wanted,
  GT: (wanted) => (value) => value > wanted,
  GTE: (wanted) => (value) => value >= wanted,
  LT: (wanted) => (value) => value < wanted,
  LTE: (wanted) => (value) => value <= wanted,
  BETWEEN: (wanted, high) => (value) => value >= wanted && value <= high,
};

/** What HubSpot refuses of a search. */
export function searchError({ filterGroups, sorts, properties, limit, after }: SearchBody, known: ReadonlySet<string>): { message: string; code: string } | undefined {
  if (limit > MOST_PER_PAGE) return { message: `limit must be at most ${MOST_PER_PAGE}`, code: 'INVALID_INTEGER' };
  if (Number(after) + limit > MOST_RESULTS) return { message: 'after plus limit must not exceed 10000', code: 'INVALID_INTEGER' };
  if (filterGroups.length > 6 || filterGroups.some(({ filters }) => filters.length > 6)) return { message: 'too many filters', code: 'INVALID_FILTERS' };
  if (sorts.length > 1 || sorts.some((name) => name !== 'hs_object_id')) return { message: 'this emulator sorts by hs_object_id only', code: 'INVALID_SORT' };
  const named = [...properties, ...filterGroups.flatMap(({ filters }) => filters.map(({ propertyName }) => propertyName))];
  const unknown = named.find((name) => !known.has(name));
  return unknown === undefined ? undefined : { message: `Property ${unknown} does not exist`, code: 'PROPERTY_DOESNT_EXIST' };
}

/** Looks up a property of an object: a number, or milliseconds since 1970; undefined where it has none. */
type Lookup<T> = (object: T, property: string) => number | undefined;

/** Filters of a group must all hold, of the groups one. Times are compared as milliseconds since 1970. */
export function searchTest<T>({ filterGroups }: SearchBody, lookup: Lookup<T>): (object: T) => boolean {
  const groups = filterGroups.map(({ filters }) =>
    filters.map(({ propertyName, operator, value, highValue }) => ({ propertyName, holds: OPERATORS[operator]!(Number(value), Number(highValue)) })),
  );
  const holds = (object: T, group: (typeof groups)[number]): boolean =>
    group.every(({ propertyName, holds }) => {
      const value = lookup(object, propertyName);
      return value !== undefined && holds(value);
    });
  return (object) => groups.length === 0 || groups.some((group) => holds(object, group));
}

/** The id beyond which all objects of a search are: what a reader by ids asks for. */
export function firstId({ filterGroups }: SearchBody): number {
  const [group, ...others] = filterGroups;
  const beyond = others.length > 0 ? undefined : group?.filters.find(({ propertyName, operator }) => propertyName === 'hs_object_id' && operator === 'GT');
  return Number(beyond?.value ?? 0);
}
