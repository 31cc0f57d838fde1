import { ProcessError } from '../../server/extension/errors.ts';
import { field, type RecordSchema, recordType, TYPES } from '../../server/extension/record-schema.ts';
import { SchemaInference } from '../../server/extension/schema-inference.ts';
import type { XmlNode } from './xml-nodes.ts';
import { lookAt, type XmlStyle } from './xml-records.ts';

const named = (name: string, fields: RecordSchema['fields']): RecordSchema => ({ name, fields });
const strings = (...names: string[]): RecordSchema['fields'] => names.map((name) => field(name, TYPES.string));
const ints = (...names: string[]): RecordSchema['fields'] => names.map((name) => field(name, TYPES.int));

/** What Windows says of each event. All may be missing: older providers have no Guid (NiFi's schema wants one). */
const SYSTEM = named('System', [
  field('Provider', recordType(named('Provider', strings('Guid', 'Name')))),
  ...ints('EventID', 'Version', 'Level', 'Task', 'Opcode'),
  ...strings('Keywords'),
  field('TimeCreated', recordType(named('TimeCreated', strings('SystemTime')))),
  ...ints('EventRecordID'),
  ...strings('Correlation'),
  field('Execution', recordType(named('Execution', ints('ThreadID', 'ProcessID')))),
  ...strings('Channel', 'Computer', 'Security'),
]);

/** How elements of events become fields. Dates have no format, so that they stay text. */
export const EVENT_STYLE: Omit<XmlStyle, 'lenient'> = { attributes: true, prefix: '', contentField: undefined, formats: {} };

/** Whether the root is a wrapper around events. Throws ProcessError where it is neither that nor an event. */
export function isEvents(root: string): boolean {
  if (root !== 'Events' && root !== 'Event') throw new ProcessError(`The root element is <${root}>: a log of Windows events has <Events> or <Event>.`);
  return root === 'Events';
}

/** An event whose data are elements of their own names. Throws ProcessError where it is none. */
export function eventOf(node: XmlNode): XmlNode {
  if (node.name !== 'Event') throw new ProcessError(`There is an element <${node.name}> where a Windows event, <Event>, is expected.`);
  const data = node.children.get('EventData')?.at(-1);
  return data ? { ...node, children: new Map(node.children).set('EventData', [dataOf(data)]) } : node;
}

/** The last of data that have the same name counts, as in NiFi. */
function dataOf(data: XmlNode): XmlNode {
  const children = new Map<string, XmlNode[]>();
  const binaries = (data.children.get('Binary') ?? []).values();
  for (const one of data.children.get('Data') ?? []) {
    const [attribute, value] = one.attributes[0] ?? [];
    if (attribute !== undefined && attribute !== 'Name') throw new ProcessError(`A <Data> element of a Windows event has the attribute '${attribute}' where its Name is expected.`);
    // Without a name the text is the name, and the value is in the element <Binary> that follows.
    const text = value === undefined ? binaries.next().value?.text : one.text;
    const name = value ?? one.text.trim();
    if (text === undefined) throw new ProcessError(`The <Data> element '${name.slice(0, 200)}' of a Windows event has no Name, and no <Binary> element with its value follows.`);
    children.set(name, [{ name, attributes: [], children: new Map(), text }]);
  }
  return { name: data.name, attributes: [], children, text: '' };
}

/** Finds out which data events have, and their types. */
export class EventInference {
  readonly #data = new SchemaInference({});

  look(event: XmlNode): void {
    for (const data of event.children.get('EventData') ?? []) lookAt(data, this.#data, { ...EVENT_STYLE, lenient: false });
  }

  get schema(): RecordSchema {
    return named('Event', [field('System', recordType(SYSTEM)), field('EventData', recordType(this.#data.schema))]);
  }
}
