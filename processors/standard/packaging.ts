import type { Readable } from 'node:stream';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { permissionMode } from '../../server/extension/file-attributes.ts';
import { flowFileHeader } from './flowfile-stream.ts';

export type PackageFormat = 'TAR' | 'ZIP' | 'FlowFile Stream, v3';

export interface PackageRules {
  readonly format: PackageFormat;
  /** Of ZIP, 0 to 9. */
  readonly level: number;
  /** Whether the attribute `path` is part of the names. */
  readonly keepsPath: boolean;
  /** When an entry was changed, as text. */
  time(flowFile: FlowFile): string | undefined;
}

/** Mime type and file extension. */
export const PACKAGES: Readonly<Record<PackageFormat, readonly [type: string, extension: string]>> = {
  TAR: ['application/tar', '.tar'],
  ZIP: ['application/zip', '.zip'],
  'FlowFile Stream, v3': ['application/flowfile-v3', '.pkg'],
};

export const isPackage = (format: string): format is PackageFormat => Object.hasOwn(PACKAGES, format);

type Reader = Pick<ProcessSession, 'readStream'>;

/** FlowFiles packed into one content, piece by piece. */
export function packed(session: Reader, flowFiles: readonly FlowFile[], rules: PackageRules): AsyncIterable<Uint8Array> {
  if (rules.format === 'TAR') return tar(session, flowFiles, rules);
  return rules.format === 'ZIP' ? zip(session, flowFiles, rules) : stream(session, flowFiles);
}

async function* stream(session: Reader, flowFiles: readonly FlowFile[]): AsyncGenerator<Uint8Array> {
  for (const flowFile of flowFiles) {
    yield flowFileHeader(flowFile.attributes, flowFile.size);
    if (flowFile.size > 0) yield* session.readStream(flowFile) as AsyncIterable<Uint8Array>;
  }
}

function entryName(flowFile: FlowFile, { keepsPath }: PackageRules): string {
  const name = flowFile.getAttribute('filename')!;
  const path = keepsPath ? (flowFile.getAttribute('path') ?? '').replace(/^(\.?\/)+/, '') : '';
  return path === '' || path.endsWith('/') ? path + name : `${path}/${name}`;
}

function entryTime(flowFile: FlowFile, { time }: PackageRules): Date {
  const at = Date.parse(time(flowFile) ?? '');
  return new Date(Number.isNaN(at) ? Date.now() : at);
}

/** Permissions as `rwxr-x---`, as a number. */
const entryMode = (flowFile: FlowFile): number => permissionMode(flowFile.getAttribute('tar.permissions') ?? flowFile.getAttribute('file.permissions') ?? '') ?? 0o644;

async function* tar(session: Reader, flowFiles: readonly FlowFile[], rules: PackageRules): AsyncGenerator<Uint8Array> {
  const { pack } = await import('tar-stream');
  const archive = pack();
  void (async () => {
    for (const flowFile of flowFiles) await addToTar(archive, session, flowFile, rules);
    archive.finalize();
  })().catch((thrown: Error) => archive.destroy(thrown));
  yield* archive as unknown as AsyncIterable<Uint8Array>;
}

function addToTar(archive: import('tar-stream').Pack, session: Reader, flowFile: FlowFile, rules: PackageRules): Promise<void> {
  return new Promise((resolve, reject) => {
    const header = { name: entryName(flowFile, rules), size: flowFile.size, mode: entryMode(flowFile), mtime: entryTime(flowFile, rules) };
    const entry = archive.entry(header, (error) => (error ? reject(error) : resolve()));
    if (flowFile.size === 0) entry.end(Buffer.alloc(0));
    else session.readStream(flowFile).once('error', reject).pipe(entry);
  });
}

async function* zip(session: Reader, flowFiles: readonly FlowFile[], rules: PackageRules): AsyncGenerator<Uint8Array> {
  const { ZipFile } = await import('yazl');
  const archive = new ZipFile();
  for (const flowFile of flowFiles) {
    const options = { mtime: entryTime(flowFile, rules), compress: rules.level > 0, compressionLevel: rules.level, mode: 0o100000 | entryMode(flowFile), size: flowFile.size };
    // Opened only when its turn comes: not every content at once.
    archive.addReadStreamLazy(entryName(flowFile, rules), options, (callback) => callback(null, session.readStream(flowFile) as Readable));
  }
  archive.on('error', (thrown: Error) => (archive.outputStream as Readable).destroy(thrown));
  archive.end();
  yield* archive.outputStream as AsyncIterable<Uint8Array>;
}
