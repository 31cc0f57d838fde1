import { choices } from '../../server/extension/choices.ts';
import { messageOf } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { type Codec, codecNamed, codecOf, codecTraits, compressed, decompressed, unsupported } from './compression.ts';

const properties = {
  input: property.choice(
    'Input Compression Strategy',
    'How content is compressed when it comes',
    choices('no compression', 'use mime.type attribute', 'gzip', 'deflate', 'bzip2', 'xz-lzma2', 'lzma', 'snappy', 'snappy-framed', 'lz4-framed', 'zstd', 'brotli'),
    { default: 'no compression' },
  ),
  output: property.choice(
    'Output Compression Strategy',
    'How it shall be compressed',
    choices('no compression', 'gzip', 'deflate', 'bzip2', 'xz-lzma2', 'lzma', 'snappy', 'snappy-hadoop', 'snappy-framed', 'lz4-framed', 'zstd', 'brotli'),
    { default: 'no compression' },
  ),
  level: property.choice('Output Compression Level', 'From 0, fast, to 9, small', choices('0', '1', '2', '3', '4', '5', '6', '7', '8', '9'), {
    default: '1',
    dependsOn: { 'Output Compression Strategy': ['brotli', 'deflate', 'gzip', 'use mime.type attribute', 'xz-lzma2', 'zstd'] },
  }),
  naming: property.choice('Output Filename Strategy', 'Whether the file extension follows the compression', { ORIGINAL: 'Original', UPDATED: 'Updated' }, { default: 'UPDATED' }),
};

type Session = ProcessSession<'success' | 'failure'>;

function renamed(name: string, from: Codec | undefined, to: Codec | undefined): string {
  const old = from && codecTraits(from).extension;
  const bare = old && name.toLowerCase().endsWith(old) ? name.slice(0, -old.length) : name;
  return bare + (to ? codecTraits(to).extension : '');
}

async function change(
  session: Session,
  flowFile: FlowFile,
  from: Codec | undefined,
  { properties: { output, level, naming } }: ProcessContext<typeof properties>,
): Promise<FlowFile> {
  const to = codecNamed(output);
  let content: AsyncIterable<Uint8Array> = session.readStream(flowFile);
  if (from) content = decompressed(content, from, flowFile.size);
  if (to) content = compressed(content, to, Number(level));
  const written = from || to ? await session.writeStream(flowFile, content) : flowFile;
  const named = naming === 'UPDATED' ? session.putAttribute(written, 'filename', renamed(flowFile.getAttribute('filename')!, from, to)) : written;
  return to ? session.putAttribute(named, 'mime.type', codecTraits(to).type) : session.removeAttributes(named, ['mime.type']);
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.compress', bundle: 'nifi-compress-nar' },
  description: 'Changes how content is compressed, in one step.',
  tags: ['compress', 'snappy framed', 'brotli', 'recompress', 'gzip', 'snappy', 'bzip2', 'content'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties,
  relationships: { success: 'FlowFiles that were changed', failure: 'FlowFiles that are not compressed as was said' },
  readsAttributes: { 'mime.type': 'The compression, where Input Compression Strategy says so' },
  writesAttributes: { 'mime.type': 'The new compression; removed where there is none' },
  validate: ({ input, output }) => [...unsupported('Input Compression Strategy', input, 'decompress'), ...unsupported('Output Compression Strategy', output, 'compress')],
  async onTrigger(session, context) {
    const { input } = context.properties;
    for (const flowFile of session.getBatch(10)) {
      try {
        const from = input === 'use mime.type attribute' ? codecOf(flowFile.getAttribute('mime.type') ?? '') : codecNamed(input);
        session.transfer(await change(session, flowFile, from, context), 'success');
      } catch (thrown) {
        context.log.error(`${flowFile.getAttribute('filename')} cannot be changed: ${messageOf(thrown)}`);
        session.transfer(flowFile, 'failure');
      }
    }
  },
});
