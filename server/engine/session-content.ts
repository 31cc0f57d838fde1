import type { FlowFile } from '../extension/flowfile.ts';
import type { Session } from './session.ts';

/** The content of the parts one after the other, streamed. */
export async function* concatenated(session: Session, parts: readonly (FlowFile | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    if (part instanceof Uint8Array) yield part;
    else yield* session.readStream(part) as AsyncIterable<Uint8Array>;
  }
}

/** A session that has made more new content than this hands it on before it commits: a big query need not stand in memory. */
export const SPILL_BYTES = 4 * 1024 * 1024;

/** Gives the session's new content its place, where it stays until the session ends. */
export function spill(session: Session): void {
  for (const { current } of session.records) if (current.content.segment < 0) session.journal.content.place(current.content, session);
  session.unplacedBytes = 0;
}
