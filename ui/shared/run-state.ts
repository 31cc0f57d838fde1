import type { IconName } from './icons.ts';

/** How a component is doing, as one word. What changes over has a word of its own. */
export type RunState = 'running' | 'stopped' | 'stopping' | 'starting' | 'invalid' | 'disabled' | 'validating' | 'once';

interface Reported {
  readonly runStatus: string;
  readonly physicalState?: string;
  readonly activeThreadCount?: number;
}

const TRANSIENT: Readonly<Record<string, RunState>> = { STARTING: 'starting', STOPPING: 'stopping', RUN_ONCE: 'once' };
const REPORTED: Readonly<Record<string, RunState>> = { Running: 'running', Stopped: 'stopped', Disabled: 'disabled', Invalid: 'invalid', Validating: 'validating' };

/** A stopped component whose tasks are still at work is stopping, not stopped; an invalid one that was started is invalid until it can start. */
export function runStateOf({ runStatus, physicalState, activeThreadCount = 0 }: Reported): RunState {
  const transient = runStatus === 'Invalid' ? undefined : TRANSIENT[physicalState ?? ''];
  if (transient) return transient;
  const state = REPORTED[runStatus] ?? 'stopped';
  return state === 'stopped' && activeThreadCount > 0 ? 'stopping' : state;
}

export interface RunStateLook {
  readonly title: string;
  readonly icon: IconName;
}

export const RUN_STATES: Readonly<Record<RunState, RunStateLook>> = {
  running: { title: 'Running', icon: 'play' },
  starting: { title: 'Starting', icon: 'play' },
  once: { title: 'Running once', icon: 'once' },
  stopped: { title: 'Stopped', icon: 'stop' },
  stopping: { title: 'Stopping', icon: 'stop' },
  invalid: { title: 'Invalid', icon: 'warning' },
  validating: { title: 'Validating', icon: 'refresh' },
  disabled: { title: 'Disabled', icon: 'disable' },
};
