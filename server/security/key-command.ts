import { spawnSync } from 'node:child_process';
import { StorageError } from '../engine/repositories.ts';

const MOST_MILLIS = 60_000;

/**
 * The key that a command writes to its standard output, such as one that asks a key management service: 64 hexadecimal digits.
 * `name`: the variable that has the command. Throws StorageError, whose message has nothing of what the command wrote.
 */
export function keyFromCommand(command: string | undefined, name: string): string | undefined {
  if (command === undefined || command === '') return undefined;
  const { status, signal, stdout, error } = spawnSync(command, { shell: true, encoding: 'utf8', timeout: MOST_MILLIS, stdio: ['ignore', 'pipe', 'inherit'] });
  const what = error?.message ?? (signal ? `it was ended by ${signal}` : `it ended with ${status}`);
  if (error || status !== 0) throw new StorageError(`The command in ${name} gave no key: ${what}. Run it by hand to see why; it must write 64 hexadecimal digits.`);
  return stdout.trim();
}
