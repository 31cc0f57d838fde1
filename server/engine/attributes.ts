import { ByteReader, ByteWriter } from './byte-writer.ts';

const scratch = new ByteWriter(4096);

/**
 * The attributes of a FlowFile, without the core ones that follow from its id. Never changed once made: versions of a
 * FlowFile share it until one of them needs another.
 */
export class Attributes {
  static readonly none = new Attributes(new Map());

  /** Where the provenance block being filled holds this set (see ProvenanceEncoder); 0 means nowhere. */
  provenanceBlock = 0;
  provenanceIndex = 0;

  #entries: Map<string, string> | undefined;
  #encoded: Uint8Array | undefined;

  private constructor(entries: Map<string, string> | undefined, encoded?: Uint8Array) {
    this.#entries = entries;
    this.#encoded = encoded;
  }

  static of(entries: Iterable<readonly [string, string]>): Attributes {
    return new Attributes(new Map(entries));
  }

  /** From the stored form; read only when somebody asks, so that 200,000 queued FlowFiles load at once. */
  static decode(encoded: Uint8Array): Attributes {
    return new Attributes(undefined, encoded);
  }

  get entries(): ReadonlyMap<string, string> {
    return (this.#entries ??= decode(this.#encoded!));
  }

  get(name: string): string | undefined {
    return (this.#entries ?? this.entries).get(name);
  }

  with(name: string, value: string): Attributes {
    const copy = new Map(this.entries);
    copy.set(name, value);
    return new Attributes(copy);
  }

  /** The same object where nothing changes. The uuid is no attribute of one's own. */
  withAll(changes: Readonly<Record<string, string>>): Attributes {
    const known = this.entries;
    let copy: Map<string, string> | undefined;
    for (const name in changes) {
      const value = changes[name]!;
      if (name !== 'uuid' && known.get(name) !== value) (copy ??= new Map(known)).set(name, value);
    }
    return copy ? new Attributes(copy) : this;
  }

  without(names: Iterable<string>): Attributes {
    const copy = new Map(this.entries);
    for (const name of names) copy.delete(name);
    return new Attributes(copy);
  }

  /** The stored form, as `decode` reads it. */
  encode(): Uint8Array {
    if (!this.#encoded) {
      this.write(scratch);
      this.#encoded = scratch.copy();
    }
    return this.#encoded;
  }

  /** Writes the stored form: how many, then name and value in turn. */
  write(writer: ByteWriter): void {
    writer.number(this.entries.size);
    for (const [name, value] of this.entries) {
      writer.text(name);
      writer.text(value);
    }
  }
}

function decode(encoded: Uint8Array): Map<string, string> {
  const reader = new ByteReader(encoded);
  const entries = new Map<string, string>();
  for (let rest = reader.number(); rest > 0; rest--) entries.set(reader.text(), reader.text());
  return entries;
}
