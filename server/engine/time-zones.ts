/** Something inside groups. */
interface InGroup {
  readonly id: string;
  readonly group: InGroup | null | undefined;
}

/** In which time zone the cron schedules of a group fire: the nearest one above that has a zone of its own, else the server's. */
export class TimeZones {
  readonly #server: string | undefined;
  readonly #own = new Map<string, string>();

  /** `server`: an IANA name; undefined for the machine's own zone. */
  constructor(server: string | undefined) {
    this.#server = server;
  }

  /** Holds for what is started from now on. */
  set(groupId: string, zone: string): void {
    this.#own.set(groupId, zone);
  }

  forget(groupId: string): void {
    this.#own.delete(groupId);
  }

  of(group: InGroup | null | undefined): string | undefined {
    for (let each = group; each; each = each.group) {
      const zone = this.#own.get(each.id);
      if (zone !== undefined) return zone;
    }
    return this.#server;
  }
}
