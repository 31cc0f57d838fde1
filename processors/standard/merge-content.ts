import { readFile } from 'node:fs/promises';
import { ProcessError } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { type Bin, fragmentProblem, incompleteness } from '../../server/extension/flowfile-bins.ts';
import { PACKAGES, type PackageFormat } from './packaging.ts';

export type Session = ProcessSession<'merged' | 'original' | 'failure'>;

/** Up to so many bytes are put together in memory. */
const SMALL = 1024 ** 2;

export interface Delimiters {
  readonly header: Uint8Array;
  readonly demarcator: Uint8Array;
  readonly footer: Uint8Array;
}

const NOTHING = new Uint8Array();

/** What a delimiter property means: text as it stands, or what is in the file of this name. Throws ProcessError. */
export async function delimiter(text: string | undefined, strategy: string): Promise<Uint8Array> {
  if (text === undefined || text === '') return NOTHING;
  if (strategy !== 'Filename') return Buffer.from(text);
  return readFile(text).catch((cause: Error) => {
    throw new ProcessError(`Nothing was merged: the file ${text} cannot be read (${cause.message}). Correct Header, Footer and Demarcator, or set Delimiter Strategy to Text.`, {
      cause,
    });
  });
}

/** The FlowFiles of a bin with what belongs between them. */
function parts(flowFiles: readonly FlowFile[], { header, demarcator, footer }: Delimiters): (FlowFile | Uint8Array)[] {
  const between = flowFiles.flatMap((flowFile, index) => (index > 0 && demarcator.length > 0 ? [demarcator, flowFile] : [flowFile]));
  return [header, ...between, footer].filter((part) => !(part instanceof Uint8Array && part.length === 0));
}

/** A new FlowFile with the content of all. */
export async function mergeContent(session: Session, bin: Bin, delimiters: Delimiters): Promise<FlowFile> {
  const merged = session.create(bin.flowFiles);
  const all = parts(bin.flowFiles, delimiters);
  if (bin.bytes > SMALL) return session.concatenate(merged, all);
  return session.write(merged, Buffer.concat(all.map((part) => (part instanceof Uint8Array ? part : session.read(part)))));
}

function filename(flowFiles: readonly FlowFile[]): string {
  const [first] = flowFiles;
  if (flowFiles.length === 1) return first!.getAttribute('filename')!;
  return first!.getAttribute('segment.original.filename') ?? String(process.hrtime.bigint());
}

/** What every merged FlowFile carries. */
export function mergeAttributes({ flowFiles, since, reason }: Bin, now: number): Record<string, string> {
  const types = new Set(flowFiles.map((flowFile) => flowFile.getAttribute('mime.type')));
  const [type] = types;
  return {
    filename: filename(flowFiles),
    'mime.type': types.size === 1 && type !== undefined ? type : 'application/octet-stream',
    'merge.count': String(flowFiles.length),
    'merge.bin.age': String(Math.max(0, Math.round(now - since))),
    'merge.reason': reason!,
  };
}

/** What follows from the format: the kind of content, and the file extension. */
export function packageAttributes(flowFiles: readonly FlowFile[], format: PackageFormat): Record<string, string> {
  const [type, extension] = PACKAGES[format];
  const name = filename(flowFiles);
  return { 'mime.type': type, filename: name.endsWith(extension) ? name : name + extension };
}

const fragmentIndex = (flowFile: FlowFile): number => Number(flowFile.getAttribute('fragment.index'));

/** What is wrong with one FlowFile that says it is a fragment, and has a place among the others. */
export function placedFragmentProblem(flowFile: FlowFile): string | undefined {
  const index = flowFile.getAttribute('fragment.index') ?? '';
  return /^\d+$/.test(index) ? fragmentProblem(flowFile) : `its attribute fragment.index is '${index}', not a number`;
}

/** What keeps fragments from being put together; sorts them otherwise. */
export function orderFragments(bin: Bin): string | undefined {
  const { flowFiles } = bin;
  const problem = incompleteness(bin);
  if (problem) return problem;
  if (new Set(flowFiles.map(fragmentIndex)).size < flowFiles.length) return `two fragments of ${flowFiles[0]!.getAttribute('fragment.identifier')} have the same fragment.index`;
  flowFiles.sort((a, b) => fragmentIndex(a) - fragmentIndex(b));
  return undefined;
}
