import { ProcessError } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property, type PropertyMap } from '../../server/extension/property.ts';
import { FIELDS_ATTRIBUTE, recordTexts } from '../../server/extension/record.ts';
import { fail as toFailure } from '../../server/extension/refusal.ts';
import { JsonMapper, type RejectedRow } from './json-mapper.ts';
import { details } from './map-record-details.ts';
import { parseMapping } from './mapping.ts';
import { type Client, describeFields, reject, type Session, succeed, take } from './outcome.ts';
import { MissingColumn, requireDeclared } from './record-mapper.ts';

/** FlowFiles beyond this are mapped piece by piece, so that memory stays small. */
const LARGE = 16 * 1024 ** 2;
const properties = {
  mapping: property.text(
    'Mapping',
    'The table of fields as a JSON array, a line each: {"source": column, "destination": field, "type": text | integer | decimal | double | boolean | date | time | timestamp | json, "required": true, "transform": "trim|lower|upper|capitalize|digits", "default": value}. All but the destination may be left out; a line without source sets its default everywhere.',
    {
      required: true,
      language: 'json',
      validate: (text: string) => void parseMapping(text),
    },
  ),
  missing: property.choice(
    'On Missing Column',
    'What to do when no record of a FlowFile has a source column',
    {
      stop: 'Stop with an error; the FlowFile waits until the mapping or the query is changed',
      failure: 'Route the FlowFile to failure',
      null: 'Take it as empty',
    },
    { default: 'stop' },
  ),
  others: property.choice(
    'Unmapped Columns',
    'What becomes of columns that are no source of the mapping',
    { drop: 'Leave them out', keep: 'Keep them as they are' },
    { default: 'drop' },
  ),
};

/** What a bad FlowFile means, as the property says: an error that stops, or the way to failure. */
function fail<P extends PropertyMap>(session: Session, flowFile: FlowFile, thrown: unknown, context: ProcessContext<P, Client>, stops: boolean): void {
  if (!(thrown instanceof ProcessError) || (stops && thrown instanceof MissingColumn)) throw thrown;
  context.log.error(`${context.name} could not map ${flowFile.getAttribute('filename')}: ${thrown.message} It was routed to failure.`);
  toFailure(session, flowFile, thrown.message);
}

async function mapLarge(session: Session, flowFile: FlowFile, client: Client): Promise<void> {
  const rejected: RejectedRow[] = [];
  let count = 0;
  async function* mapped(): AsyncGenerator<Uint8Array | string> {
    yield '[';
    for await (const text of recordTexts(session.readStream(flowFile), 5000)) {
      const part = client.mapper.map(Buffer.from(text));
      rejected.push(...part.rejected);
      if (part.count > 0) yield Buffer.concat([Buffer.from(count > 0 ? ',' : ''), part.content.subarray(1, -1)]);
      count += part.count;
    }
    yield ']';
  }
  const written = await session.writeStream(flowFile, mapped());
  reject(session, written, rejected);
  succeed(session, written, count, rejected.length, client);
}

function mapSmall(session: Session, flowFile: FlowFile, client: Client): void {
  const { content, count, rejected } = client.mapper.map(session.read(flowFile));
  if (count === 0 && rejected.length === 0) requireDeclared(client.required, flowFile.getAttribute(FIELDS_ATTRIBUTE));
  reject(session, flowFile, rejected);
  succeed(session, session.write(flowFile, content), count, rejected.length, client);
}

export default defineProcessor({
  details,
  description: 'Maps the columns of JSON records to the fields of a destination: renames, converts, cleans, demands. Rows that cannot be converted are set aside with the reason.',
  tags: ['record', 'map', 'rename', 'convert', 'json', 'transform'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties,
  relationships: {
    success: 'The mapped records as a JSON array',
    rejected: 'The rows that could not be mapped as a JSON array, each as it came and with the field _reason',
    failure: 'FlowFiles that are not JSON records',
  },
  writesAttributes: {
    'record.count': 'How many records the FlowFile holds',
    'mime.type': 'application/json',
    [FIELDS_ATTRIBUTE]: 'The fields and their types as JSON, where the mapping gives each a type',
    'error.message': 'On failure: why',
  },
  onScheduled: ({ properties: { mapping, others, missing } }): Client => {
    const fields = parseMapping(mapping);
    return {
      mapper: new JsonMapper(fields, { keepOthers: others === 'keep', missingIsNull: missing === 'null' }),
      fields: others === 'keep' ? undefined : describeFields(fields),
      required: missing === 'null' ? [] : fields,
    };
  },
  onTrigger(session, context) {
    const stops = context.properties.missing === 'stop';
    const flowFiles = take(session);
    const [first] = flowFiles;
    if (first && first.size > LARGE) return mapLarge(session, first, context.client).catch((thrown: unknown) => fail(session, first, thrown, context, stops));
    for (const flowFile of flowFiles) {
      try {
        mapSmall(session, flowFile, context.client);
      } catch (thrown) {
        fail(session, flowFile, thrown, context, stops);
      }
    }
  },
});
