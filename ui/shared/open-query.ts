import type { View } from './views.ts';

/** What is open above and beside the canvas, in so far as a link leads to it. */
export interface Open {
  /** The topmost last. */
  readonly views: readonly View[];
  readonly side?: 'bulletins' | 'services';
  /** Id of the connection whose queue is listed. */
  readonly queue?: string;
}

/** The views that a link may open, with what each must be told. */
const NEEDED: { readonly [N in View['name']]: readonly string[] } = {
  configure: ['kind', 'id', 'groupId'],
  service: ['id'],
  services: ['groupId'],
  'parameter-contexts': [],
  peek: ['connectionId', 'title'],
  provenance: [],
  'status-history': ['kind', 'id', 'title'],
  summary: [],
  counters: [],
  syncs: [],
  sync: ['id'],
  'flow-history': [],
  'flow-analysis': [],
  diagnostics: [],
  versions: ['groupId', 'title'],
  controller: [],
};
const KINDS = ['processor', 'group', 'connection', 'input-port', 'output-port', 'funnel', 'label'];

/** `side=bulletins&view=services&groupId=1&view=service&id=2`: each `view` begins one, and what follows belongs to it. */
export function formatOpen({ views, side, queue }: Open): string {
  const query = new URLSearchParams();
  if (side) query.append('side', side);
  if (queue) query.append('queue', queue);
  for (const { name, ...fields } of views) {
    query.append('view', name);
    // A form is opened by a click, not by a link.
    for (const [key, value] of Object.entries(fields)) if (typeof value === 'string' && value !== '') query.append(key, value);
  }
  return query.toString();
}

/** What a link says; what it says wrongly is left out. */
export function parseOpen(query: string): Open {
  const views: Record<string, string>[] = [];
  let [side, queue]: (string | undefined)[] = [];
  for (const [key, value] of new URLSearchParams(query)) {
    const view = views.at(-1);
    if (key === 'view') views.push({ name: value });
    else if (view) view[key] = value;
    else if (key === 'side') side = value;
    else if (key === 'queue') queue = value;
  }
  return { views: views.filter(isView) as unknown as View[], side: side === 'bulletins' || side === 'services' ? side : undefined, queue };
}

function isView(fields: Readonly<Record<string, string>>): boolean {
  if (!Object.hasOwn(NEEDED, fields.name!)) return false;
  return NEEDED[fields.name as View['name']].every((key) => Object.hasOwn(fields, key)) && (fields.kind === undefined || KINDS.includes(fields.kind));
}
