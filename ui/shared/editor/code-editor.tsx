import { useEffect, useRef, useState } from 'react';
import type { Editor } from './codemirror.ts';
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

/** Edits a text, with colours and completion as soon as CodeMirror has come (a chunk of its own); until then in a plain field. */
export function CodeEditor(props: CodeEditorProps) {
  const { label, value, onChange, size = 'line', placeholder, readOnly = false, invalid } = props;
  const { host, ready } = useCodeMirror(props);
  return (
    <div className="code-editor" data-size={size} data-invalid={invalid || undefined} data-readonly={readOnly || undefined}>
      <div ref={host} />
      {!ready && (
        <textarea
          aria-label={label}
          rows={Math.min(12, value.split('\n').length)}
          value={value}
          placeholder={placeholder}
          readOnly={readOnly}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </div>
  );
}

function useCodeMirror({ label, value, onChange, language, placeholder, words = NO_WORDS, readOnly = false, size, autoFocus }: CodeEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<Editor>(undefined);
  const [ready, setReady] = useState(false);
  /** What was typed and has not come back as `value` yet. */
  const typed = useRef<string[]>([]);
  const latest = useRef({ value, onChange, words, readOnly });
  latest.current = { value, onChange, words, readOnly };
  // biome-ignore lint/correctness/useExhaustiveDependencies: what changes afterwards is handed on below; a new editor would lose the cursor.
  useEffect(() => {
    let gone = false;
    void import('./codemirror.ts').then(({ createEditor }) => {
      if (gone || !host.current) return;
      const parent = host.current;
      const type = (text: string): void => {
        typed.current.push(text);
        latest.current.onChange(text);
      };
      const options = { label, language, hint: placeholder, numbers: size === 'page', readOnly: latest.current.readOnly };
      editor.current = createEditor({ parent, text: latest.current.value, words: () => latest.current.words, onChange: type, ...options });
      // Whoever was typing in the plain field goes on typing.
      const typing = parent.parentElement?.contains(document.activeElement) ?? false;
      setReady(true);
      if (typing || autoFocus) editor.current.focus();
    });
    return () => {
      gone = true;
      editor.current?.destroy();
      editor.current = undefined;
      setReady(false);
    };
  }, [language]);
  useEffect(() => {
    // Who types fast is ahead of React: an echo of what was typed must not undo what came after it.
    const echo = typed.current.indexOf(value);
    typed.current = echo < 0 ? [] : typed.current.slice(echo + 1);
    if (echo < 0) editor.current?.setText(value);
  }, [value]);
  useEffect(() => editor.current?.setReadOnly(readOnly), [readOnly]);
  return { host, ready };
}
