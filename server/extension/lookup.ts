import type { FlowFile } from './flowfile.ts';
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
  /**
   * Undefined where nothing is found. `attributes` are those of the FlowFile that asks, for services whose properties look at
   * them. Throws ProcessError where the look-up itself fails.
   */
  lookup(coordinates: Coordinates, attributes?: ReadonlyMap<string, string>): Promise<Found | undefined>;
}

const PACKAGE = 'org.apache.nifi.lookup';

export const LOOKUP_SERVICE = serviceContract<LookupService>(`${PACKAGE}.LookupService`);
export const STRING_LOOKUP_SERVICE = serviceContract<LookupService>(`${PACKAGE}.StringLookupService`);
export const RECORD_LOOKUP_SERVICE = serviceContract<LookupService>(`${PACKAGE}.RecordLookupService`);

/** What expressions of a lookup service look at: a FlowFile that has attributes and nothing else. */
export const subjectOf = (attributes: ReadonlyMap<string, string>): FlowFile => ({
  id: 0,
  uuid: attributes.get('uuid') ?? '',
  size: 0,
  entryDate: 0,
  lineageStartDate: 0,
  attributes,
  getAttribute: (name) => attributes.get(name),
});
