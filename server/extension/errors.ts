/**
 * A failure that a person should read as it stands: what happened and what to do.
 * Thrown from `onTrigger`, it rolls the session back and becomes a bulletin without a stack trace.
 */
export class ProcessError extends Error {
  override name = 'ProcessError';
}

/** A property's text does not mean what the property needs. The message is worded to follow "'Name' validated against 'value' is invalid because ". */
export class PropertyError extends Error {
  override name = 'PropertyError';
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
