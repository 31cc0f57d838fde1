import { InvalidRequestError } from '../engine/errors.ts';

const MOST_CHARACTERS = 100;
/** Who nobody is: what NiFi calls those who did not log in. */
const NOBODY = 'anonymous';

/** What a person types is compared in one form, so that no two names look the same and are not (Unicode TR 15). */
export function normalIdentity(identity: string): string {
  return identity.normalize('NFC');
}

/** Throws InvalidRequestError for names that would mislead. */
export function checkIdentity(identity: string, what = 'user'): void {
  if (identity === NOBODY) throw new InvalidRequestError(`${NOBODY} means that nobody has logged in. Choose another name.`);
  const right = identity.length > 0 && identity.length <= MOST_CHARACTERS && identity === identity.trim() && !/[\p{C}\p{Zl}\p{Zp}]/u.test(identity);
  if (!right) throw new InvalidRequestError(`The name of a ${what} has 1 to ${MOST_CHARACTERS} characters, none of them invisible, and no space at its ends.`);
}
