import { useState } from 'react';
import type { PropertyDescriptorDto } from '../../api/shapes.ts';
import { Button } from '../button.tsx';
import { Dialog } from '../dialog.tsx';
import { CodeEditor } from '../editor/code-editor.tsx';
import { usePropertyEditing } from './property-editing.ts';

/** A long text in a window of its own, which can be made larger. */
export function LargeEditor({
  descriptor: { name, displayName, description, language, supportsEl },
  onClose,
}: {
  readonly descriptor: PropertyDescriptorDto;
  readonly onClose: () => void;
}) {
  const { values, vocabulary, set } = usePropertyEditing();
  const [text, setText] = useState(values[name] ?? '');
  const accept = () => {
    if (text !== (values[name] ?? '')) set(name, text);
    onClose();
  };
  const actions = (
    <>
      <Button onClick={onClose}>Cancel</Button>
      <Button tone="primary" onClick={accept}>
        Use this text
      </Button>
    </>
  );
  return (
    <Dialog title={displayName} subtitle={description} size="huge" onClose={onClose} actions={actions}>
      <CodeEditor size="page" label={displayName} value={text} onChange={setText} language={language} words={{ ...vocabulary, expressions: supportsEl }} autoFocus />
    </Dialog>
  );
}
