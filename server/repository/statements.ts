import type Database from 'better-sqlite3';
import type { CounterValue, StoredComponent } from '../engine/repositories.ts';

/** Every statement of the store, prepared once. */
export function statements(db: Database.Database) {
  return {
    begin: db.prepare('begin immediate'),
    commit: db.prepare('commit'),
    rollback: db.prepare('rollback'),
    meta: db.prepare<[], { key: string; value: string }>('select key, value from meta'),
    setMeta: db.prepare('insert into meta values (?, ?) on conflict (key) do update set value = excluded.value'),
    keys: db.prepare<[], { key: number; id: string }>('select key, id from component_key'),
    addKey: db.prepare('insert or ignore into component_key values (?, ?)'),
    flowFiles: db.prepare('select id, bytes from flowfile'),
    row: db.prepare<[number], { bytes: Buffer }>('select bytes from flowfile where id = ?'),
    putRow: db.prepare('insert or replace into flowfile values (?, ?)'),
    removeRow: db.prepare('delete from flowfile where id = ?'),
    addTurn: db.prepare('insert into turn values (?, ?)'),
    turns: db.prepare<[], { seq: number; bytes: Buffer }>('select seq, bytes from turn order by seq'),
    removeTurns: db.prepare('delete from turn where seq <= ?'),
    states: db.prepare('select version, at, json from state where component_id = ? and scope = ? order by version desc'),
    addState: db.prepare('insert or replace into state values (?, ?, ?, ?, ?)'),
    pruneStates: db.prepare('delete from state where component_id = ? and scope = ? and version <= ?'),
    removeStates: db.prepare('delete from state where component_id = ?'),
    counters: db.prepare<[], CounterValue>('select component_id as componentId, name, value from counter'),
    setCounter: db.prepare('insert or replace into counter values (?, ?, ?)'),
    removeCounters: db.prepare('delete from counter where component_id = ?'),
    components: db.prepare<[], StoredComponent>('select id, kind, parent_id as parentId, json from component'),
    setComponent: db.prepare('insert or replace into component values (?, ?, ?, ?)'),
    removeComponent: db.prepare('delete from component where id = ?'),
  };
}

export type Statements = ReturnType<typeof statements>;
