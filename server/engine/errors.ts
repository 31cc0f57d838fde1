/** Something was asked about that is not there. */
export class NotFoundError extends Error {
  override name = 'NotFoundError';
}

/** The flow is in a state that forbids what was asked; the message says which and what to do. */
export class ConflictError extends Error {
  override name = 'ConflictError';
}

/** What was asked makes no sense, or rests on an outdated revision. */
export class InvalidRequestError extends Error {
  override name = 'InvalidRequestError';
}
