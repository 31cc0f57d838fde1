export interface ScriptResult {
  readonly content: string | undefined;
  readonly attributes: { readonly set: Readonly<Record<string, string>>; readonly removed: readonly string[] };
  readonly relationship: 'success' | 'failure';
}

const MAX_RESULTS = 10_000;

/** What a script returned, checked: it comes from outside. Throws an Error that says what is wrong. */
export function scriptResults(json: string): ScriptResult[] {
  const value: unknown = JSON.parse(json);
  if (!Array.isArray(value)) return [scriptResult(value)];
  if (value.length > MAX_RESULTS) throw new Error(`it returned ${value.length} FlowFiles, ${MAX_RESULTS} at most are taken`);
  return value.map(scriptResult);
}

function scriptResult(value: unknown): ScriptResult {
  if (value === null) return { content: undefined, attributes: { set: {}, removed: [] }, relationship: 'success' };
  if (typeof value !== 'object' || Array.isArray(value)) throw new Error('it returned no object');
  const { content, attributes = {}, relationship = 'success' } = value as Record<string, unknown>;
  if (content !== undefined && content !== null && typeof content !== 'string') throw new Error('the content that it returned is not a text: use JSON.stringify');
  if (relationship !== 'success' && relationship !== 'failure') throw new Error(`the relationship '${String(relationship)}' that it returned is neither success nor failure`);
  if (typeof attributes !== 'object' || attributes === null || Array.isArray(attributes)) throw new Error('the attributes that it returned are no object');
  const entries = Object.entries(attributes).filter(([name]) => name !== 'uuid' && name !== '');
  const set = Object.fromEntries(entries.filter(([, each]) => each !== null).map(([name, each]) => [name, typeof each === 'string' ? each : JSON.stringify(each)]));
  return { content: content ?? undefined, attributes: { set, removed: entries.filter(([, each]) => each === null).map(([name]) => name) }, relationship };
}
