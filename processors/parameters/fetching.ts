import type { VerificationStep } from '../../server/extension/component.ts';
import { messageOf } from '../../server/extension/errors.ts';
import type { ProvidedGroup } from '../../server/extension/parameter-provider.ts';

/** "Test connection" of a provider: reads everything and tells how much it was, never what. */
export async function fetchingStep(fetch: () => ProvidedGroup[] | Promise<ProvidedGroup[]>): Promise<VerificationStep> {
  const name = 'Fetch Parameters';
  try {
    const groups = await fetch();
    const count = groups.reduce((sum, { parameters }) => sum + parameters.length, 0);
    return { name, outcome: 'SUCCESSFUL', explanation: `${count} parameters were fetched, in the groups ${groups.map((group) => `'${group.name}'`).join(', ')}.` };
  } catch (thrown) {
    return { name, outcome: 'FAILED', explanation: `The parameters could not be fetched: ${messageOf(thrown)}` };
  }
}
