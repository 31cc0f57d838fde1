import type { Batch, Refusals } from './braze.ts';

interface RowRefusal {
  readonly type?: string;
  readonly input_array?: string;
  readonly index?: number;
}

interface ItemRefusal {
  readonly id?: string;
  readonly message?: string;
  readonly parameters?: readonly string[];
  readonly parameter_values?: readonly unknown[];
}

/** What Braze says besides its status: of a track request errors with an index, of catalogs errors that may name an item. */
export interface RefusalBody {
  readonly message?: string;
  readonly errors?: readonly (string | (RowRefusal & ItemRefusal))[];
}

/** What an answer says was refused of a batch: by index ("Track users", non-fatal errors), or by the item that it names. */
export function refusalsOf(batch: Batch, body: RefusalBody | undefined): Refusals {
  const found = new Map<number, string>();
  for (const error of body?.errors ?? []) {
    if (typeof error === 'string') continue;
    const index = indexOf(batch, error);
    if (index !== undefined && batch.objects[index] !== undefined)
      found.set(index, error.type ?? ([error.id, error.message].filter(Boolean).join(': ') || 'refused without a reason'));
  }
  return found;
}

function indexOf(batch: Batch, error: RowRefusal & ItemRefusal): number | undefined {
  if (typeof error.index === 'number') return error.input_array === undefined || error.input_array === batch.kind ? error.index : undefined;
  if (!('catalog' in batch)) return undefined;
  const position = batch.objects.findIndex(({ id }) => error.parameter_values?.includes(id));
  return position < 0 ? undefined : position;
}

/** The words of a refusal, or undefined where there are none: proxies answer in HTML. */
export function saidIn(text: string): string | undefined {
  const body = parsed(text);
  const errors = (body?.errors ?? []).map((error) => (typeof error === 'string' ? error : [error.type ?? error.id, error.message].filter(Boolean).join(' ')));
  return [body?.message, ...errors].filter(Boolean).slice(0, 5).join('; ') || undefined;
}

/** The body of a refusal; undefined where it is no JSON object. */
export function parsed(text: string): RefusalBody | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
