import { createHash, randomUUID } from 'node:crypto';

/** One version of an object. */
export interface StoredObject {
  readonly body: Buffer;
  readonly etag: string;
  readonly version: string;
  modified: Date;
  /** As the server gives them back, in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

export interface Upload {
  readonly key: string;
  initiated: Date;
  readonly headers: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly parts: Map<number, { readonly body: Buffer; readonly etag: string }>;
}

export const md5 = (body: Buffer): string => createHash('md5').update(body).digest('hex');

/** What a bucket holds: all versions of each key, the newest last. */
export class Bucket {
  readonly objects = new Map<string, StoredObject[]>();
  readonly uploads = new Map<string, Upload>();

  put(key: string, body: Buffer, headers: Record<string, string>, tags: Record<string, string>, etag = md5(body)): StoredObject {
    const stored = { body, etag, version: randomUUID(), modified: new Date(), headers, tags };
    this.objects.set(key, [...(this.objects.get(key) ?? []), stored]);
    return stored;
  }

  get(key: string, version?: string | null): StoredObject | undefined {
    const versions = this.objects.get(key) ?? [];
    return version ? versions.find((each) => each.version === version) : versions.at(-1);
  }

  remove(key: string, version?: string | null): void {
    const left = version ? (this.objects.get(key) ?? []).filter((each) => each.version !== version) : [];
    if (left.length > 0) this.objects.set(key, left);
    else this.objects.delete(key);
  }

  /** Keys in order, from after one on. */
  keys(prefix: string, after: string): string[] {
    return [...this.objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
  }
}
