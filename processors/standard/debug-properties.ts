import { choices } from '../../server/extension/choices.ts';
import { property } from '../../server/extension/property.ts';

/** DebugFlow's properties. */
export const properties = {
  success: property.integer('FlowFile Success Iterations', 'How many FlowFiles in a row go to success', { default: '1' }),
  failure: property.integer('FlowFile Failure Iterations', 'How many then go to failure', { default: '0' }),
  rollback: property.integer('FlowFile Rollback Iterations', 'How many then go back into their queue', { default: '0' }),
  rollbackYield: property.integer('FlowFile Rollback Yield Iterations', 'How many then go back, while the processor yields', { default: '0' }),
  penalty: property.integer('FlowFile Rollback Penalty Iterations', 'How many then go back with a penalty', { default: '0' }),
  exception: property.integer('FlowFile Exception Iterations', 'How many then make the processor throw', { default: '0' }),
  exceptionClass: property.text('FlowFile Exception Class', 'The name that the error bears', { default: 'java.lang.RuntimeException' }),
  emptySkip: property.integer('No FlowFile Skip Iterations', 'How many triggers without FlowFile do nothing', { default: '1' }),
  emptyException: property.integer('No FlowFile Exception Iterations', 'How many then throw', { default: '0' }),
  emptyYield: property.integer('No FlowFile Yield Iterations', 'How many then yield', { default: '0' }),
  emptyExceptionClass: property.text('No FlowFile Exception Class', 'The name that the error bears', { default: 'java.lang.RuntimeException' }),
  writeIterations: property.integer('Write Iterations', 'How often the content is replaced by random bytes where one response ends and the next begins', { default: '0' }),
  contentSize: property.dataSize('Content Size', 'How many random bytes', { default: '1 KB' }),
  scheduledPause: property.duration('@OnScheduled Pause Time', 'How long a start takes', { default: '0 sec' }),
  scheduledFails: property.boolean('Fail When @OnScheduled Called', 'Whether a start fails', { default: 'false' }),
  unscheduledPause: property.duration('@OnUnscheduled Pause Time', 'How long a stop takes', { default: '0 sec' }),
  unscheduledFails: property.boolean('Fail When @OnUnscheduled Called', 'Whether a stop fails', { default: 'false' }),
  stoppedPause: property.duration('@OnStopped Pause Time', 'How long a stop takes, once the last task has ended', { default: '0 sec', expressions: 'environment' }),
  stoppedFails: property.boolean('Fail When @OnStopped Called', 'Whether a stop fails, once the last task has ended', { default: 'false' }),
  triggerPause: property.duration('OnTrigger Pause Time', 'How long a trigger takes', { default: '0 sec' }),
  validatePause: property.duration('CustomValidate Pause Time', 'Kept for flows made in NiFi: validation never waits here', { default: '0 sec' }),
  deaf: property.boolean('Ignore Interrupts When Paused', 'Whether a pause goes on although the processor is stopped', { default: 'false' }),
  stateEntries: property.integer('Generate State Entries', 'How many random entries each trigger writes into the state', { default: '0' }),
  stateScope: property.choice('State Scope', 'Which state', choices('LOCAL', 'CLUSTER'), { default: 'LOCAL' }),
};
