import { createStore } from './store.ts';

export type PanelTab = 'overview' | 'properties' | 'state';

/** What the panel of a processor shows; stays when another one is selected. */
export const panelTabStore = createStore<PanelTab>('overview');
