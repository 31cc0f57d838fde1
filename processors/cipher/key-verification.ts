import type { VerificationStep } from '../../server/extension/component.ts';
import { messageOf } from '../../server/extension/errors.ts';
import type { KeyKind } from './age-keys.ts';

/** "Test connection": whether there are keys. */
export async function verifyKeys({ name }: KeyKind, read: () => Promise<readonly string[]>): Promise<VerificationStep[]> {
  const step = { name: `Verify ${name}` };
  try {
    return [{ ...step, outcome: 'SUCCESSFUL', explanation: `${name} found: ${(await read()).length}` }];
  } catch (thrown) {
    return [{ ...step, outcome: 'FAILED', explanation: messageOf(thrown) }];
  }
}
