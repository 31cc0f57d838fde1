import type { ServerResponse } from 'node:http';

/** Bytes that are handed to the socket at once. */
const PORTION = 1 << 20;
/** Portions that are kept for the next large answer. */
const KEPT = 4;
const free: Buffer[] = [];

/**
 * Sends a body that consists of pieces. A large one goes out in portions through memory that is used again and again: a
 * canvas of a thousand processors is 8 MB, and a new buffer for each answer made the garbage collector walk the whole heap
 * every few answers. Between portions others have their turn.
 */
export function sendPieces(response: ServerResponse, pieces: readonly Buffer[]): void {
  let length = 0;
  for (const piece of pieces) length += piece.length;
  response.setHeader('Content-Length', String(length));
  if (length <= PORTION) response.end(pieces.length === 1 ? pieces[0] : Buffer.concat(pieces, length));
  else void sendPortions(response, pieces);
}

async function sendPortions(response: ServerResponse, pieces: readonly Buffer[]): Promise<void> {
  const portion = free.pop() ?? Buffer.allocUnsafeSlow(PORTION);
  let filled = 0;
  for (const piece of pieces) {
    for (let from = 0; from < piece.length; ) {
      const copied = piece.copy(portion, filled, from);
      from += copied;
      filled += copied;
      if (filled < PORTION) continue;
      if (!(await written(response, portion))) return;
      filled = 0;
    }
  }
  if (await written(response, portion.subarray(0, filled))) response.end();
  if (free.length < KEPT) free.push(portion);
}

/** Whether the socket has taken the bytes, so that their memory may be used again. */
function written(response: ServerResponse, bytes: Buffer): Promise<boolean> {
  return new Promise((resolve) => response.write(bytes, (error) => resolve(!error)));
}
