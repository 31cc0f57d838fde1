import { createStore } from './store.ts';

/** Something that was done and can be taken back. */
export interface Edit {
  /** What it did, as a sentence: `Moved 3 components`. */
  readonly label: string;
  /** Where it can be seen. */
  readonly groupId: string;
  undo(): Promise<void>;
  redo(): Promise<void>;
}

/** What an edit throws that can never be taken back any more, because somebody else has built on it. */
export class EditOutdated extends Error {
  override name = 'EditOutdated';
}

export interface Past {
  /** The last one comes last. */
  readonly done: readonly Edit[];
  /** The one to redo next comes last. */
  readonly undone: readonly Edit[];
}

const EMPTY: Past = { done: [], undone: [] };
const MOST = 200;

/** The edits of this page. Undo and redo run one after the other, however fast they are asked for. */
export class EditHistory {
  readonly store = createStore<Past>(EMPTY);
  #queue: Promise<unknown> = Promise.resolve();
  #underWay = 0;

  /** Whether something is under way that will change what can be undone or redone: who asks for it now means what will be there then. */
  get isBusy(): boolean {
    return this.#underWay > 0;
  }

  /** A new edit: what was undone before cannot be redone any more. */
  record(edit: Edit): void {
    this.store.set({ done: [...this.store.get().done, edit].slice(-MOST), undone: [] });
  }

  /** Work that will record an edit: who asks to undo meanwhile means that one. */
  during<T>(work: Promise<T>): Promise<T> {
    this.#wait(Promise.all([this.#queue, work.catch(() => undefined)]));
    return work;
  }

  /** Takes the last edit back and returns it; undefined where there is none. An edit that fails stays, unless it is outdated. */
  undo(): Promise<Edit | undefined> {
    return this.#next(() => this.#step('done', 'undone', (edit) => edit.undo()));
  }

  redo(): Promise<Edit | undefined> {
    return this.#next(() => this.#step('undone', 'done', (edit) => edit.redo()));
  }

  clear(): void {
    this.store.set(EMPTY);
  }

  #next<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work);
    this.#wait(result.catch(() => undefined));
    return result;
  }

  #wait(work: Promise<unknown>): void {
    this.#underWay++;
    this.#queue = work.finally(() => this.#underWay--);
  }

  async #step(from: keyof Past, to: keyof Past, act: (edit: Edit) => Promise<void>): Promise<Edit | undefined> {
    const edit = this.store.get()[from].at(-1);
    if (!edit) return undefined;
    const without = (list: readonly Edit[]) => list.filter((each) => each !== edit);
    try {
      await act(edit);
    } catch (failure) {
      if (failure instanceof EditOutdated) this.store.set({ ...this.store.get(), [from]: without(this.store.get()[from]) });
      throw failure;
    }
    const past = this.store.get();
    this.store.set({ ...past, [from]: without(past[from]), [to]: [...past[to], edit] });
    return edit;
  }
}

/** One edit made of several: taken back in the opposite order. */
export function together(label: string, edits: readonly Edit[]): Edit {
  return {
    label,
    groupId: edits[0]!.groupId,
    undo: async () => {
      for (const edit of [...edits].reverse()) await edit.undo();
    },
    redo: async () => {
      for (const edit of edits) await edit.redo();
    },
  };
}
