/** Cuts a stream of bytes at a delimiter, which is left out. */
export class MessageFrames {
  readonly #delimiter: Buffer;
  readonly #maximum: number;
  #pending: Buffer = Buffer.alloc(0);
  /** Whether the rest of a message that is too long is passed over. */
  #skips = false;
  /** How much of what is pending holds no delimiter for sure. */
  #searched = 0;

  /** `maximum`: bytes of a message. */
  constructor(delimiter: Buffer, maximum: number) {
    this.#delimiter = delimiter;
    this.#maximum = maximum;
  }

  /** Takes the next bytes; gives each message that is complete. `onTooLong` is called once for each that is too long and left out. */
  take(piece: Buffer, onTooLong: () => void): Buffer[] {
    this.#pending = this.#pending.length === 0 ? piece : Buffer.concat([this.#pending, piece]);
    const messages: Buffer[] = [];
    for (let from = 0; ; ) {
      const at = this.#pending.indexOf(this.#delimiter, Math.max(from, this.#searched));
      if (at < 0) {
        this.#keep(from, onTooLong);
        return messages;
      }
      if (this.#skips) this.#skips = false;
      else if (at - from > this.#maximum) onTooLong();
      else messages.push(this.#pending.subarray(from, at));
      from = at + this.#delimiter.length;
      this.#searched = from;
    }
  }

  /** What stands behind the last delimiter when the stream has ended; undefined where nothing does. */
  rest(): Buffer | undefined {
    return this.#pending.length > 0 && !this.#skips ? this.#pending : undefined;
  }

  #keep(from: number, onTooLong: () => void): void {
    let rest = this.#pending.subarray(from);
    if (!this.#skips && rest.length > this.#maximum + this.#delimiter.length) {
      onTooLong();
      this.#skips = true;
    }
    // The end may be the beginning of a delimiter.
    if (this.#skips) rest = rest.subarray(Math.max(0, rest.length - this.#delimiter.length + 1));
    // A copy: a part would keep all of the bytes that were received with it.
    this.#pending = Buffer.from(rest);
    this.#searched = Math.max(0, rest.length - this.#delimiter.length + 1);
  }
}
