import path from 'node:path';
import { lockDirectory, openDatabase } from '../../server/repository/database.ts';
import { rotateKey } from '../../server/security/rotate-key.ts';

/** `tsx rotate-until.ts DIRECTORY STEPS`: changes the key of a data directory, and is killed as by kill -9 after so many steps. */
const [directory, steps] = process.argv.slice(2) as [string, string];
lockDirectory(directory);
const rotation = rotateKey({ directory, db: openDatabase(path.join(directory, 'millrace.db')) });
for (let done = 0; done < Number(steps); done++) {
  if (rotation.next().done) process.exit(0);
}
process.kill(process.pid, 'SIGKILL');
