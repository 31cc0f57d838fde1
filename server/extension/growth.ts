/** Beyond so many bytes, what grows by more than this factor is a bomb. */
const BOMB = { bytes: 1024 ** 3, factor: 200 };

/** Throws an Error where so few bytes became so many that somebody means harm. */
export function checkGrowth(from: number, to: number): void {
  if (to > BOMB.bytes && to > from * BOMB.factor) throw new Error(`its ${from} bytes become more than ${BOMB.bytes}, ${BOMB.factor} times as many: this looks like a bomb`);
}

/** What content of `size` bytes becomes. Throws an Error as soon as it is a bomb. */
export async function* growing<T extends Uint8Array>(content: AsyncIterable<T>, size: number): AsyncGenerator<T> {
  let length = 0;
  for await (const piece of content) {
    length += piece.length;
    checkGrowth(size, length);
    yield piece;
  }
}
