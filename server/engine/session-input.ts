import type { FlowFile } from '../extension/flowfile.ts';
import type { FlowFileRecord } from './flowfile-record.ts';
import type { FlowFileQueue } from './queue.ts';
import type { Session } from './session.ts';
import { dropExpired, isExpired } from './expiration.ts';

/** The next FlowFile of the runnable's queues, each in its turn; expired ones are dropped on the way. */
export function takeNext(session: Session): FlowFileRecord | undefined {
  const { runnable } = session;
  const count = runnable.incoming.length;
  const now = session.clock.now();
  for (let i = 0; i < count; i++) {
    const index = (runnable.nextInput + i) % count;
    const record = takeFresh(session, runnable.incoming[index]!, now);
    if (record) {
      runnable.nextInput = index + 1;
      return record;
    }
  }
  return undefined;
}

/** Those of all queues that `choose` takes. */
export function takeMatching(session: Session, choose: (flowFile: FlowFile) => 'take' | 'skip' | 'stop'): FlowFileRecord[] {
  const now = session.clock.now();
  return session.runnable.incoming.flatMap((queue) => {
    const taken = queue.takeMatching(now, (record) => (isExpired(record, queue, now) ? 'take' : choose(record.committed)));
    return taken.filter((record) => keepOrDrop(session, queue, record, now));
  });
}

function takeFresh(session: Session, queue: FlowFileQueue, now: number): FlowFileRecord | undefined {
  for (let record = queue.take(now); record; record = queue.take(now)) {
    if (keepOrDrop(session, queue, record, now)) return record;
  }
  return undefined;
}

function keepOrDrop(session: Session, queue: FlowFileQueue, record: FlowFileRecord, now: number): boolean {
  if (queue.expiration > 0 && isExpired(record, queue, now)) {
    dropExpired(session.journal, queue, [record], now);
    return false;
  }
  record.holder = session;
  session.records.push(record);
  return true;
}
