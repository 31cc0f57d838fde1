import type { Revision, RevisionClaim } from './component.ts';
import { InvalidRequestError } from './errors.ts';

/** Throws InvalidRequestError where somebody else has written since (NiFi 2 answers 400). */
export function checkRevision(node: { readonly id: string; readonly revision: Revision }, { version, clientId }: RevisionClaim): void {
  if (version === node.revision.version) return;
  if (clientId !== undefined && clientId === node.revision.clientId) return;
  throw new InvalidRequestError(
    `[${version}, ${clientId ?? null}, ${node.id}] is not the most up-to-date revision. This component appears to have been modified. Retrieve the most up-to-date revision and try again.`,
  );
}

export function nextRevision({ version }: Revision, { clientId, user }: RevisionClaim): Revision {
  return { version: version + 1, clientId, lastModifier: user };
}
