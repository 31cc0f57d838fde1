/**
 * `turn` is the log of what happened to FlowFiles, a packed row a turn of the journal; `flowfile` has a row for each that
 * stayed until the log was folded (see FlowFileLog). Its key order is the order of creation, and there is no second index.
 */
export const initial = `
  create table meta (key text primary key, value text not null) without rowid;
  create table component_key (key integer primary key, id text not null unique);
  create table component (id text primary key, kind text not null, parent_id text, json text not null) without rowid;
  create table flowfile (id integer primary key, bytes blob not null);
  create table turn (seq integer primary key, bytes blob not null);
  create table state (
    component_id text not null,
    scope text not null,
    version integer not null,
    at integer not null,
    json text not null,
    primary key (component_id, scope, version)
  ) without rowid;
  create table counter (component_id text not null, name text not null, value integer not null, primary key (component_id, name)) without rowid;
  create table provenance_block (
    first_event integer primary key,
    count integer not null,
    first_time integer not null,
    last_time integer not null,
    first_flowfile integer not null,
    last_flowfile integer not null,
    file integer not null,
    offset integer not null,
    length integer not null,
    checksum integer not null
  );
`;
