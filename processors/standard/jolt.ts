import { isObject, type Json, parseJson } from '../../server/extension/json-path/json-document.ts';
import { compileModify } from './jolt-modify.ts';
import { applyCardinality, applyDefaults, applyRemove, applySort } from './jolt-operations.ts';
import { compileShift } from './jolt-shift.ts';

/** Changes a document, which is not to be used afterwards. */
export type JoltTransform = (document: Json) => Json;

const OPERATIONS: Readonly<Record<string, (spec: Json) => JoltTransform>> = {
  shift: compileShift,
  default: (spec) => (document) => applyDefaults(spec, document),
  remove: (spec) => (document) => applyRemove(spec, document),
  cardinality: (spec) => (document) => applyCardinality(spec, document),
  sort: () => applySort,
  'modify-overwrite-beta': (spec) => compileModify(spec, 'overwrite'),
  'modify-default-beta': (spec) => compileModify(spec, 'default'),
  'modify-define-beta': (spec) => compileModify(spec, 'define'),
};

/** NiFi's names of single operations. */
const SINGLE: Readonly<Record<string, string>> = {
  'jolt-transform-shift': 'shift',
  'jolt-transform-default': 'default',
  'jolt-transform-remove': 'remove',
  'jolt-transform-card': 'cardinality',
  'jolt-transform-sort': 'sort',
  'jolt-transform-modify-default': 'modify-default-beta',
  'jolt-transform-modify-overwrite': 'modify-overwrite-beta',
  'jolt-transform-modify-define': 'modify-define-beta',
};

/** Compiles a specification for NiFi's Jolt Transform. Throws an Error that says what is wrong. */
export function compileJolt(transform: string, text: string): JoltTransform {
  const single = SINGLE[transform];
  const spec: Json = single === 'sort' && text.trim() === '' ? {} : parseJson(text);
  if (single !== undefined) return OPERATIONS[single]!(spec);
  if (!Array.isArray(spec)) throw new Error('a chain must be a list of operations');
  const steps = spec.map(compileStep);
  return (document) => steps.reduce((value, step) => step(value), document);
}

function compileStep(step: Json, index: number): JoltTransform {
  const name = isObject(step) ? step.operation : undefined;
  const compile = typeof name === 'string' && Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined;
  if (!compile) throw new Error(`operation ${index + 1} of the chain is ${JSON.stringify(name)}, which this runtime does not know`);
  try {
    return compile((step as { spec?: Json }).spec ?? {});
  } catch (thrown) {
    throw new Error(`operation ${index + 1} of the chain, ${String(name)}: ${(thrown as Error).message}`);
  }
}
