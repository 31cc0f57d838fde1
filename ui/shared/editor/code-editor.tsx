import { useEffect, useRef } from 'react';
import { createEditor, type Editor } from './codemirror.ts';
import { NO_WORDS, type Vocabulary } from './suggestions.ts';
import './editor.css';

interface CodeEditorProps {
  /** Names it for screen readers. */
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** `sql`, `json`; otherwise text with expressions. */
  readonly language?: string;
  readonly placeholder?: string;
  readonly words?: Vocabulary;
  readonly readOnly?: boolean;
  /** `line` grows with its text; `page` fills the place it is given, has line numbers and can be made larger. */
  readonly size?: 'line' | 'page';
  readonly invalid?: boolean;
  readonly autoFocus?: boolean;
}

/** Edits a text, with colours and completion. For rooms that are loaded when they are wanted: it brings CodeMirror with it. */
export function CodeEditor(props: CodeEditorProps) {
  const { size = 'line', readOnly, invalid } = props;
  const host = useCodeMirror(props);
  return (
    <div className="code-editor" data-size={size} data-invalid={invalid || undefined} data-readonly={readOnly || undefined}>
      <div ref={host} />
    </div>
  );
}

function useCodeMirror({ label, value, onChange, language, placeholder, words = NO_WORDS, readOnly = false, size, autoFocus }: CodeEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<Editor>(undefined);
  /** What was typed and has not come back as `value` yet. */
  const typed = useRef<string[]>([]);
  const latest = useRef({ value, onChange, words, readOnly });
  latest.current = { value, onChange, words, readOnly };
  // biome-ignore lint/correctness/useExhaustiveDependencies: what changes afterwards is handed on below; a new editor would lose the cursor.
  useEffect(() => {
    const type = (text: string): void => {
      typed.current.push(text);
      latest.current.onChange(text);
    };
    const options = { label, language, hint: placeholder, numbers: size === 'page', readOnly: latest.current.readOnly };
    const made = createEditor({ parent: host.current!, text: latest.current.value, words: () => latest.current.words, onChange: type, ...options });
    editor.current = made;
    if (autoFocus) made.focus();
    return () => {
      made.destroy();
      editor.current = undefined;
    };
  }, [language]);
  useEffect(() => {
    // Who types fast is ahead of React: an echo of what was typed must not undo what came after it.
    const echo = typed.current.indexOf(value);
    typed.current = echo < 0 ? [] : typed.current.slice(echo + 1);
    if (echo < 0) editor.current?.setText(value);
  }, [value]);
  useEffect(() => editor.current?.setReadOnly(readOnly), [readOnly]);
  return host;
}
