import { readPasted } from '../api/clipboard.ts';
import type { Editor } from '../api/editor.ts';
import type { PositionDto } from '../api/shapes.ts';
import { noticeDone, noticeFailed } from '../shared/notices.ts';
import { selectionStore } from '../shared/selection.ts';
import { positionAround } from './placing.ts';

/** Puts a flow definition on the canvas as a group, selects it and says so. */
export async function importDefinition(editor: Editor, groupId: string, definition: unknown, name: string, at: PositionDto): Promise<void> {
  try {
    const { id } = await editor.import(groupId, definition, name, positionAround('group', at));
    selectionStore.set([id]);
    noticeDone(`Imported ${name}`, 'Nothing of it runs yet. The panel beside the canvas says what it needs before it can be started.');
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
