/**
 * Who may log in. `version` counts the passwords that a user has had: tokens name the one they were given for, so that a new
 * password ends them. `revoked_token` keeps the ids of tokens that were logged out until they would have expired anyway.
 */
export const users = `
  create table user (identity text primary key, password text not null, version integer not null, changed_at integer not null) without rowid;
  create table revoked_token (id text primary key, expires_at integer not null) without rowid;
`;
