import { createStore } from './store.ts';

/** Something that happened because of what the user did; shown for a while at the foot of the page. */
export interface Notice {
  readonly id: number;
  readonly tone: 'done' | 'failed';
  readonly title: string;
  readonly detail?: string;
}

const LIFE_MILLIS = { done: 4000, failed: 12_000 };
const MOST = 4;
let last = 0;

export const noticeStore = createStore<readonly Notice[]>([]);

export function dismiss(id: number): void {
  noticeStore.set(noticeStore.get().filter((notice) => notice.id !== id));
}

/** Takes away what only confirms. */
export function dismissDone(): void {
  noticeStore.set(noticeStore.get().filter(({ tone }) => tone !== 'done'));
}

function show(tone: Notice['tone'], title: string, detail?: string): void {
  const id = ++last;
  noticeStore.set([...noticeStore.get().slice(1 - MOST), { id, tone, title, detail }]);
  setTimeout(() => dismiss(id), LIFE_MILLIS[tone]);
}

export function noticeDone(title: string, detail?: string): void {
  show('done', title, detail);
}

/** `title` says what did not work, the error why. */
export function noticeFailed(title: string, error: unknown): void {
  show('failed', title, error instanceof Error ? error.message : String(error));
}
