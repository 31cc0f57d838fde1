import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type ControllerLevelEntity, deleteControllerLevel, setControllerLevelState, useControllerLevel } from '../api/controller-level.ts';
import { useConfigurationChanged } from '../api/editing.ts';
import { recordDeleted } from '../api/presence.ts';
import { Button, IconButton } from '../shared/button.tsx';
import { type Column, DataTable } from '../shared/data-table.tsx';
import { Confirmation, Dialog } from '../shared/dialog.tsx';
import { formatNumberOf, sentenceCase, shortType } from '../shared/format.ts';
import { EmptyState, Failure, Loading } from '../shared/message.tsx';
import { noticeFailed } from '../shared/notices.ts';
import { Tabs } from '../shared/tabs.tsx';
import { useViewChange } from '../shared/views.ts';
import { ComponentDialog } from './component-dialog.tsx';
import { FetchDialog } from './fetch-dialog.tsx';
import { type ControllerKind, KINDS, kindOf } from './kinds.ts';
import { NewComponent } from './new-component.tsx';
import './controller.css';

const TABS = KINDS.map(({ key, title }) => ({ key, title }));

/** What there is outside of all groups: reporting tasks, parameter providers, registry clients, flow analysis rules. */
export function ControllerView({ tab: first = 'reporting-tasks', onClose }: { readonly tab?: string; readonly onClose: () => void }) {
  const change = useViewChange();
  const tab = kindOf(first).key;
  return (
    <Dialog title="Controller" subtitle="What serves the whole flow" size="huge" onClose={onClose}>
      <div className="controller">
        <Tabs label="Controller" tabs={TABS} current={tab} onChange={(key) => change({ tab: key })}>
          <Kind key={tab} kind={kindOf(tab)} />
        </Tabs>
      </div>
    </Dialog>
  );
}

type Open = { readonly what: 'new' } | { readonly what: 'configure' | 'fetch' | 'delete'; readonly entity: ControllerLevelEntity };

function Kind({ kind }: { readonly kind: ControllerKind }) {
  const { data: entities, error, refetch } = useControllerLevel(kind.list);
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  const make = (
    <Button size="small" tone="primary" icon="plus" onClick={() => setOpen({ what: 'new' })}>
      New {kind.one.toLowerCase()}
    </Button>
  );
  return (
    <>
      {entities && entities.length > 0 && (
        <DataTable
          label={kind.title}
          columns={columnsFor(kind, (entity) => setOpen({ what: 'configure', entity }))}
          rows={entities}
          keyOf={({ id }) => id}
          note={formatNumberOf(entities.length, kind.one.toLowerCase())}
          commands={make}
          rowCommands={(entity) => <RowCommands kind={kind} entity={entity} onOpen={setOpen} />}
        />
      )}
      {entities?.length === 0 && (
        <div className="controller-empty">
          <EmptyState icon={kind.icon} title={`No ${kind.title.toLowerCase()} yet`}>
            {kind.emptyText}
          </EmptyState>
          {make}
        </div>
      )}
      {!entities && (error ? <Failure title={`The ${kind.title.toLowerCase()} could not be read`} error={error} onRetry={() => void refetch()} /> : <Loading>Reading</Loading>)}
      {open?.what === 'new' && <NewComponent kind={kind} onMade={(entity) => setOpen({ what: 'configure', entity })} onClose={close} />}
      {open?.what === 'configure' && <ComponentDialog kind={kind} id={open.entity.id} onClose={close} />}
      {open?.what === 'fetch' && <FetchDialog id={open.entity.id} name={open.entity.component.name} onClose={close} />}
      {open?.what === 'delete' && <Deletion kind={kind} entity={open.entity} onClose={close} />}
    </>
  );
}

function columnsFor({ states }: ControllerKind, onConfigure: (entity: ControllerLevelEntity) => void): readonly Column<ControllerLevelEntity>[] {
  return [
    {
      key: 'name',
      title: 'Name',
      value: ({ component }) => component.name,
      show: (entity) => (
        <button type="button" className="link" onClick={() => onConfigure(entity)}>
          {entity.component.name}
        </button>
      ),
    },
    { key: 'type', title: 'Type', value: ({ component }) => shortType(component.type) },
    {
      key: 'state',
      title: 'State',
      value: ({ component }) => stateOf(component),
      show: ({ component }) => (
        <span className="status-pill" data-state={stateOf(component) === states?.[0] ? 'ENABLED' : stateOf(component)} title={component.validationErrors?.join('\n')}>
          {sentenceCase(stateOf(component))}
        </span>
      ),
    },
  ];
}

const stateOf = ({ state, validationStatus }: ControllerLevelEntity['component']): string =>
  validationStatus === 'INVALID' && state !== 'RUNNING' ? 'INVALID' : (state ?? validationStatus);

interface RowCommandsProps {
  readonly kind: ControllerKind;
  readonly entity: ControllerLevelEntity;
  readonly onOpen: (open: Open) => void;
}

function RowCommands({ kind, entity, onOpen }: RowCommandsProps) {
  const changed = useConfigurationChanged();
  const { name, state, validationStatus } = entity.component;
  const [on, off] = kind.states ?? [];
  const isOn = on !== undefined && state === on;
  const turn = async (to: string) => {
    try {
      await setControllerLevelState(kind.path, entity, to);
    } catch (error) {
      noticeFailed(`${name} could not be ${isOn ? 'stopped' : 'started'}.`, error);
    } finally {
      void changed();
    }
  };
  return (
    <>
      {on && off && (
        <IconButton
          icon={isOn ? 'stop' : 'play'}
          label={`${isOn ? 'Stop' : 'Start'} ${name}`}
          disabled={!isOn && validationStatus === 'INVALID'}
          onClick={() => void turn(isOn ? off : on)}
        />
      )}
      {kind.key === 'parameter-providers' && (
        <IconButton icon="download" label={`Fetch parameters of ${name}`} disabled={validationStatus === 'INVALID'} onClick={() => onOpen({ what: 'fetch', entity })} />
      )}
      <IconButton icon="gear" label={`Configure ${name}`} onClick={() => onOpen({ what: 'configure', entity })} />
      <IconButton icon="trash" label={`Delete ${name}`} disabled={isOn} onClick={() => onOpen({ what: 'delete', entity })} />
    </>
  );
}

function Deletion({ kind, entity, onClose }: { readonly kind: ControllerKind; readonly entity: ControllerLevelEntity; readonly onClose: () => void }) {
  const client = useQueryClient();
  const changed = useConfigurationChanged();
  const { name } = entity.component;
  const remove = async () => {
    try {
      await deleteControllerLevel(kind.path, entity);
      recordDeleted(client, { id: entity.id, name, path: `${kind.path}/${entity.id}` });
      onClose();
    } catch (error) {
      noticeFailed(`${name} could not be deleted.`, error);
    } finally {
      void changed();
    }
  };
  return (
    <Confirmation title={`Delete ${name}?`} action="Delete" onConfirm={() => void remove()} onClose={onClose}>
      <p>Undo brings it back, stopped, until the server is started again.</p>
    </Confirmation>
  );
}
