import { useEffect, useMemo, useRef } from 'react';
import { type Copy, cornerOf, readPasted } from '../api/clipboard.ts';
import type { Editor } from '../api/editor.ts';
import type { FlowComponent, PositionDto } from '../api/shapes.ts';
import { canvasView } from '../shared/canvas-view.ts';
import { formatNumberOf } from '../shared/format.ts';
import { noticeDone, noticeFailed } from '../shared/notices.ts';
import { selectionStore } from '../shared/selection.ts';
import { beginTask } from '../shared/task.ts';
import { idsOf, placedOf } from './context.ts';
import { isAway, isTyping } from './use-keys.ts';

export interface Clipboard {
  copy(): void;
  cut(): void;
  /** Reads the system clipboard, which browsers may ask the user about; Ctrl+V needs no such permission. */
  paste(): void;
  duplicate(): void;
}

export interface ClipboardProps {
  readonly groupId: string;
  readonly selection: readonly FlowComponent[];
  readonly editor: Editor;
  readonly importDefinition: (definition: unknown, name: string, at: PositionDto) => void;
}

/** How far each further paste of the same lies from the one before. */
const STEP = 32;
/** What was copied last, for browsers that do not let pages read the clipboard (http without TLS). */
let ownText: string | undefined;

const pasted = (count: number): string => `Pasted ${formatNumberOf(count, 'component')}`;

/** The whole selection as text in the system clipboard: the JSON of NiFi's copy operation, so that other windows and NiFi itself can paste it. */
async function write(copy: Copy): Promise<void> {
  ownText = JSON.stringify(copy);
  await navigator.clipboard?.writeText(ownText);
}

async function read(): Promise<string> {
  return (await navigator.clipboard?.readText().catch(() => undefined)) ?? ownText ?? '';
}

/** Puts the copy where the pointer is, or where it was with a step aside. */
function offsetFor(copy: Copy, times: number): PositionDto {
  const view = canvasView.get();
  const at = view?.pointer();
  const corner = cornerOf(copy);
  if (!at) return { x: STEP * times, y: STEP * times };
  const snap = (value: number): number => Math.round(value / 8) * 8;
  return { x: snap(at.x - corner.x + STEP * (times - 1)), y: snap(at.y - corner.y + STEP * (times - 1)) };
}

class PageClipboard implements Clipboard {
  props!: ClipboardProps;
  #last = '';
  #times = 0;

  copy(): void {
    void this.#copied().then((count) => count > 0 && noticeDone(`Copied ${formatNumberOf(count, 'component')}`));
  }

  cut(): void {
    const ids = idsOf(placedOf(this.props.selection));
    void this.#copied().then((count) => count > 0 && beginTask({ name: 'delete', ids }));
  }

  async #copied(): Promise<number> {
    const { groupId, selection, editor } = this.props;
    const ids = idsOf(placedOf(selection));
    if (ids.length === 0) return 0;
    try {
      await write(await editor.copy(groupId, ids));
      this.#times = 0;
      return ids.length;
    } catch (error) {
      noticeFailed('The selection could not be copied.', error);
      return 0;
    }
  }

  paste(): void {
    void read().then((text) => this.take(text));
  }

  /** Pastes what a text says; a text that says nothing of components is left alone, with a word where the user asked for it. */
  take(text: string): void {
    const found = readPasted(text);
    const { importDefinition } = this.props;
    const at = canvasView.get()?.pointer() ?? canvasView.get()?.centre() ?? { x: 0, y: 0 };
    if (!found) noticeFailed('Nothing was pasted.', new Error('The clipboard holds neither copied components nor a flow definition.'));
    else if (found.kind === 'definition') importDefinition(found.definition, found.name, at);
    else void this.#put(found.copy, text);
  }

  async #put(copy: Copy, text: string): Promise<void> {
    this.#times = text === this.#last ? this.#times + 1 : 1;
    this.#last = text;
    const { groupId, editor } = this.props;
    try {
      selectionStore.set(await editor.paste(groupId, copy, offsetFor(copy, this.#times), pasted));
    } catch (error) {
      noticeFailed('The components could not be pasted.', error);
    }
  }

  duplicate(): void {
    const { groupId, selection, editor } = this.props;
    const work = async (): Promise<void> => {
      const copy = await editor.copy(groupId, idsOf(placedOf(selection)));
      selectionStore.set(await editor.paste(groupId, copy, { x: STEP, y: STEP }, (count) => `Duplicated ${formatNumberOf(count, 'component')}`));
    };
    work().catch((error: unknown) => noticeFailed('The selection could not be duplicated.', error));
  }
}

/** Copies, cuts and pastes through the system clipboard. */
export function useClipboard(props: ClipboardProps): Clipboard {
  const clipboard = useMemo(() => new PageClipboard(), []);
  const latest = useRef(clipboard);
  useEffect(() => {
    latest.current.props = props;
  });
  useEffect(() => {
    const ours = (event: Event): boolean => !isTyping(event.target) && !isAway() && window.getSelection()?.toString() === '';
    const copy = (event: ClipboardEvent): void => {
      if (!ours(event) || placedOf(clipboard.props.selection).length === 0) return;
      event.preventDefault();
      if (event.type === 'cut') clipboard.cut();
      else clipboard.copy();
    };
    const paste = (event: ClipboardEvent): void => {
      if (isTyping(event.target) || isAway()) return;
      const text = event.clipboardData?.getData('text/plain') ?? '';
      event.preventDefault();
      clipboard.take(text === '' ? (ownText ?? '') : text);
    };
    document.addEventListener('copy', copy);
    document.addEventListener('cut', copy);
    document.addEventListener('paste', paste);
    return () => {
      document.removeEventListener('copy', copy);
      document.removeEventListener('cut', copy);
      document.removeEventListener('paste', paste);
    };
  }, [clipboard]);
  return clipboard;
}
