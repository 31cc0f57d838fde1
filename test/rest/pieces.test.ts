import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { sendPieces } from '../../server/rest/pieces.ts';

/** Uneven pieces, most smaller than a portion and one larger, whose bytes differ by answer and place. */
function pieces(seed: number): Buffer[] {
  const sizes = [1, 700_001, 2_500_000, ...Array.from({ length: 3000 }, (_, n) => 500 + n)];
  return sizes.map((size, place) => Buffer.alloc(size, `${seed}:${place};`));
}

async function whole(answer: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) {
    chunks.push(chunk as Buffer);
    // A reader that is slower than the sender, so that portions wait in the socket.
    if (chunks.length % 16 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  return Buffer.concat(chunks);
}

test('large answers to readers who are slow, or hang up, are sent byte by byte as they are, though their memory is used again', async () => {
  const server = createServer((request, response) => sendPieces(response, pieces(Number(request.url!.slice(1))))).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const ask = async (seed: number): Promise<IncomingMessage> => {
    const [answer] = await once(get({ host: '127.0.0.1', port: (server.address() as AddressInfo).port, path: `/${seed}`, agent: false }), 'response');
    return answer as IncomingMessage;
  };
  try {
    for (let round = 0; round < 3; round++) {
      const answers = await Promise.all([1, 2, 3, 4, 5, 6].map((n) => ask(round * 10 + n)));
      answers.pop()!.destroy();
      const bodies = await Promise.all(answers.map(whole));
      bodies.forEach((body, place) => assert.ok(body.equals(Buffer.concat(pieces(round * 10 + place + 1))), `answer ${place + 1} of round ${round + 1}`));
      assert.deepEqual(
        answers.map(({ headers }) => headers['content-length']),
        bodies.map(({ length }) => String(length)),
      );
    }
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
