import { messageOf } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { checkGrowth } from '../../server/extension/growth.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { FRAGMENT_ATTRIBUTES, Fragments } from './fragments.ts';
import { javaRegex, wholly } from './java-regex.ts';
import { properties } from './unpack-properties.ts';
import { type Unpacked, type UnpackFormat, unstream, untar, unzip } from './unpacking.ts';

const MAX_ENTRIES = 1_000_000;
const TYPES: Readonly<Record<string, UnpackFormat>> = {
  'application/tar': 'tar',
  'application/x-tar': 'tar',
  'application/zip': 'zip',
  'application/flowfile-v3': 'flowfile-stream-v3',
};

type Session = ProcessSession<'success' | 'failure' | 'original'>;
type Context = ProcessContext<typeof properties, RegExp>;

function entries(session: Session, flowFile: FlowFile, format: UnpackFormat, { dataDirectory }: Context): AsyncIterable<Unpacked> {
  const content = session.readStream(flowFile);
  if (format === 'zip') return unzip(content, flowFile.size, dataDirectory);
  return format === 'tar' ? untar(content) : unstream(content);
}

async function unpack(session: Session, flowFile: FlowFile, format: UnpackFormat, context: Context, parts: FlowFile[]): Promise<void> {
  let length = 0;
  for await (const { attributes, content } of entries(session, flowFile, format, context)) {
    if (format !== 'flowfile-stream-v3' && !context.client.test(attributes.filename!)) {
      for await (const _ of content);
      continue;
    }
    if (parts.length >= MAX_ENTRIES) throw new Error(`it has more than ${MAX_ENTRIES} entries`);
    const part = session.create(flowFile);
    parts.push(part);
    const measured = async function* (): AsyncGenerator<Uint8Array> {
      for await (const piece of content) {
        length += piece.length;
        checkGrowth(flowFile.size, length);
        yield piece;
      }
    };
    session.putAttributes(await session.writeStream(part, measured()), { 'mime.type': 'application/octet-stream', ...attributes });
  }
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Unpacks archives: each file in them becomes a FlowFile.',
  tags: ['zip', 'flowfile-stream-v3', 'flowfile-stream', 'un-merge', 'tar', 'archive', 'Unpack'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties,
  relationships: {
    success: 'What was unpacked, and FlowFiles whose mime.type names no archive',
    original: 'The archives',
    failure: 'FlowFiles that cannot be unpacked: broken, encrypted, a bomb, or with names that lead out of the archive',
  },
  readsAttributes: { 'mime.type': 'The format, where Packaging Format says so' },
  writesAttributes: {
    ...FRAGMENT_ATTRIBUTES,
    'mime.type': 'application/octet-stream',
    'file.lastModifiedTime': 'When the file was changed',
    'file.creationTime': 'The same, for tar',
    'file.lastMetadataChange': 'Not known here',
    'file.lastAccessTime': 'Not known here',
    'file.owner': 'The name of the owner, for tar',
    'file.group': 'The name of the group, for tar',
    'file.size': 'How many bytes the file has',
    'file.permissions': 'Such as rw-r--r--, for tar',
    'file.encryptionMethod': 'none, for zip',
  },
  validate: ({ format, password }) => [
    ...(format === 'flowfile-stream-v2' || format === 'flowfile-tar-v1' ? [`Packaging Format '${format}' is not supported by this runtime: choose flowfile-stream-v3`] : []),
    ...(password === undefined ? [] : ['Password is not supported by this runtime: encrypted archives cannot be read']),
  ],
  onScheduled: ({ properties: { filter } }) => wholly(javaRegex(filter)),
  async onTrigger(session, context) {
    const flowFile = session.get();
    if (!flowFile) return;
    const { format: wanted } = context.properties;
    const type = flowFile.getAttribute('mime.type');
    const format = wanted === 'use mime.type attribute' ? TYPES[type ?? ''] : (wanted as UnpackFormat);
    if (!format && type !== undefined) return session.transfer(flowFile, 'success');
    const parts: FlowFile[] = [];
    try {
      if (!format) throw new Error('it has no attribute mime.type');
      await unpack(session, flowFile, format, context, parts);
    } catch (thrown) {
      session.remove(parts);
      context.log.error(`${flowFile.getAttribute('filename')} cannot be unpacked: ${messageOf(thrown)}`);
      return session.transfer(flowFile, 'failure');
    }
    const fragments = new Fragments(flowFile, parts.length);
    parts.forEach((part, index) => session.transfer(session.putAttributes(part, fragments.of(index + 1)), 'success'));
    session.transfer(session.putAttributes(flowFile, fragments.original), 'original');
  },
});
