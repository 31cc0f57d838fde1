/** How a refusal is answered: the request failed, is not allowed, or is about something that is not there. */
export type Answer = 'failure' | 'denied' | 'missing' | 'unsupported';

/** A request that is not done. The message says why; the audit has it where `isNoted`. */
export class Refused extends Error {
  override name = 'Refused';
  readonly answer: Answer;
  readonly isNoted: boolean;

  constructor(message: string, answer: Answer, { isNoted = answer === 'denied' } = {}) {
    super(message);
    this.answer = answer;
    this.isNoted = isNoted;
  }
}
