import { createStore } from './store.ts';

/** Something that happened because of what the user did; shown for a while at the foot of the page. */
export interface Notice {
  readonly id: number;
  readonly tone: 'done' | 'failed';
  readonly title: string;
  readonly detail?: string;
  /** What can be done about it at once. */
  readonly action?: NoticeAction;
}

export interface NoticeAction {
  readonly title: string;
  run(): void;
}

const LIFE_MILLIS = { done: 4000, failed: 12_000 };
/** Long enough to read it, to think and to reach the button. */
const WITH_ACTION_MILLIS = 10_000;
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

function show(tone: Notice['tone'], title: string, detail?: string, action?: NoticeAction): void {
  const id = ++last;
  noticeStore.set([...noticeStore.get().slice(1 - MOST), { id, tone, title, detail, action }]);
  setTimeout(() => dismiss(id), action ? WITH_ACTION_MILLIS : LIFE_MILLIS[tone]);
}

export function noticeDone(title: string, detail?: string, action?: NoticeAction): void {
  show('done', title, detail, action);
}

/** `title` says what did not work, the error why. */
export function noticeFailed(title: string, error: unknown): void {
  show('failed', title, error instanceof Error ? error.message : String(error));
}
