import { defaultRunSettings, type RunSettings, type Work } from './runnable.ts';

/** FlowFiles that a port or funnel passes on in one session. */
export const RELAY_BATCH = 250;

export const relaySettings: RunSettings = { ...defaultRunSettings, needsInput: true };

/** Passes FlowFiles on; `admit` says how many may go now, and is told how many went. */
export function relay(admit: () => number, passed: (count: number) => void = () => undefined): Work {
  return {
    trigger(session) {
      const max = Math.min(RELAY_BATCH, admit());
      if (max <= 0) return;
      const batch = session.getBatch(max);
      passed(batch.length);
      session.transfer(batch, '');
    },
  };
}
