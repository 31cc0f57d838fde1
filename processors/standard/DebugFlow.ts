import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StateScope } from '../../server/extension/component.ts';
import { ProcessError } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { properties } from './debug-properties.ts';
import { ResponseCycle } from './response-cycle.ts';

type Session = ProcessSession<'success' | 'failure'>;

interface Client {
  readonly withFlowFile: ResponseCycle;
  readonly withoutFlowFile: ResponseCycle;
  readonly stopped: { readonly pause: number; readonly fails: boolean };
}

type Context = ProcessContext<typeof properties, Client>;

function saveState(session: Session, { properties: { stateEntries, stateScope } }: Context): void {
  if (stateEntries === 0) return;
  const entries = Array.from({ length: stateEntries }, (_, index) => [`key-${index}`, randomUUID()] as const);
  session.setState(stateScope.toLowerCase() as StateScope, Object.fromEntries(entries));
}

function withoutFlowFile(context: Context): void {
  const { response } = context.client.withoutFlowFile.next();
  if (response === 'exception') throw new ProcessError(`${context.properties.emptyExceptionClass}: forced by DebugFlow, as its properties say.`);
  if (response === 'yield') context.yield();
}

function withFlowFile(session: Session, given: FlowFile, context: Context): void {
  const { writeIterations, contentSize, exceptionClass } = context.properties;
  const { response, isNew } = context.client.withFlowFile.next();
  let flowFile = given;
  if (isNew) for (let written = 0; written < writeIterations; written++) flowFile = session.write(flowFile, randomBytes(contentSize));
  if (response === 'exception') throw new ProcessError(`${exceptionClass}: forced by DebugFlow, as its properties say.`);
  if (response === 'success' || response === 'failure') return session.transfer(flowFile, response);
  if (response === 'yield') context.yield();
  session.requeue(response === 'penalty' ? session.penalize(given) : given);
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'For testing flows: passes FlowFiles on, fails them, puts them back, yields, pauses and throws, as often and in the order that its properties say.',
  tags: ['FlowFile', 'debug', 'test', 'utility', 'state', 'processor', 'flow'],
  input: 'allowed',
  properties,
  stateful: { scope: 'local', description: 'Random entries, as many as Generate State Entries says.' },
  relationships: { success: 'FlowFiles that were passed on', failure: 'FlowFiles that were failed' },
  async onScheduled({ properties: values, signal }): Promise<Client> {
    if (values.scheduledPause > 0) await sleep(values.scheduledPause, undefined, values.deaf ? {} : { signal });
    if (values.scheduledFails) throw new Error('Fail When @OnScheduled Called is true');
    const { success, failure, rollback, rollbackYield, penalty, exception } = values;
    return {
      withFlowFile: new ResponseCycle({ success, failure, rollback, yield: rollbackYield, penalty, exception }),
      withoutFlowFile: new ResponseCycle({ skip: values.emptySkip, exception: values.emptyException, yield: values.emptyYield }),
      stopped: { pause: values.unscheduledPause + values.stoppedPause, fails: values.unscheduledFails || values.stoppedFails },
    };
  },
  async onTrigger(session, context) {
    saveState(session, context);
    const flowFile = session.get();
    try {
      if (flowFile) withFlowFile(session, flowFile, context);
      else withoutFlowFile(context);
    } finally {
      const { triggerPause, deaf } = context.properties;
      if (triggerPause > 0) await sleep(triggerPause, undefined, deaf ? {} : { signal: context.signal });
    }
  },
  async onStopped({ stopped }) {
    if (stopped.pause > 0) await sleep(stopped.pause);
    if (stopped.fails) throw new Error('Fail When @OnStopped Called, or @OnUnscheduled, is true');
  },
});
