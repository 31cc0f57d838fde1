import { ProcessError } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import type { Coordinates, Found, LookupService } from '../../server/extension/lookup.ts';
import type { DataRecord, RecordBatch, RecordValue } from '../../server/extension/record.ts';
import { copyOf, stringifyExactly } from '../../server/extension/record.ts';
import { isObject } from '../../server/extension/record-coercion.ts';
import { made, type PathValue } from '../../server/extension/record-path/path-value.ts';
import { compileRecordPath, type RecordPath } from '../../server/extension/record-path/record-path.ts';
import type { RecordSchema } from '../../server/extension/record-schema.ts';
import { RecordChanges } from './record-changes.ts';

export interface LookupOptions {
  readonly service: LookupService;
  readonly keys: readonly (readonly [name: string, path: RecordPath])[];
  /** Where the answer goes; the coordinates' own field where it is not set. */
  readonly result: RecordPath | undefined;
  readonly insertsFields: boolean;
  readonly replaces: boolean;
  /** The records inside each record that are looked up, where they are not the records themselves. */
  readonly root: RecordPath | undefined;
  readonly cacheSize: number;
  /** Of the FlowFile that holds the records. */
  readonly attributes?: ReadonlyMap<string, string>;
}

/** Looks records up and writes what is found into them. */
export class RecordLookup {
  readonly #options: LookupOptions;
  readonly #changes = new RecordChanges();
  readonly #cache = new Map<string, Found | undefined>();
  readonly #schema: RecordSchema;

  constructor(options: LookupOptions, schema: RecordSchema) {
    this.#options = options;
    this.#schema = schema;
  }

  schemaAfter = (): RecordSchema => this.#changes.applyTo(this.#schema);

  /** Whether each record of the batch was found. */
  async enrich(batch: RecordBatch): Promise<boolean[]> {
    const found: boolean[] = [];
    for (const record of batch) found.push(await this.#enrichOne(record));
    return found;
  }

  async #enrichOne(record: DataRecord): Promise<boolean> {
    const { root, replaces } = this.#options;
    const starts: (PathValue | undefined)[] = root
      ? root.evaluate(record, this.#schema).flatMap((one) => (Array.isArray(one.value) ? one.value.map((value) => ({ ...one, value, parent: one.parent })) : [one]))
      : [undefined];
    let isFound = false;
    for (const start of starts) isFound = (await (replaces ? this.#replaceEach(record, start) : this.#lookUp(record, start))) || isFound;
    return isFound;
  }

  #evaluate(path: RecordPath, record: DataRecord, start: PathValue | undefined): readonly PathValue[] {
    const holder = start && isObject(start.value) ? start.value : record;
    return path.evaluate(holder, start?.type?.kind === 'record' ? start.type.schema : this.#schema, start && path.isAbsolute ? undefined : start);
  }

  /** Each value is looked up by itself, and what is found takes its place. */
  async #replaceEach(record: DataRecord, start: PathValue | undefined): Promise<boolean> {
    const [name, path] = this.#options.keys[0]!;
    let all = true;
    let any = false;
    for (const place of this.#evaluate(path, record, start)) {
      any = true;
      const found = await this.#ask(new Map([[name, place.value ?? null]]));
      if (found) this.#changes.set(place, found.value, found.type);
      else all = false;
    }
    return any && all;
  }

  async #lookUp(record: DataRecord, start: PathValue | undefined): Promise<boolean> {
    const coordinates = new Map<string, RecordValue>();
    for (const [name, path] of this.#options.keys) {
      const values = this.#evaluate(path, record, start).filter(({ value }) => value !== null && value !== undefined);
      if (values.length > 1) throw new ProcessError(`The RecordPath ${path.text} (${name}) leads to ${values.length} values; a look-up needs one.`);
      if (values.length === 0) return false;
      coordinates.set(name, values[0]!.value!);
    }
    const found = await this.#ask(coordinates);
    if (!found) return false;
    const { result } = this.#options;
    if (result) for (const place of this.#evaluate(result, record, start)) this.#put(place, found);
    return true;
  }

  #put(place: PathValue, { value, type }: Found): void {
    if (!this.#options.insertsFields || !isObject(value)) return this.#changes.set(place, copyOf(value), type);
    const holder = place.value;
    if (!isObject(holder)) throw new ProcessError(`Result RecordPath leads to '${place.name}', which is no record, so fields cannot be put there.`);
    for (const [name, one] of Object.entries(value)) this.#changes.set({ ...made(name, undefined), parent: place, key: name, type: undefined }, copyOf(one));
  }

  async #ask(coordinates: Coordinates): Promise<Found | undefined> {
    const { service, cacheSize, attributes } = this.#options;
    if (cacheSize === 0) return service.lookup(coordinates, attributes);
    const key = stringifyExactly([...coordinates]);
    if (this.#cache.has(key)) return this.#cache.get(key);
    const found = await service.lookup(coordinates, attributes);
    if (this.#cache.size >= cacheSize) this.#cache.delete(this.#cache.keys().next().value!);
    this.#cache.set(key, found);
    return found;
  }
}

/** The paths of a processor's dynamic properties for one FlowFile. */
export const pathsOf = (dynamic: ReadonlyMap<string, (flowFile?: FlowFile) => string>, flowFile: FlowFile): (readonly [string, RecordPath])[] =>
  [...dynamic].map(([name, path]) => [name, compileRecordPath(path(flowFile))] as const);
