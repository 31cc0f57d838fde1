/** Cuts a stream of bytes at a delimiter, which is left out. Each byte is looked at once and copied twice at most, however small the pieces are. */
export class MessageFrames {
  readonly #delimiter: Buffer;
  readonly #maximum: number;
  /** What has come since the last delimiter: the first `#length` bytes. It grows by doubling. */
  #pending: Buffer = Buffer.allocUnsafeSlow(0);
  #length = 0;
  /** Whether the rest of a message that is too long is passed over. */
  #skips = false;

  /** `maximum`: bytes of a message. */
  constructor(delimiter: Buffer, maximum: number) {
    this.#delimiter = delimiter;
    this.#maximum = maximum;
  }

  /** Takes the next bytes; gives each message that is complete. `onTooLong` is called once for each that is too long and left out. */
  take(piece: Buffer, onTooLong: () => void): Buffer[] {
    // A delimiter may have begun in what came before.
    const searched = Math.max(0, this.#length - this.#delimiter.length + 1);
    const isNew = this.#length === 0;
    if (!isNew) this.#append(piece);
    const bytes = isNew ? piece : this.#pending.subarray(0, this.#length);
    const messages: Buffer[] = [];
    let from = 0;
    for (let at = bytes.indexOf(this.#delimiter, searched); at >= 0; at = bytes.indexOf(this.#delimiter, from)) {
      if (this.#skips) this.#skips = false;
      else if (at - from > this.#maximum) onTooLong();
      else messages.push(Buffer.from(bytes.subarray(from, at)));
      from = at + this.#delimiter.length;
    }
    this.#keep(bytes.subarray(from), onTooLong);
    return messages;
  }

  /** What stands behind the last delimiter when the stream has ended; undefined where nothing does. */
  rest(): Buffer | undefined {
    return this.#length > 0 && !this.#skips ? this.#pending.subarray(0, this.#length) : undefined;
  }

  #keep(rest: Buffer, onTooLong: () => void): void {
    if (!this.#skips && rest.length > this.#maximum + this.#delimiter.length) {
      onTooLong();
      this.#skips = true;
    }
    const kept = this.#skips ? rest.subarray(Math.max(0, rest.length - this.#delimiter.length + 1)) : rest;
    if (kept.buffer === this.#pending.buffer) {
      this.#pending.copyWithin(0, kept.byteOffset, kept.byteOffset + kept.length);
      this.#length = kept.length;
    } else {
      this.#length = 0;
      this.#append(kept);
    }
  }

  #append(piece: Buffer): void {
    const needed = this.#length + piece.length;
    if (needed > this.#pending.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#pending.length));
      this.#pending.copy(grown, 0, 0, this.#length);
      this.#pending = grown;
    }
    piece.copy(this.#pending, this.#length);
    this.#length = needed;
  }
}
