import type Database from 'better-sqlite3';
import type { StateScope } from '../extension/component.ts';
import { newUuidPrefix } from '../engine/flowfile-ids.ts';
import { type CounterValue, StorageError, type StateVersion, type Store, type StoredComponent, type StoredFlowFile, type UnitOfWork } from '../engine/repositories.ts';
import type { StoredRejectedRow, StoredRun } from '../engine/run.ts';
import { Checkpointer } from './checkpointer.ts';
import { FlowFileLog } from './flowfile-log.ts';
import type { FileProvenanceRepository } from './provenance.ts';
import { RunTable } from './run-table.ts';
import { type Statements, statements } from './statements.ts';

/** So many versions of a component's state can be gone back to. */
const STATE_VERSIONS = 100;
/** More FlowFiles than are ever made between two turns. */
const PASSED_OVER = 1_000_000;

const noState: StateVersion = { version: 0, at: 0, entries: new Map() };

interface StateRow {
  version: number;
  at: number;
  json: string;
}

function stateOf(row: StateRow): StateVersion {
  return { version: row.version, at: row.at, entries: new Map(JSON.parse(row.json) as [string, string][]) };
}

/** The Store on SQLite: one transaction a turn. */
export class SqliteStore implements Store {
  readonly uuidPrefix: string;
  readonly nextFlowFile: number;
  readonly nextEvent: number;
  readonly nextPosition: number;
  readonly #db: Database.Database;
  readonly #provenance: FileProvenanceRepository;
  readonly #sql: Statements;
  readonly #log: FlowFileLog;
  readonly #runs: RunTable;
  readonly nextRun: number;
  readonly nextRejectedRow: number;
  readonly #now: () => number;
  readonly #warn: (message: string) => void;
  readonly #checkpointer: Checkpointer;
  readonly #keys = new Map<string, number>();
  readonly #ids = new Map<number, string>();
  readonly #newKeys: [number, string][] = [];

  constructor(db: Database.Database, provenance: FileProvenanceRepository, now: () => number, warn: (message: string) => void) {
    this.#db = db;
    this.#provenance = provenance;
    this.#now = now;
    this.#warn = warn;
    this.#sql = statements(db);
    this.#checkpointer = new Checkpointer(db);
    this.#log = new FlowFileLog(this.#sql);
    this.#runs = new RunTable(db);
    this.nextRun = this.#runs.next('run');
    this.nextRejectedRow = this.#runs.next('rejected_row');
    for (const { key, id } of this.#sql.keys.all()) this.#remember(key, id);
    const meta = new Map(this.#sql.meta.all().map(({ key, value }) => [key, value]));
    this.uuidPrefix = meta.get('uuidPrefix') ?? newUuidPrefix();
    const next = meta.get('nextFlowFile');
    // Numbers that a killed process gave away and did not store are passed over: their UUIDs may be known outside.
    this.nextFlowFile = next === undefined ? 1 : Number(next) + PASSED_OVER;
    this.nextEvent = Number(meta.get('nextEvent') ?? 1);
    this.nextPosition = Number(meta.get('nextPosition') ?? 1);
    this.#sql.setMeta.run('uuidPrefix', this.uuidPrefix);
  }

  flowFiles(): StoredFlowFile[] {
    const flowFiles = this.#db.transaction(() => this.#log.flowFiles())();
    this.#log.committed();
    return flowFiles;
  }

  components(): StoredComponent[] {
    return this.#sql.components.all();
  }

  counters(): CounterValue[] {
    return this.#sql.counters.all();
  }

  state(componentId: string, scope: StateScope): StateVersion {
    const row = this.#sql.states.get(componentId, scope) as StateRow | undefined;
    return row ? stateOf(row) : noState;
  }

  stateHistory(componentId: string, scope: StateScope): StateVersion[] {
    return (this.#sql.states.all(componentId, scope) as StateRow[]).map(stateOf);
  }

  openRuns(): StoredRun[] {
    return this.#runs.open();
  }

  run(id: number): StoredRun | undefined {
    return this.#runs.run(id);
  }

  runs(syncId: string, limit: number, before?: number): StoredRun[] {
    return this.#runs.runs(syncId, limit, before);
  }

  rejectedRows(run: number, limit: number, after?: number): StoredRejectedRow[] {
    return this.#runs.rejectedRows(run, limit, after);
  }

  keyOf(id: string): number {
    const known = this.#keys.get(id);
    if (known !== undefined) return known;
    const key = this.#keys.size + 1;
    this.#remember(key, id);
    this.#newKeys.push([key, id]);
    return key;
  }

  idOf(key: number): string | undefined {
    return this.#ids.get(key);
  }

  write(unit: UnitOfWork): void {
    try {
      const provenanceAt = unit.provenance ? this.#provenance.append(unit.provenance) : 0;
      this.#sql.begin.run();
      this.#log.write(unit);
      this.#writeRest(unit);
      if (unit.provenance) this.#provenance.record(unit.provenance, provenanceAt);
      this.#sql.commit.run();
      this.#log.committed();
    } catch (cause) {
      if (this.#db.inTransaction) this.#sql.rollback.run();
      this.#log.rolledBack();
      if (cause instanceof StorageError) throw cause;
      throw new StorageError(
        `The database cannot be written (${(cause as Error).message}). Free some space on the disk of the data directory, or mend it; Millrace goes on by itself and has lost nothing.`,
        { cause },
      );
    }
    this.#newKeys.length = 0;
    this.#tidyUp(unit);
  }

  /** What follows a commit may fail without harm: the turn is stored, and all of this comes again. */
  #tidyUp(unit: UnitOfWork): void {
    try {
      this.#provenance.rotate(this.#now());
      this.#checkpointer.wrote(unit);
    } catch (failure) {
      this.#warn(`Files of the data directory could not be tidied up (${(failure as Error).message}); it is tried again.`);
    }
  }

  close(): void {
    // The log is not folded here: memory may be ahead of the store, if that refused the last turn.
    this.#checkpointer.close();
    this.#provenance.close();
    this.#db.close();
  }

  #writeRest(unit: UnitOfWork): void {
    const sql = this.#sql;
    for (const [key, id] of this.#newKeys) sql.addKey.run(key, id);
    for (const { componentId, scope, state } of unit.states) {
      sql.addState.run(componentId, scope, state.version, state.at, JSON.stringify([...state.entries]));
      sql.pruneStates.run(componentId, scope, state.version - STATE_VERSIONS);
    }
    for (const { componentId, name, value } of unit.counters) sql.setCounter.run(componentId, name, value);
    for (const { id, kind, parentId, json } of unit.components) sql.setComponent.run(id, kind, parentId, json);
    for (const id of unit.removedComponents) {
      sql.removeComponent.run(id);
      sql.removeStates.run(id);
      sql.removeCounters.run(id);
      this.#runs.forget(id);
    }
    this.#runs.write(unit.runs);
    sql.setMeta.run('nextFlowFile', String(unit.nextFlowFile));
    sql.setMeta.run('nextEvent', String(unit.nextEvent));
    sql.setMeta.run('nextPosition', String(unit.nextPosition));
  }

  #remember(key: number, id: string): void {
    this.#keys.set(id, key);
    this.#ids.set(key, id);
  }
}
