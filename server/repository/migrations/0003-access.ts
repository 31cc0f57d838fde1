/**
 * Users get an id, groups and policies. A user without a password exists and cannot log in. `policy_tenant` names users and
 * groups by their ids, which are never used twice. `revision` is a Revision as JSON.
 */
const UUID = `lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-a' || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))`;

export const access = `
  create table new_user (
    id text primary key,
    identity text not null unique,
    password text,
    version integer not null,
    changed_at integer not null,
    revision text not null default '{"version":1}'
  ) without rowid;
  insert into new_user (id, identity, password, version, changed_at) select ${UUID}, identity, password, version, changed_at from user;
  drop table user;
  alter table new_user rename to user;
  create table user_group (id text primary key, identity text not null unique, revision text not null) without rowid;
  create table group_member (group_id text not null, user_id text not null, primary key (group_id, user_id)) without rowid;
  create table access_policy (id text primary key, resource text not null, action text not null, revision text not null, unique (resource, action)) without rowid;
  create table policy_tenant (policy_id text not null, tenant_id text not null, primary key (policy_id, tenant_id)) without rowid;
`;
