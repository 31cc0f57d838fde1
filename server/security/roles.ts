import type { Action } from './policies.ts';

type Right = readonly [resource: string, action: Action];

/** A group that a new data directory has, and what its members may do. */
export interface Role {
  readonly group: string;
  readonly rights: readonly Right[];
}

const both = (resource: string): Right[] => [
  [resource, 'read'],
  [resource, 'write'],
];

/**
 * The four ready roles; each may do what the one before may. Viewers see the flow, its configuration and status, and no data. Operators start
 * and stop, see data and empty queues. Editors change the flow, and which outside systems it talks to; they can neither run code nor
 * reach the server's files. Administrators may do everything. `rootGroup`: the id of the outermost group.
 */
export function rolesFor(rootGroup: string): readonly Role[] {
  const root = `/process-groups/${rootGroup}`;
  const viewer: Right[] = [
    ['/flow', 'read'],
    [root, 'read'],
    ['/parameter-contexts', 'read'],
    ['/counters', 'read'],
    ['/system', 'read'],
  ];
  const operator: Right[] = [
    ...viewer,
    [`/operation${root}`, 'write'],
    ['/counters', 'write'],
    ['/provenance', 'read'],
    ...both(`/data${root}`),
    [`/provenance-data${root}`, 'read'],
  ];
  const editor: Right[] = [
    ...operator,
    [root, 'write'],
    ['/parameter-contexts', 'write'],
    ['/controller', 'read'],
    ['/resources', 'read'],
    ['/restricted-components/reference-remote-resources', 'write'],
  ];
  const administrator: Right[] = [
    ...editor,
    ['/controller', 'write'],
    ...both('/tenants'),
    ...both('/policies'),
    ['/site-to-site', 'read'],
    [`/provenance-data${root}`, 'write'],
    ['/restricted-components', 'write'],
  ];
  return [
    { group: 'viewers', rights: viewer },
    { group: 'operators', rights: operator },
    { group: 'editors', rights: editor },
    { group: 'administrators', rights: administrator },
  ];
}
