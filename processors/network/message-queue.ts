import { PATIENCE, WaitingTasks } from '../../server/extension/waiting-tasks.ts';

/** One message from a network, and who sent it. */
export interface Message {
  readonly bytes: Uint8Array;
  /** The sender's address. */
  readonly sender: string;
  readonly senderPort: number;
  /** The names in the sender's certificate, where it has shown one. */
  readonly subject?: string;
  readonly issuer?: string;
}

export interface MessageQueueRules {
  /** How many messages wait at most. */
  readonly capacity: number;
  /** Called when it becomes full, and when there is room again. */
  onFull?(): void;
  onRoom?(): void;
}

/** Messages between a socket and the tasks of a processor. */
export class MessageQueue {
  readonly #rules: MessageQueueRules;
  #messages: Message[] = [];
  /** The first message that was not taken; those before it are cut off now and then. */
  #head = 0;
  #isFull = false;
  readonly #waiting = new WaitingTasks();

  constructor(rules: MessageQueueRules) {
    this.#rules = rules;
  }

  get size(): number {
    return this.#messages.length - this.#head;
  }

  get isFull(): boolean {
    return this.#isFull;
  }

  /** Whoever hands in messages while it is full adds to its length: a reader that is paused has read one more piece. */
  push(message: Message): void {
    this.#messages.push(message);
    if (!this.#isFull && this.size >= this.#rules.capacity) {
      this.#isFull = true;
      this.#rules.onFull?.();
    }
    this.#waiting.wakeOne();
  }

  /** Messages that could not be used are the first again. */
  putBack(messages: readonly Message[]): void {
    this.#messages = [...messages, ...this.#messages.slice(this.#head)];
    this.#head = 0;
  }

  /**
   * Up to `max` messages: those that are there, and those that come within `patience` milliseconds of one another. None where none comes within
   * half a second, or the signal fires.
   */
  async take(max: number, signal: AbortSignal, patience = 20): Promise<Message[]> {
    const taken: Message[] = [];
    while (taken.length < max) {
      if (this.size === 0 && !signal.aborted) await this.#waiting.wait(signal, taken.length === 0 ? PATIENCE : patience);
      if (this.size === 0) break;
      taken.push(this.#shift());
    }
    return taken;
  }

  #shift(): Message {
    const message = this.#messages[this.#head++]!;
    if (this.#head === this.#messages.length || this.#head >= 1024) {
      this.#messages = this.#messages.slice(this.#head);
      this.#head = 0;
    }
    if (this.#isFull && this.size < this.#rules.capacity) {
      this.#isFull = false;
      this.#rules.onRoom?.();
    }
    return message;
  }
}
