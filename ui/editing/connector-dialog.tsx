import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useRef, useState } from 'react';
import { type ConnectorDto, connectorOptions, useConnectors } from '../api/connectors.ts';
import { useEditor } from '../api/editor.ts';
import type { PositionDto } from '../api/shapes.ts';
import { Button } from '../shared/button.tsx';
import { Dialog } from '../shared/dialog.tsx';
import { GROUP_GLYPH } from '../shared/glyph.ts';
import { EmptyState, Failure, Loading } from '../shared/message.tsx';
import { noticeFailed } from '../shared/notices.ts';
import { endTask } from '../shared/task.ts';
import { everyWordIn } from '../shared/words.ts';
import { ConnectorDocumentation } from './connector-documentation.tsx';
import { importDefinition, importFile } from './import-definition.ts';
import { PickerList, PickerSearch, useMark } from './picker.tsx';

interface ConnectorDialogProps {
  readonly groupId: string;
  readonly at: PositionDto;
}

/** Offers the connectors that come with the server, with what they do and need, and files. */
export function ConnectorDialog({ groupId, at }: ConnectorDialogProps) {
  const { data: connectors, error, refetch } = useConnectors();
  const [text, setText] = useState('');
  const { busy, take } = useImport(groupId, at);
  const found = useMemo(() => searchConnectors(connectors ?? [], text), [connectors, text]);
  const { current, find, mark, step, reset } = useMark(found, ({ name }) => name);
  return (
    <Dialog
      title="Add a connector"
      subtitle="A whole flow that is ready but for its parameters"
      size="huge"
      onClose={endTask}
      onSubmit={() => current && void take(current)}
      actions={
        <>
          <FromFile groupId={groupId} at={at} />
          <Button onClick={endTask}>Cancel</Button>
          <Button tone="primary" type="submit" disabled={!current} busy={busy}>
            Add {current?.title ?? ''}
          </Button>
        </>
      }
    >
      <PickerSearch
        label="Search connectors by name or description"
        placeholder="Search by name or description"
        text={text}
        marked={current?.name}
        onSearch={(next) => {
          setText(next);
          reset();
        }}
        onStep={step}
      />
      {error && !connectors && <Failure title="The connectors could not be read" error={error} onRetry={() => void refetch()} />}
      {!error && !connectors && <Loading>Reading the connectors</Loading>}
      {connectors && (
        <div className="picker">
          <PickerList
            label="Connectors"
            rows={found.map(({ name, title, description }) => ({ key: name, glyph: GROUP_GLYPH, title, description }))}
            marked={current?.name}
            onMark={mark}
            onTake={(key) => void take(find(key)!)}
            empty={
              <EmptyState icon="plug" title="No connector fits">
                Every word must occur in the name or the description. A flow definition of your own comes in from a file.
              </EmptyState>
            }
          />
          <ConnectorDocumentation connector={current} />
        </div>
      )}
    </Dialog>
  );
}

/** Connectors in which every typed word occurs. */
function searchConnectors(connectors: readonly ConnectorDto[], text: string): ConnectorDto[] {
  return connectors.filter(({ name, title, description }) => everyWordIn(text, `${name} ${title} ${description}`));
}

function useImport(groupId: string, at: PositionDto) {
  const editor = useEditor();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const take = async ({ name, title }: ConnectorDto): Promise<void> => {
    setBusy(true);
    try {
      await importDefinition(editor, groupId, await client.fetchQuery(connectorOptions(name)), title, at);
    } catch (failure) {
      noticeFailed(`${title} could not be read.`, failure);
    }
    endTask();
  };
  return { busy, take };
}

function FromFile({ groupId, at }: ConnectorDialogProps) {
  const editor = useEditor();
  const input = useRef<HTMLInputElement>(null);
  const takeFile = (file: File | undefined): void => {
    if (!file) return;
    endTask();
    void importFile(editor, groupId, file, at);
  };
  return (
    <div className="dialog-aside">
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
    </div>
  );
}
