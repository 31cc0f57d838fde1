import type { FlowFile } from '../extension/flowfile.ts';
import type { Session } from './session.ts';

/** The content of the parts one after the other, streamed. */
export async function* concatenated(session: Session, parts: readonly (FlowFile | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    if (part instanceof Uint8Array) yield part;
    else yield* session.readStream(part) as AsyncIterable<Uint8Array>;
  }
}
