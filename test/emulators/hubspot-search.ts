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
const OPERATORS: Readonly<Record<string, (value: number, filter: Filter) => boolean>> = {
  EQ: (value, filter) => value === Number(filter.value),
  GT: (value, filter) => value > Number(filter.value),
  GTE: (value, filter) => value >= Number(filter.value),
  LT: (value, filter) => value < Number(filter.value),
  LTE: (value, filter) => value <= Number(filter.value),
  BETWEEN: (value, filter) => value >= Number(filter.value) && value <= Number(filter.highValue),
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

/** Filters of a group must all hold, of the groups one. Times are compared as milliseconds since 1970. */
export function matchesSearch({ filterGroups }: SearchBody, values: Readonly<Record<string, string>>): boolean {
  const holds = (filter: Filter): boolean => {
    const text = values[filter.propertyName];
    if (text === undefined) return false;
    const value = /^\d{4}-/.test(text) ? Date.parse(text) : Number(text);
    return OPERATORS[filter.operator]!(value, filter);
  };
  return filterGroups.length === 0 || filterGroups.some(({ filters }) => filters.every(holds));
}
