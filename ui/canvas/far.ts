import { createStore } from '../shared/store.ts';

/** Whether the canvas is seen from so far that only names can be read: then labels and figures are not drawn at all. */
export const farStore = createStore(false);
