import { InvalidRequestError } from '../../engine/errors.ts';
import type { Call, RevisionBody } from '../call.ts';
import type { ComponentBody } from '../schemas.ts';
import type { BodyCheck } from '../validation.ts';

/** The body of something new: revision 0 and no id. */
export function newComponent<C extends ComponentBody>(call: Call, check: BodyCheck<{ revision?: RevisionBody; component: C }>, what: string) {
  const { revision, component } = call.body(check);
  const claim = call.claimNew(revision);
  if (component.id) throw new InvalidRequestError(`${what} id cannot be specified.`);
  return { claim, component };
}

/** The name of something that needs one. */
export function requiredName({ name }: ComponentBody, what: string): string {
  if (!name) throw new InvalidRequestError(`The name of the ${what} must be specified.`);
  return name;
}
