import { createStore } from '../shared/store.ts';

/** Whether the server tells by itself what happens: then nothing needs to be asked for each second. */
export const liveStore = createStore(false);

/** Milliseconds between two questions: seldom while the server tells by itself. For `refetchInterval`. */
export const pollEvery =
  (millis: number, whileLive = 10 * millis) =>
  (): number =>
    liveStore.get() ? whileLive : millis;
