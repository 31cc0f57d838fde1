import { Emulator, type Received, type Reply } from './emulator.ts';

interface Contact {
  readonly attributes: Record<string, unknown>;
  readonly lists: Set<number>;
}

interface ImportBody {
  readonly jsonBody: readonly { readonly email: string; readonly attributes?: Readonly<Record<string, unknown>> }[];
  readonly listIds?: readonly number[];
  readonly updateExistingContacts?: boolean;
  readonly emptyContactsAttributes?: boolean;
}

interface SaveBody {
  readonly email: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly listIds?: readonly number[];
  readonly updateEnabled?: boolean;
}

/** The most that a body may hold (Brevo, "Import contacts"). */
const MOST_BYTES = 10 * 1024 ** 2;
/** Milliseconds between two steps of an import. */
const STEP_MILLIS = 5;

/** An import in the background: nothing of it is written before it is completed. */
interface Process {
  readonly body: ImportBody;
  status: 'queued' | 'in_process' | 'completed' | 'failed';
}

/** Brevo's contacts: attributes, lists, single saves and imports in the background, whose reports are CSV files. */
export class BrevoEmulator {
  readonly contacts = new Map<string, Contact>();
  readonly attributes = new Map<string, string>([
    ['FIRSTNAME', 'text'],
    ['LASTNAME', 'text'],
  ]);
  readonly lists = new Set([3, 14]);
  /** Addresses that Brevo finds invalid although they look like some. */
  readonly invalid = new Set<string>();
  /** Contacts written so far, which is what is billed. */
  written = 0;
  readonly #processes: Process[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  #held: Process[] | undefined;
  #emulator!: Emulator;

  static async start(): Promise<BrevoEmulator> {
    const brevo = new BrevoEmulator();
    brevo.#emulator = await Emulator.start((request) => brevo.#answer(request));
    return brevo;
  }

  get url(): string {
    return `${this.#emulator.url}/v3`;
  }

  get received(): readonly Received[] {
    return this.#emulator.received;
  }

  /** See Emulator.fail. */
  fail(...fault: Parameters<Emulator['fail']>): void {
    this.#emulator.fail(...fault);
  }

  /** From now on imports are taken on, but do not come to their end. */
  hold(): void {
    this.#held ??= [];
  }

  /** Lets them end, whoever began them; or fail, with nothing written. */
  release(end: 'completed' | 'failed' = 'completed'): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const process of held) this.#end(process, end);
  }

  stop(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    return this.#emulator.stop();
  }

  #answer(request: Received): Reply {
    const [, report] = /^\/reports\/(\d+)\.csv$/.exec(request.path) ?? [];
    if (report !== undefined)
      return {
        status: 200,
        text: `EMAIL;FIRSTNAME\n${this.#refusedBy(this.#processes[Number(report) - 1]!)
          .map((email) => `${email};x`)
          .join('\n')}`,
      };
    if (request.headers['api-key'] !== 'xkeysib-test') return refusal(401, 'unauthorized', 'Key not found');
    const [, path] = /^\/v3(\/.*)$/.exec(request.path) ?? [];
    const [, category, name] = /^\/contacts\/attributes\/(\w+)\/(\w+)$/.exec(path ?? '') ?? [];
    const [, process] = /^\/processes\/(\d+)$/.exec(path ?? '') ?? [];
    if (name !== undefined) return this.#createAttribute(category!, name, (request.body as { type: string }).type);
    if (process !== undefined) return this.#look(Number(process));
    if (path === '/contacts/attributes') return { status: 200, body: { attributes: [...this.attributes].map(([each, type]) => ({ name: each, category: 'normal', type })) } };
    if (path === '/contacts/import') return this.#import(request.body as ImportBody, request.bytes.length);
    if (path === '/contacts') return this.#save(request.body as SaveBody);
    return refusal(404, 'document_not_found', 'Not found');
  }

  #createAttribute(category: string, name: string, type: string): Reply {
    if (category !== 'normal' || !['text', 'float', 'date', 'boolean'].includes(type)) return refusal(400, 'invalid_parameter', 'Type is invalid');
    if (this.attributes.has(name)) return refusal(400, 'duplicate_parameter', 'Attribute name must be unique');
    this.attributes.set(name, type);
    return { status: 201 };
  }

  #unknownList(ids: readonly number[]): Reply | undefined {
    const unknown = ids.find((id) => !this.lists.has(id));
    return unknown === undefined ? undefined : refusal(400, 'invalid_parameter', 'List Id does not exist');
  }

  #import(body: ImportBody, size: number): Reply {
    if (size > MOST_BYTES) return refusal(413, 'invalid_parameter', 'Body is too large');
    const refused = this.#unknownList(body.listIds ?? []);
    if (refused) return refused;
    const process: Process = { body, status: 'queued' };
    this.#processes.push(process);
    this.#later(() => this.#work(process));
    return { status: 202, body: { processId: this.#processes.length } };
  }

  #later(step: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      step();
    }, STEP_MILLIS);
    this.#timers.add(timer);
  }

  #work(process: Process): void {
    process.status = 'in_process';
    this.#later(() => (this.#held ? this.#held.push(process) : this.#end(process, 'completed')));
  }

  #end(process: Process, end: 'completed' | 'failed'): void {
    process.status = end;
    if (end === 'failed') return;
    const { jsonBody, listIds, emptyContactsAttributes } = process.body;
    for (const { email, attributes } of jsonBody) if (!this.invalid.has(email)) this.#write(email, attributes, listIds, emptyContactsAttributes === true);
  }

  #refusedBy({ body }: Process): string[] {
    return body.jsonBody.map(({ email }) => email).filter((email) => this.invalid.has(email));
  }

  #look(id: number): Reply {
    const process = this.#processes[id - 1];
    if (!process) return refusal(404, 'document_not_found', 'Process does not exist');
    const { status } = process;
    const url = this.#refusedBy(process).length > 0 ? `${this.#emulator.url}/reports/${id}.csv` : null;
    return { status: 200, body: { id, name: 'IMPORTUSER', status, ...(status === 'completed' && { info: { import: { invalid_emails: url, duplicate_email_id: null } } }) } };
  }

  #save({ email, attributes, listIds, updateEnabled }: SaveBody): Reply {
    const refused = this.#unknownList(listIds ?? []);
    if (refused) return refused;
    if (this.invalid.has(email)) return refusal(400, 'invalid_parameter', 'Invalid email address');
    const known = this.contacts.has(email);
    if (known && !updateEnabled) return refusal(400, 'duplicate_parameter', 'Contact already exist');
    this.#write(email, attributes, listIds, false);
    return known ? { status: 204 } : { status: 201, body: { id: this.contacts.size } };
  }

  /** Attributes that the account does not have are ignored. */
  #write(email: string, attributes: Readonly<Record<string, unknown>> = {}, lists: readonly number[] = [], erases: boolean): void {
    this.written++;
    const contact = this.contacts.get(email) ?? { attributes: {}, lists: new Set<number>() };
    for (const [name, value] of Object.entries(attributes)) {
      if (!this.attributes.has(name)) continue;
      if (value !== '') contact.attributes[name] = value;
      else if (erases) delete contact.attributes[name];
    }
    for (const list of lists) contact.lists.add(list);
    this.contacts.set(email, contact);
  }
}

function refusal(status: number, code: string, message: string): Reply {
  return { status, body: { code, message } };
}
