import type { FlowFile } from '../../server/extension/flowfile.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import type { Message } from './message-queue.ts';
import type { MessageServer } from './message-server.ts';

export interface BatchRules {
  /** How many messages are taken at most. */
  readonly max: number;
  readonly signal: AbortSignal;
  /** Milliseconds to wait for another message when one is there. */
  readonly patience?: number;
}

/** Takes messages and hands them to `use`, those of each sender together. What `use` throws puts them back. */
export async function takeMessages(
  session: ProcessSession,
  { queue }: MessageServer,
  { max, signal, patience }: BatchRules,
  use: (messages: readonly Message[], sender: string) => void | Promise<void>,
): Promise<void> {
  const messages = await queue.take(max, signal, patience);
  if (messages.length === 0) return;
  session.adjustCounter('Messages Received', messages.length);
  try {
    for (const [sender, own] of bySender(messages)) await use(own, sender);
  } catch (thrown) {
    queue.putBack(messages);
    throw thrown;
  }
}

function bySender(messages: readonly Message[]): Map<string, Message[]> {
  const senders = new Map<string, Message[]>();
  for (const message of messages) {
    const own = senders.get(message.sender);
    if (own) own.push(message);
    else senders.set(message.sender, [message]);
  }
  return senders;
}

/** A FlowFile of messages with a delimiter between them; undefined where they hold nothing. */
export function joinedFlowFile(session: ProcessSession, messages: readonly Message[], delimiter: Buffer): FlowFile | undefined {
  const [first] = messages;
  const content = messages.length === 1 ? first!.bytes : Buffer.concat(messages.flatMap(({ bytes }, index) => (index === 0 ? [bytes] : [delimiter, bytes])));
  return content.length === 0 ? undefined : session.write(session.create(), content);
}

/** Counts and reports a FlowFile that was received, such as from `udp://10.0.0.1:514`. */
export function reportReceived<R extends string>(session: ProcessSession<R>, flowFile: FlowFile, uri: string): void {
  session.adjustCounter('FlowFiles Transferred to Success', 1);
  session.report('RECEIVE', flowFile, uri);
}
