import { useMemo, useState } from 'react';
import type { PositionDto } from '../api/shapes.ts';
import { type ProcessorTypeDto, useProcessorTypes } from '../api/types.ts';
import { Button } from '../shared/button.tsx';
import { Dialog } from '../shared/dialog.tsx';
import { formatNumberOf, shortType } from '../shared/format.ts';
import { glyphOf } from '../shared/glyph.ts';
import { EmptyState, Failure, Loading } from '../shared/message.tsx';
import { endTask } from '../shared/task.ts';
import { PickerList, PickerSearch, useMark } from './picker.tsx';
import { TypeDocumentation } from './type-documentation.tsx';
import { commonTags, searchTypes } from './type-search.ts';
import { useAdd } from './use-add.ts';

const TAGS = 10;

interface TypePickerProps {
  readonly groupId: string;
  readonly at: PositionDto;
  readonly from?: string;
}

/** Chooses the type of a new processor: search, arrows, Enter. */
export function TypePicker({ groupId, at, from }: TypePickerProps) {
  const { data: types, error, refetch } = useProcessorTypes();
  const [text, setText] = useState('');
  const add = useAdd(groupId);
  const found = useMemo(() => searchTypes(types ?? [], text), [types, text]);
  const { current, find, mark, step, reset } = useMark(found, ({ type }) => type);
  const search = (next: string): void => {
    setText(next);
    reset();
  };
  const take = async (type: ProcessorTypeDto | undefined): Promise<void> => {
    if (!type) return;
    endTask();
    await add({ kind: 'processor', at, from, component: { type: type.type, bundle: type.bundle, name: shortType(type.type) }, label: `Added ${shortType(type.type)}` });
  };
  return (
    <Dialog
      title="Add a processor"
      size="huge"
      onClose={endTask}
      onSubmit={() => void take(current)}
      actions={
        <>
          <span className="dialog-note">{formatNumberOf(found.length, 'type')}</span>
          <Button onClick={endTask}>Cancel</Button>
          <Button tone="primary" type="submit" disabled={!current}>
            Add {current ? shortType(current.type) : ''}
          </Button>
        </>
      }
    >
      <PickerSearch
        label="Search types by name, tag or description"
        placeholder="Search by name, tag or description"
        text={text}
        marked={current?.type}
        onSearch={search}
        onStep={step}
      />
      <CommonTags types={types ?? []} text={text} onSearch={search} />
      {error && !types && <Failure title="The types could not be read" error={error} onRetry={() => void refetch()} />}
      {!error && !types && <Loading>Reading the types</Loading>}
      {types && (
        <div className="picker">
          <PickerList
            label="Types"
            rows={found.map(({ type, description }) => ({ key: type, glyph: glyphOf(shortType(type)), title: shortType(type), description }))}
            marked={current?.type}
            onMark={mark}
            onTake={(key) => void take(find(key))}
            empty={
              <EmptyState icon="box" title="No type fits">
                Try fewer or other words: every word must occur in the name, a tag or the description.
              </EmptyState>
            }
          />
          <TypeDocumentation type={current} />
        </div>
      )}
    </Dialog>
  );
}

interface CommonTagsProps {
  readonly types: readonly ProcessorTypeDto[];
  readonly text: string;
  readonly onSearch: (text: string) => void;
}

function CommonTags({ types, text, onSearch }: CommonTagsProps) {
  return (
    <div className="picker-tags">
      {commonTags(types, TAGS).map((tag) => (
        <button key={tag} type="button" className="tag" aria-pressed={text === tag} onClick={() => onSearch(text === tag ? '' : tag)}>
          {tag}
        </button>
      ))}
    </div>
  );
}
