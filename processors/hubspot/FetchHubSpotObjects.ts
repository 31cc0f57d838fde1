import { messageOf, ProcessError } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { type DataRecord, FIELDS_ATTRIBUTE, type RecordField, writeRecords } from '../../server/extension/record.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { ARCHIVED_FIELDS, Columns, ownValues } from './columns.ts';
import { CHANGES_PER_PAGE, HUBSPOT, HubSpotError } from './hubspot.ts';
import type { ObjectType } from './object-types.ts';
import { ARCHIVED, askedType, askedWindow, changeAttributes, NEXT_PAGE, OBJECT_TYPE } from './windows.ts';

const properties = { hubspot: property.service('HubSpot Connection', 'The account to read', HUBSPOT, { required: true }) };

/** The columns of each kind of object, as they were when its window was begun. */
type Client = Map<ObjectType, Columns>;
type Context = ProcessContext<typeof properties, Client>;
type Session = ProcessSession<'success' | 'completed' | 'failure'>;

/** A page: its rows, and the attributes with which the next one is asked for; undefined after the last page. */
interface Page {
  readonly rows: readonly DataRecord[];
  readonly fields: readonly RecordField[];
  readonly next: Readonly<Record<string, string>> | undefined;
}

async function columnsOf(type: ObjectType, isFirst: boolean, { properties: { hubspot }, client, signal }: Context): Promise<Columns> {
  const known = isFirst ? undefined : client.get(type);
  const columns = known ?? new Columns(await hubspot.properties(type, signal));
  client.set(type, columns);
  return columns;
}

async function changedPage(flowFile: FlowFile, type: ObjectType, context: Context): Promise<Page> {
  const {
    properties: { hubspot },
    client,
    signal,
  } = context;
  const window = askedWindow(flowFile);
  const columns = await columnsOf(type, window.afterId === '0', context);
  try {
    const objects = await hubspot.changes(type, window, columns.properties, signal);
    const last = objects.length < CHANGES_PER_PAGE ? undefined : objects.at(-1)!.id;
    return { rows: objects.map((object) => columns.row(object)), fields: columns.fields, next: last === undefined ? undefined : changeAttributes({ ...window, afterId: last }) };
  } catch (thrown) {
    // A property was deleted since: the next attempt asks anew which there are.
    if (thrown instanceof HubSpotError && thrown.kind === 'missing property') client.delete(type);
    throw thrown;
  }
}

async function archivedPage(flowFile: FlowFile, type: ObjectType, { properties: { hubspot }, signal }: Context): Promise<Page> {
  const { objects, next } = await hubspot.archived(type, flowFile.getAttribute(NEXT_PAGE), signal);
  return { rows: objects.map(ownValues), fields: ARCHIVED_FIELDS, next: next === undefined ? undefined : { [NEXT_PAGE]: next } };
}

function hand(session: Session, asked: FlowFile, { rows, fields, next }: Page, url: string): void {
  if (rows.length > 0) {
    const flowFile = session.write(session.create(asked), writeRecords(rows));
    session.report('RECEIVE', flowFile, url, `${rows.length} objects`);
    session.transfer(
      session.putAttributes(flowFile, { 'record.count': String(rows.length), 'mime.type': 'application/json', [FIELDS_ATTRIBUTE]: JSON.stringify(fields) }),
      'success',
    );
    session.adjustCounter('objects read', rows.length);
    session.tally('rowsRead', rows.length, asked);
  }
  if (next) session.requeue(session.putAttributes(asked, next));
  else session.transfer(asked, 'completed');
}

export default defineProcessor({
  description:
    'Reads what ListHubSpotChanges decided on, a page at a time: the FlowFile goes back into its queue with the place where the next page begins, until all is read. Nothing is missed or read twice, also when thousands of objects were changed in the same moment, or while it is read.',
  tags: ['hubspot', 'crm', 'fetch', 'contacts', 'companies', 'deals', 'ingest'],
  input: 'required',
  triggerSerially: true,
  supportsBatching: false,
  properties,
  relationships: {
    success: 'The objects as JSON arrays of records, one column a property',
    completed: 'The FlowFile that asked, once everything was read',
    failure: 'FlowFiles that do not say what to read',
  },
  readsAttributes: {
    [OBJECT_TYPE]: 'The kind of objects',
    'hubspot.window.from': 'The first change',
    'hubspot.window.to': 'Where changes end',
    [ARCHIVED]: 'true for archived objects',
  },
  writesAttributes: {
    'record.count': 'How many objects the FlowFile holds',
    'mime.type': 'application/json',
    [FIELDS_ATTRIBUTE]: 'Columns and their types as JSON',
    'hubspot.after.id': 'The last object of the window that was read',
    'error.message': 'On failure: why',
  },
  onScheduled: (): Client => new Map(),
  async onTrigger(session, context) {
    const flowFile = session.get();
    if (!flowFile) return;
    const read = flowFile.getAttribute(ARCHIVED) === 'true' ? archivedPage : changedPage;
    try {
      hand(session, flowFile, await read(flowFile, askedType(flowFile), context), context.properties.hubspot.url);
    } catch (thrown) {
      if (!(thrown instanceof ProcessError) || thrown instanceof HubSpotError) throw thrown;
      context.log.error(`${context.name} does not know what to read: ${messageOf(thrown)} The FlowFile was routed to failure.`);
      session.transfer(session.putAttribute(flowFile, 'error.message', messageOf(thrown)), 'failure');
    }
  },
});
