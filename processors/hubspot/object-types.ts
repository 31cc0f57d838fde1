/** What HubSpot calls a kind of object, and where its API has it. */
export interface ObjectType {
  /** In paths: `/crm/objects/2026-03/{path}`. */
  readonly path: string;
  /** The property that says when an object was last changed: contacts have a name of their own for it. */
  readonly modified: string;
}

const of = (path: string, modified = 'hs_lastmodifieddate'): ObjectType => ({ path, modified });

/** The kinds of objects by the names that people see. */
export const OBJECT_TYPES = {
  Contacts: of('contacts', 'lastmodifieddate'),
  Companies: of('companies'),
  Deals: of('deals'),
  Tickets: of('tickets'),
  Products: of('products'),
  'Line Items': of('line_items'),
  Leads: of('leads'),
  Goals: of('goal_targets'),
  'Feedback Submissions': of('feedback_submissions'),
} as const satisfies Readonly<Record<string, ObjectType>>;

export type ObjectTypeName = keyof typeof OBJECT_TYPES;

/** The names as a choice of a property. */
export const OBJECT_TYPE_CHOICE = Object.fromEntries(Object.keys(OBJECT_TYPES).map((name) => [name, name])) as Readonly<Record<ObjectTypeName, string>>;

/** The kind of that name; undefined where there is none. */
export function objectType(name: string | undefined): ObjectType | undefined {
  return name !== undefined && Object.hasOwn(OBJECT_TYPES, name) ? OBJECT_TYPES[name as ObjectTypeName] : undefined;
}
