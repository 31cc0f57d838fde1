import type { RecordValue } from './record.ts';
import type { DataType } from './record-schema.ts';
import { serviceContract } from './service.ts';

/** Names of coordinates with their values; most services know one, `key`. */
export type Coordinates = ReadonlyMap<string, RecordValue>;

export interface Found {
  readonly value: RecordValue;
  /** Set where the service knows more of the value than it shows. */
  readonly type?: DataType;
}

/** What an enabled lookup service hands out. */
export interface LookupService {
  /** The coordinates that a look-up must name. */
  readonly requiredKeys: readonly string[];
  /** Undefined where nothing is found. Throws ProcessError where the look-up itself fails. */
  lookup(coordinates: Coordinates): Promise<Found | undefined>;
}

export const LOOKUP_SERVICE = serviceContract<LookupService>('org.apache.nifi.lookup.LookupService');
export const STRING_LOOKUP_SERVICE = serviceContract<LookupService>('org.apache.nifi.lookup.StringLookupService');
