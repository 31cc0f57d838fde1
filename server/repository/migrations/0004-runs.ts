/** Runs of syncs, and rows that were not accepted. `json` is a run's own form. */
export const runs = `
  create table run (id integer primary key, sync_id text not null, ended integer, json text not null);
  create index run_of_sync on run (sync_id, id);
  create index open_run on run (id) where ended is null;
  create table rejected_row (
    id integer primary key,
    run integer not null,
    sync_id text not null,
    at integer not null,
    component_id text not null,
    component_name text not null,
    reason text not null,
    row text not null
  );
  create index rejected_row_of_run on rejected_row (run, id);
  create index rejected_row_of_sync on rejected_row (sync_id, id);
`;
