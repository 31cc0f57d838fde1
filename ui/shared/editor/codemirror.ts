import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { sql } from '@codemirror/lang-sql';
import { bracketMatching } from '@codemirror/language';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import { drawSelection, EditorView, keymap, lineNumbers, placeholder } from '@codemirror/view';
import { expressionMode } from './expression-mode.ts';
import { referenceMarks } from './references.ts';
import { suggest, type Vocabulary } from './suggestions.ts';
import { editorTheme } from './theme.ts';

export interface EditorOptions {
  readonly parent: HTMLElement;
  readonly text: string;
  readonly label: string;
  readonly labelledBy?: string;
  readonly language?: string;
  readonly hint?: string;
  readonly numbers: boolean;
  readonly readOnly: boolean;
  readonly words: () => Vocabulary;
  readonly onChange: (text: string) => void;
}

/** What the page needs of an editor. */
export interface Editor {
  setText(text: string): void;
  setReadOnly(readOnly: boolean): void;
  focus(): void;
  destroy(): void;
}

const LANGUAGES: Readonly<Record<string, () => Extension>> = { sql: () => [sql(), referenceMarks], json: () => [json(), referenceMarks] };

/** Makes a CodeMirror editor. Tab leaves it: the keyboard must not be caught (WCAG 2.1.2). */
export function createEditor({ parent, text, label, language = '', hint, numbers, readOnly, words, onChange }: EditorOptions): Editor {
  const writable = new Compartment();
  // The same objects each time: CodeMirror knows a source of completions by its identity.
  const data = [{ autocomplete: suggest(words), closeBrackets: { brackets: ['{', '(', '['] } }];
  const locked = (on: boolean) => [EditorState.readOnly.of(on), EditorView.contentAttributes.of({ 'aria-readonly': String(on) })];
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        history(),
        drawSelection(),
        bracketMatching(),
        closeBrackets(),
        EditorView.lineWrapping,
        numbers ? lineNumbers() : [],
        LANGUAGES[language]?.() ?? expressionMode,
        EditorState.languageData.of(() => data),
        // While the list is seen, Enter takes from it, also in its first moment: a key does what the screen says.
        autocompletion({ icons: false, maxRenderedOptions: 200, interactionDelay: 0 }),
        keymap.of([...completionKeymap, ...closeBracketsKeymap, ...historyKeymap, ...defaultKeymap.filter(({ key }) => key !== 'Mod-Enter')]),
        hint === undefined ? [] : placeholder(hint),
        EditorView.contentAttributes.of({ 'aria-label': label }),
        writable.of(locked(readOnly)),
        editorTheme,
        EditorView.updateListener.of((update) => update.docChanged && onChange(update.state.doc.toString())),
      ],
    }),
  });
  return {
    setText: (next) => {
      if (next !== view.state.doc.toString()) view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next } });
    },
    setReadOnly: (on) => view.dispatch({ effects: writable.reconfigure(locked(on)) }),
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
}
