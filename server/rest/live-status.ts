import type { GroupStatusSnapshotDto } from './dto/group-status.ts';

/** A status as JSON in pieces: the numbers of the group, and each of its members. */
export interface StatusPieces {
  readonly own: string;
  /** By the names of their lists. */
  readonly members: ReadonlyMap<string, readonly { readonly id: string; readonly json: string }[]>;
}

/** Cuts a status up, once for all who are told. */
export function liveStatusPieces(status: GroupStatusSnapshotDto): StatusPieces {
  const lists = Object.entries(status).filter((field): field is [string, { id: string }[]] => Array.isArray(field[1]));
  const own = Object.entries(status).filter(([, value]) => !Array.isArray(value));
  return {
    own: JSON.stringify(Object.fromEntries(own)),
    members: new Map(lists.map(([name, list]) => [name, list.map((member) => ({ id: member.id, json: JSON.stringify(member) }))])),
  };
}

/** What one client has been told of the figures of its group: of a thousand members a few have new ones at a time. */
export class ToldStatus {
  #own = '';
  #members = new Map<string, string>();

  /** The status with those members only whose figures are new; undefined where nothing is. */
  tell({ own, members }: StatusPieces): string | undefined {
    const known = this.#members;
    this.#members = new Map();
    let isNew = own !== this.#own;
    this.#own = own;
    const lists = [...members].map(([name, list]) => {
      const changed = list.filter(({ id, json }) => {
        this.#members.set(id, json);
        return known.get(id) !== json;
      });
      isNew ||= changed.length > 0;
      return [name, changed.map(({ json }) => json)] as const;
    });
    return isNew ? joined(own, lists) : undefined;
  }

  /** The numbers of the group alone, for a message that is about something else. */
  again({ own, members }: StatusPieces): string {
    return joined(
      own,
      [...members.keys()].map((name) => [name, []] as const),
    );
  }
}

function joined(own: string, lists: readonly (readonly [string, readonly string[]])[]): string {
  return `${own.slice(0, -1)}${lists.map(([name, members]) => `,"${name}":[${members.join(',')}]`).join('')}}`;
}
