import type { Dispatcher } from 'undici';
import { ResponseBody } from './response-body.ts';

/** An answer whose content may still be on its way. */
export interface HttpAnswer {
  readonly status: number;
  readonly reason: string;
  /** Names and values in turn, in the order and case in which they were sent. */
  readonly headers: readonly string[];
  readonly body: ResponseBody;
  /** What was asked for. */
  readonly url: URL;
}

/**
 * Takes one answer from undici. Half of what a request costs with `request` goes into a stream and a table of headers for each answer, small as most are:
 * `dispatch` hands out the bytes as they come.
 */
export class PendingAnswer implements Dispatcher.DispatchHandler {
  readonly answer: Promise<HttpAnswer>;
  readonly #url: URL;
  #resolve!: (answer: HttpAnswer) => void;
  #reject!: (reason: Error) => void;
  #abort!: (reason?: Error) => void;
  #body: ResponseBody | undefined;

  constructor(url: URL) {
    this.#url = url;
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  onConnect(abort: (reason?: Error) => void): void {
    this.#abort = abort;
  }

  onHeaders(status: number, headers: Buffer[], resume: () => void, reason: string): boolean {
    // 103 Early Hints and the like: the answer itself follows.
    if (status < 200) return true;
    this.#body = new ResponseBody({ resume, abort: this.#abort });
    this.#resolve({ status, reason: reason ?? '', headers: texts(headers), body: this.#body, url: this.#url });
    return true;
  }

  onData(piece: Buffer): boolean {
    return this.#body!.push(piece);
  }

  onComplete(): void {
    this.#body!.end();
  }

  onError(reason: Error): void {
    if (this.#body) this.#body.fail(reason);
    else this.#reject(reason);
  }
}

/** As undici reads them: UTF-8, and Latin-1 for Content-Disposition, where file names are written so. */
function texts(raw: readonly (Buffer | readonly Buffer[])[]): string[] {
  const found: string[] = [];
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index]!.toString();
    const encoding = name.length === 19 && name.toLowerCase() === 'content-disposition' ? 'latin1' : 'utf8';
    const value = raw[index + 1]!;
    // What comes out of the cache has all values of a name together.
    if (Array.isArray(value)) for (const each of value) found.push(name, each.toString(encoding));
    else found.push(name, value.toString(encoding));
  }
  return found;
}
