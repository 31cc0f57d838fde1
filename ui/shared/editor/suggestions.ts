import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { completionPlace } from './completion.ts';

/** A function of the Expression Language, as the API lists them. */
export interface ExpressionFunction {
  readonly name: string;
  readonly place: 'subject' | 'first';
  readonly arguments: readonly string[];
  readonly description: string;
}

export interface OfferedParameter {
  readonly name: string;
  readonly description: string;
  /** Undefined where it has none, or is sensitive. */
  readonly value?: string;
  readonly sensitive: boolean;
}

/** What can be offered while somebody types. */
export interface Vocabulary {
  readonly functions: readonly ExpressionFunction[];
  readonly attributes: readonly string[];
  readonly parameters: readonly OfferedParameter[];
  /** Whether expressions count in this text. */
  readonly expressions: boolean;
}

export const NO_WORDS: Vocabulary = { functions: [], attributes: [], parameters: [], expressions: false };

/** A source for CodeMirror that asks for the words each time, so that they may change while the editor stays. */
export function suggest(words: () => Vocabulary): (context: CompletionContext) => CompletionResult | null {
  return ({ state, pos, explicit }) => {
    const text = state.sliceDoc(0, pos);
    const place = completionPlace(text, pos);
    const vocabulary = words();
    if (!place) return explicit ? beginnings(vocabulary, pos) : null;
    const closed = state.sliceDoc(pos, pos + 1) === '}';
    const options = optionsFor(place.kind, vocabulary, closed);
    return options.length === 0 ? null : { from: place.from, options, validFor: place.kind === 'parameter' ? /^[^}]*$/ : /^[\w.-]*$/ };
  };
}

/** In plain text: what may begin. */
function beginnings({ expressions, parameters }: Vocabulary, from: number): CompletionResult {
  const options: Completion[] = parameters.map((parameter) => ({ ...parameterOption(parameter), label: `#{${parameter.name}}`, apply: undefined }));
  if (expressions) options.push({ label: '${}', type: 'text', detail: 'an expression', apply: (view, _completion, at, to) => insert(view, at, to, '${}', 2) });
  return { from, options };
}

function optionsFor(kind: 'parameter' | 'first' | 'subject', { functions, attributes, parameters, expressions }: Vocabulary, closed: boolean): Completion[] {
  const end = closed ? '' : '}';
  if (kind === 'parameter') return parameters.map((parameter) => ({ ...parameterOption(parameter), apply: parameter.name + end }));
  if (!expressions) return [];
  const offered = functions.filter(({ place }) => (kind === 'first') === (place === 'first')).map(functionOption);
  if (kind === 'subject') return offered;
  return [...attributes.map((label) => ({ label, type: 'property', detail: 'attribute', boost: 10, apply: /^[\w.-]+$/.test(label) ? label : `"${label}"` })), ...offered];
}

function parameterOption({ name, description, value, sensitive }: OfferedParameter): Completion {
  const shown = sensitive ? 'sensitive' : (value ?? 'no value');
  return { label: name, type: 'variable', detail: shown.length > 40 ? `${shown.slice(0, 40)}…` : shown, info: description || undefined };
}

function functionOption({ name, arguments: names, description }: ExpressionFunction): Completion {
  const call = `${name}()`;
  return {
    label: name,
    type: 'function',
    detail: `(${names.join(', ')})`,
    info: description,
    apply: (view, _completion, from, to) => insert(view, from, to, call, names.length > 0 ? call.length - 1 : call.length),
  };
}

type View = Parameters<Exclude<Completion['apply'], string | undefined>>[0];

/** Puts the cursor inside what was inserted. */
function insert(view: View, from: number, to: number, text: string, cursor: number): void {
  view.dispatch({ changes: { from, to, insert: text }, selection: { anchor: from + cursor }, userEvent: 'input.complete' });
}
