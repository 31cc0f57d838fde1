import { ProcessError } from './errors.ts';
import type { FlowFile } from './flowfile.ts';
import { parseRecords } from './record.ts';
import type { ProcessSession } from './session.ts';

/** Sends a FlowFile whose rows all fail for one reason to `failure`, and refuses its rows; what holds no records has no rows to refuse. */
export function fail(session: ProcessSession<'failure'>, flowFile: FlowFile, reason: string): void {
  try {
    session.refuse(
      parseRecords(session.read(flowFile).toString('utf8')).map((row) => ({ row, reason })),
      flowFile,
    );
  } catch (thrown) {
    if (!(thrown instanceof ProcessError)) throw thrown;
  }
  session.transfer(session.putAttribute(flowFile, 'error.message', reason), 'failure');
}
