import type { IncomingMessage } from 'node:http';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import type { ProcessSession } from '../../server/extension/session.ts';

export interface PartRules {
  /** The largest multipart body, bytes: it is held in memory. */
  readonly maximum: number;
  readonly attributes: Readonly<Record<string, string>>;
}

/** The body of a request as FlowFiles: one, or one for each part of a form. Throws an Error where it cannot be read. */
export async function receiveParts(session: ProcessSession, request: IncomingMessage, { maximum, attributes }: PartRules): Promise<FlowFile[]> {
  const type = request.headers['content-type'] ?? '';
  if (!/^multipart\/form-data/i.test(type)) return [await receiveWhole(session, request, type, attributes)];
  const form = await new Response(Buffer.concat(await limited(request, maximum)), { headers: { 'Content-Type': type } }).formData();
  const parts = [...form];
  return Promise.all(
    parts.map(async ([name, value], index) => {
      const isFile = typeof value !== 'string';
      const bytes = isFile ? Buffer.from(await value.arrayBuffer()) : Buffer.from(value);
      const partType = isFile ? value.type : 'text/plain';
      const told: Record<string, string> = {
        ...attributes,
        'mime.type': partType,
        'http.multipart.name': name,
        'http.multipart.size': String(bytes.length),
        'http.multipart.content.type': partType,
        'http.headers.multipart.Content-Type': partType,
        'http.multipart.fragments.sequence.number': String(index + 1),
        'http.multipart.fragments.total.number': String(parts.length),
      };
      if (isFile) Object.assign(told, { 'http.multipart.filename': value.name, filename: safeName(value.name) });
      return session.putAttributes(session.write(session.create(), bytes), told);
    }),
  );
}

/** A name without a path. */
const safeName = (name: string): string => name.split(/[/\\]/).at(-1) || 'file';

async function receiveWhole(session: ProcessSession, request: IncomingMessage, type: string, attributes: Readonly<Record<string, string>>): Promise<FlowFile> {
  const flowFile = session.putAttributes(session.create(), type === '' ? attributes : { ...attributes, 'mime.type': type });
  const length = Number(request.headers['content-length'] ?? (request.headers['transfer-encoding'] === undefined ? 0 : Number.NaN));
  if (length === 0) return flowFile;
  try {
    return await session.writeStream(flowFile, request);
  } catch (thrown) {
    session.remove(flowFile);
    throw thrown;
  }
}

async function limited(request: IncomingMessage, maximum: number): Promise<Buffer[]> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of request) {
    pieces.push(piece as Buffer);
    length += (piece as Buffer).length;
    if (length > maximum) throw new Error(`the form has more than ${maximum} bytes`);
  }
  return pieces;
}
