/** A text that is not an expression of NiFi's Expression Language. `position` is the offset in the text where the trouble lies. */
export class ExpressionSyntaxError extends Error {
  override name = 'ExpressionSyntaxError';
  readonly position: number;

  constructor(message: string, position: number) {
    super(`${message} (at position ${position})`);
    this.position = position;
  }
}
