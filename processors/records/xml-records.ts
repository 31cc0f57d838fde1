import { ProcessError } from '../../server/extension/errors.ts';
import type { DataRecord, RecordValue } from '../../server/extension/record.ts';
import { coerceField } from '../../server/extension/record-coercion.ts';
import type { DateFormats } from '../../server/extension/record-dates.ts';
import { type DataType, mergeTypes, type RecordSchema, type SchemaField, TYPES } from '../../server/extension/record-schema.ts';
import type { SchemaInference, Seen } from '../../server/extension/schema-inference.ts';
import { typeOfUnquoted } from './csv-fields.ts';
import type { XmlNode } from './xml-nodes.ts';

/** How elements become records. */
export interface XmlStyle {
  readonly attributes: boolean;
  readonly prefix: string;
  /** The field that holds the text of an element that has attributes or elements too; such text is left out where it is not set. */
  readonly contentField: string | undefined;
  readonly formats: DateFormats;
  /** Keeps what the schema does not name, and values that do not fit. */
  readonly lenient: boolean;
}

const attributesOf = ({ attributes }: XmlNode, style: XmlStyle): readonly (readonly [string, string])[] =>
  style.attributes ? attributes.map(([name, value]) => [style.prefix + name, value] as const) : [];

const isText = (node: XmlNode, style: XmlStyle): boolean => node.children.size === 0 && (!style.attributes || node.attributes.length === 0);

/** Looks at one record to find out the types of its fields. What is repeated is a list; a list in one record is a list in all. */
export function lookAt(node: XmlNode, inference: SchemaInference, style: XmlStyle): void {
  for (const [name, value] of attributesOf(node, style)) lookAtText(value, inference.field(name), style);
  for (const [name, nodes] of node.children) {
    const seen = inference.field(name);
    for (const one of nodes) lookAtElement(one, nodes.length > 1 ? seen.elements() : seen, style);
  }
  if (style.contentField && node.text.trim() !== '') lookAtText(node.text.trim(), inference.field(style.contentField), style);
}

function lookAtElement(node: XmlNode, seen: Seen, style: XmlStyle): void {
  if (isText(node, style)) lookAtText(node.text.trim(), seen, style);
  else lookAt(node, seen.record(), style);
}

function lookAtText(text: string, seen: Seen, { formats }: XmlStyle): void {
  if (text !== '') seen.addType(typeOfUnquoted(text, formats));
}

/** A list that some record has only one element of was seen as that element too. */
export function withoutSingles({ fields }: RecordSchema): RecordSchema {
  return { fields: fields.map((one): SchemaField => ({ ...one, type: listOrOne(one.type) })) };
}

function listOrOne(type: DataType): DataType {
  if (type.kind === 'record') return { kind: 'record', schema: withoutSingles(type.schema) };
  if (type.kind === 'array') return { kind: 'array', element: listOrOne(type.element) };
  if (type.kind !== 'choice') return type;
  const list = type.options.find((option) => option.kind === 'array');
  if (list?.kind !== 'array') return { kind: 'choice', options: type.options.map(listOrOne) };
  const element = type.options.reduce((merged, option) => (option === list ? merged : mergeTypes(merged, option)), list.element);
  return { kind: 'array', element: listOrOne(element) };
}

/** The fields of an element as a record of the schema. Throws ProcessError where a value does not fit. */
export function recordOfNode(node: XmlNode, schema: RecordSchema, style: XmlStyle): DataRecord {
  const record: DataRecord = {};
  const known = fieldsByName(schema);
  for (const [name, text] of attributesOf(node, style)) put(record, known, name, style, (field) => valueOfText(text, field, style), text);
  for (const [name, nodes] of node.children)
    put(
      record,
      known,
      name,
      style,
      (field) => valueOfNodes(nodes, field, style),
      () => untyped(nodes, style),
    );
  const text = node.text.trim();
  if (text !== '' && style.contentField) put(record, known, style.contentField, style, (field) => valueOfText(text, field, style), text);
  return record;
}

function put(
  record: DataRecord,
  known: ReadonlyMap<string, SchemaField>,
  name: string,
  style: XmlStyle,
  typed: (field: SchemaField) => RecordValue,
  raw: RecordValue | (() => RecordValue),
): void {
  const field = known.get(name);
  const asIs = (): RecordValue => (typeof raw === 'function' ? raw() : raw);
  if (!field) {
    if (style.lenient) record[name] = asIs();
    return;
  }
  try {
    const value = typed(field);
    if (value !== null) record[field.name] = value;
  } catch (thrown) {
    if (!style.lenient || !(thrown instanceof ProcessError)) throw thrown;
    record[field.name] = asIs();
  }
}

const indexes = new WeakMap<RecordSchema, ReadonlyMap<string, SchemaField>>();

function fieldsByName(schema: RecordSchema): ReadonlyMap<string, SchemaField> {
  let found = indexes.get(schema);
  if (!found) {
    found = new Map(schema.fields.flatMap((field) => [...(field.aliases ?? []), field.name].map((name) => [name, field] as const)));
    indexes.set(schema, found);
  }
  return found;
}

function valueOfNodes(nodes: readonly XmlNode[], field: SchemaField, style: XmlStyle): RecordValue {
  const { type } = field;
  if (type.kind === 'array' && type.element.kind !== 'byte') {
    const element = { ...field, type: type.element };
    return nodes.map((one) => valueOfNodes([one], element, style)).filter((one) => one !== null);
  }
  const node = nodes.at(-1)!;
  if (type.kind === 'record') {
    const record = recordOfNode(node, type.schema, style);
    return Object.keys(record).length > 0 ? record : null;
  }
  if (type.kind === 'map') return mapOf(node, { ...field, type: type.value }, style);
  if (type.kind === 'choice') {
    const value = untyped(nodes, style);
    return value === null ? null : coerceField(value, field, style.formats);
  }
  return valueOfText(node.text, field, style);
}

function mapOf(node: XmlNode, inner: SchemaField, style: XmlStyle): RecordValue {
  const entries = [...node.children].map(([name, nodes]) => [name, valueOfNodes(nodes, inner, style)] as const);
  return entries.length > 0 ? Object.fromEntries(entries) : null;
}

const valueOfText = (text: string, field: SchemaField, { formats }: XmlStyle): RecordValue =>
  text.trim() === '' ? null : coerceField(field.type === TYPES.string ? text : text.trim(), field, formats);

/** An element whose type nobody knows: text, a record of texts, or a list of either. */
function untyped(nodes: readonly XmlNode[], style: XmlStyle): RecordValue {
  const values = nodes.map((node): RecordValue => {
    if (isText(node, style)) return node.text.trim() === '' ? null : node.text;
    const record: DataRecord = Object.fromEntries(attributesOf(node, style));
    for (const [name, inner] of node.children) record[name] = untyped(inner, style);
    if (style.contentField && node.text.trim() !== '') record[style.contentField] = node.text;
    return record;
  });
  return values.length > 1 ? values : values[0]!;
}
