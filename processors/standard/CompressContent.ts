import { choices } from '../../server/extension/choices.ts';
import { messageOf } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { type Codec, codecNamed, codecOf, codecTraits, compressed, decompressed, unsupported } from './compression.ts';

const properties = {
  mode: property.choice('Mode', 'Whether content is made smaller, or as it was', choices('compress', 'decompress'), { default: 'compress' }),
  format: property.choice(
    'Compression Format',
    'How content is compressed',
    choices('use mime.type attribute', 'gzip', 'deflate', 'bzip2', 'xz-lzma2', 'lzma', 'snappy', 'snappy-hadoop', 'snappy framed', 'lz4-framed', 'zstd', 'brotli'),
    { default: 'use mime.type attribute' },
  ),
  level: property.choice('Compression Level', 'From 0, fast, to 9, small', choices('0', '1', '2', '3', '4', '5', '6', '7', '8', '9'), {
    default: '1',
    dependsOn: { 'Compression Format': ['brotli', 'deflate', 'gzip', 'use mime.type attribute', 'xz-lzma2', 'zstd'], Mode: ['compress'] },
  }),
  renames: property.boolean('Update Filename', 'Whether the file extension of the format is added to the filename, or taken away', { default: 'false' }),
};

type Session = ProcessSession<'success' | 'failure'>;
type Context = ProcessContext<typeof properties>;

async function change(session: Session, flowFile: FlowFile, codec: Codec, { properties: { mode, level, renames } }: Context): Promise<FlowFile> {
  const { type, extension } = codecTraits(codec);
  const name = flowFile.getAttribute('filename')!;
  const source = session.readStream(flowFile);
  if (mode === 'compress') {
    const written = await session.writeStream(flowFile, compressed(source, codec, Number(level)));
    return session.putAttributes(written, { 'mime.type': type, ...(renames ? { filename: name + extension } : {}) });
  }
  const written = session.removeAttributes(await session.writeStream(flowFile, decompressed(source, codec, flowFile.size)), ['mime.type']);
  return renames && name.toLowerCase().endsWith(extension) ? session.putAttribute(written, 'filename', name.slice(0, -extension.length)) : written;
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Compresses content, or decompresses it. The format may follow from the attribute mime.type.',
  tags: ['compress', 'snappy framed', 'brotli', 'gzip', 'snappy', 'bzip2', 'content', 'lz4-framed'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties,
  relationships: { success: 'FlowFiles that were changed, and those whose mime.type names no compression', failure: 'FlowFiles that cannot be decompressed' },
  readsAttributes: { 'mime.type': 'The format, where Compression Format says so' },
  writesAttributes: { 'mime.type': 'The format of what was compressed; removed from what was decompressed' },
  validate: ({ format, mode }) => unsupported('Compression Format', format, mode),
  async onTrigger(session, context) {
    const { format } = context.properties;
    for (const flowFile of session.getBatch(10)) {
      try {
        const type = flowFile.getAttribute('mime.type');
        const chosen = codecNamed(format);
        if (!chosen && type === undefined) throw new Error('it has no attribute mime.type');
        const codec = chosen ?? codecOf(type!);
        session.transfer(codec === undefined ? flowFile : await change(session, flowFile, codec, context), 'success');
      } catch (thrown) {
        context.log.error(`${flowFile.getAttribute('filename')} cannot be ${context.properties.mode}ed: ${messageOf(thrown)}`);
        session.transfer(flowFile, 'failure');
      }
    }
  },
});
