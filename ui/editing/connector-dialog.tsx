import { useRef, useState } from 'react';
import { readPasted } from '../api/clipboard.ts';
import { type Editor, useEditor } from '../api/editor.ts';
import type { PositionDto } from '../api/shapes.ts';
import { fetchConnector, useConnectors } from '../api/types.ts';
import { Button } from '../shared/button.tsx';
import { Dialog } from '../shared/dialog.tsx';
import { GROUP_GLYPH } from '../shared/glyph.ts';
import { Failure, Loading } from '../shared/message.tsx';
import { noticeDone, noticeFailed } from '../shared/notices.ts';
import { selectionStore } from '../shared/selection.ts';
import { endTask } from '../shared/task.ts';
import { Tile } from '../shared/tile.tsx';
import { positionAround } from './placing.ts';

/** Puts a flow definition on the canvas as a group, selects it and says so. */
export async function importDefinition(editor: Editor, groupId: string, definition: unknown, name: string, at: PositionDto): Promise<void> {
  try {
    const { id } = await editor.import(groupId, definition, name, positionAround('group', at));
    selectionStore.set([id]);
    noticeDone(`Imported ${name}`, 'Nothing of it runs yet. Look at its parameters and services, then start it.');
  } catch (error) {
    noticeFailed(`${name} could not be imported.`, error);
  }
}

/** Imports a file from disk, or says why not. */
export async function importFile(editor: Editor, groupId: string, file: File, at: PositionDto): Promise<void> {
  const pasted = readPasted(await file.text(), file.name.replace(/\.json$/i, ''));
  if (pasted?.kind === 'definition') return importDefinition(editor, groupId, pasted.definition, pasted.name, at);
  noticeFailed(`${file.name} could not be imported.`, new Error('It is not a flow definition: a JSON file with "flowContents", as "Download flow definition" makes them.'));
}

/** Offers the connectors that come with the server, and files. */
export function ConnectorDialog({ groupId, at }: { readonly groupId: string; readonly at: PositionDto }) {
  const { data: connectors, error, refetch } = useConnectors();
  const [busy, setBusy] = useState<string>();
  const editor = useEditor();
  const input = useRef<HTMLInputElement>(null);
  const take = async (name: string, title: string): Promise<void> => {
    setBusy(name);
    try {
      await importDefinition(editor, groupId, await fetchConnector(name), title, at);
    } catch (failure) {
      noticeFailed(`${title} could not be read.`, failure);
    }
    endTask();
  };
  const takeFile = (file: File | undefined): void => {
    if (!file) return;
    endTask();
    void importFile(editor, groupId, file, at);
  };
  return (
    <Dialog
      title="Add a connector"
      subtitle="A flow that is ready but for its parameters"
      size="large"
      onClose={endTask}
      actions={
        <>
          <input
            ref={input}
            type="file"
            accept=".json,application/json"
            className="visually-hidden"
            tabIndex={-1}
            aria-label="Flow definition"
            onChange={(event) => takeFile(event.target.files?.[0])}
          />
          <Button icon="upload" onClick={() => input.current?.click()}>
            From a file
          </Button>
          <Button onClick={endTask}>Cancel</Button>
        </>
      }
    >
      {error && !connectors && <Failure title="The connectors could not be read" error={error} onRetry={() => void refetch()} />}
      {!error && !connectors && <Loading>Reading the connectors</Loading>}
      <ul className="connector-list">
        {connectors?.map(({ name, title, description }) => (
          <li key={name}>
            <button type="button" className="picker-row" disabled={busy !== undefined} onClick={() => void take(name, title)}>
              <Tile glyph={GROUP_GLYPH} size="small" />
              <span>
                <strong>{title}</strong>
                <small>{description}</small>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
