import { randomUUID } from 'node:crypto';

/** A profile as an import has it. */
export interface ImportedProfile {
  readonly type: 'profile';
  readonly id?: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface ImportBody {
  readonly data: {
    readonly attributes: { readonly profiles: { readonly data: readonly ImportedProfile[] } };
    readonly relationships?: { readonly lists?: { readonly data: readonly { readonly id: string }[] } };
  };
}

export interface ImportError {
  readonly id: string;
  readonly index: number;
  readonly field: string;
  readonly detail: string;
}

export interface Job {
  readonly id: string;
  readonly body: ImportBody;
  readonly created: Date;
  status: 'queued' | 'processing' | 'complete' | 'cancelled';
  completed: number;
  readonly errors: ImportError[];
}

/** Milliseconds between two steps of a job. */
const STEP_MILLIS = 5;

/** Imports in the background: nothing is written before a job is processed. */
export class ImportJobs {
  readonly #jobs = new Map<string, Job>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #write: (job: Job) => void;
  #held: Job[] | undefined;

  /** `write` does the work of a job, and notes errors in it. */
  constructor(write: (job: Job) => void) {
    this.#write = write;
  }

  begin(body: ImportBody): Job {
    const job: Job = { id: randomUUID().replaceAll('-', ''), body, created: new Date(), status: 'queued', completed: 0, errors: [] };
    this.#jobs.set(job.id, job);
    this.#later(() => {
      job.status = 'processing';
      this.#later(() => (this.#held ? this.#held.push(job) : this.#end(job, 'complete')));
    });
    return job;
  }

  of(id: string): Job | undefined {
    return this.#jobs.get(id);
  }

  get count(): number {
    return this.#jobs.size;
  }

  hold(): void {
    this.#held ??= [];
  }

  get held(): number {
    return this.#held?.length ?? 0;
  }

  release(end: 'complete' | 'cancelled'): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const job of held) this.#end(job, end);
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #end(job: Job, end: 'complete' | 'cancelled'): void {
    if (end === 'complete') this.#write(job);
    job.status = end;
  }

  #later(step: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      step();
    }, STEP_MILLIS);
    this.#timers.add(timer);
  }
}

/** A job as the API answers it. */
export function jobResource({ id, body, created, status, completed, errors }: Job, self: string) {
  const attributes = {
    status,
    created_at: created.toISOString(),
    total_count: body.data.attributes.profiles.data.length,
    completed_count: completed,
    failed_count: errors.length,
    completed_at: status === 'complete' ? new Date().toISOString() : null,
    started_at: status === 'queued' ? null : created.toISOString(),
  };
  return { type: 'profile-bulk-import-job', id, attributes, links: { self } };
}

/** What went wrong with one profile of a job. */
export function errorResource({ id, index, field, detail }: ImportError, { body }: Job) {
  const source = { pointer: `/data/attributes/profiles/data/${index}/attributes/${field}` };
  const attributes = { code: 'invalid', title: 'Invalid input.', detail, source, original_payload: body.data.attributes.profiles.data[index]!.attributes };
  return { type: 'import-error', id, attributes };
}

/** The most that one import takes: profiles, bytes of all, bytes of one (Klaviyo, "Bulk Import Profiles"). */
const MOST = { profiles: 10_000, bytes: 5_000_000, profileBytes: 100_000 };

/** Why an import is refused as a whole: the profiles or the place to blame. */
export function refusalsOf({ data }: ImportBody, bytes: number, lists: ReadonlySet<string>): { pointer: string; detail: string }[] | 'too large' {
  const profiles = data.attributes.profiles.data;
  if (bytes > MOST.bytes) return 'too large';
  if (profiles.length > MOST.profiles) return [{ pointer: '/data/attributes/profiles/data', detail: `The profile list must contain at most ${MOST.profiles} items` }];
  if (profiles.length === 0) return [{ pointer: '/data/attributes/profiles/data', detail: 'The profile list must contain at least 1 item' }];
  const unknown = data.relationships?.lists?.data.find(({ id }) => !lists.has(id));
  if (unknown) return [{ pointer: '/data', detail: `List ID ${unknown.id} does not exist.` }];
  return profiles.flatMap((profile, index) => problemOf(profile).map(({ field, detail }) => ({ pointer: `/data/attributes/profiles/data/${index}${field}`, detail })));
}

function problemOf({ id, attributes }: ImportedProfile): { field: string; detail: string }[] {
  const { email, phone_number, external_id } = attributes;
  if (Buffer.byteLength(JSON.stringify(attributes)) > MOST.profileBytes) return [{ field: '', detail: 'The profile is larger than 100KB.' }];
  if (!(id || email || phone_number || external_id)) return [{ field: '/attributes', detail: 'One of these identifiers must be provided: email, phone_number, external_id, id' }];
  if (email && !/^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(String(email))) return [{ field: '/attributes/email', detail: 'Invalid email address' }];
  if (phone_number && !/^\+[1-9]\d{6,14}$/.test(String(phone_number)))
    return [{ field: '/attributes/phone_number', detail: `Invalid phone number format (Example of a valid format: +12345678901)` }];
  return [];
}
