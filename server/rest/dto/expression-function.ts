/** A function of the Expression Language as an editor offers it. */
export interface ExpressionFunctionDto {
  name: string;
  /** `subject`: follows a value; `first`: begins an expression. */
  place: 'subject' | 'first';
  /** Names of its arguments, those that may be left out with a question mark. */
  arguments: string[];
  description: string;
}
