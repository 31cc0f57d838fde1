import { NamedApiError } from '../../server/extension/polite-api.ts';
import { serviceContract } from '../../server/extension/service.ts';
import type { ObjectType } from './object-types.ts';

/** One object as the API answers it. Values of properties are texts; what is empty may be null, '' or missing. */
export interface HubSpotObject {
  readonly id: string;
  readonly properties: Readonly<Record<string, string | null>>;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly archived: boolean;
  readonly archivedAt?: string;
}

/** A property of a kind of object: `type` is string, number, bool, date, datetime, enumeration, json ... */
export interface HubSpotProperty {
  readonly name: string;
  readonly type: string;
  /** How numbers are shown: `unformatted` ones are identifiers. */
  readonly numberDisplayHint?: string;
}

/** Changes in [from, to), milliseconds since 1970, beyond the object `afterId`. */
export interface ChangeWindow {
  readonly from: number;
  readonly to: number;
  /** A whole number as text; '0' begins. */
  readonly afterId: string;
}

export interface ArchivedPage {
  readonly objects: readonly HubSpotObject[];
  /** Where the next page begins; undefined after the last one. */
  readonly next?: string;
}

/** An account of HubSpot. Methods throw HubSpotError. */
export interface HubSpot {
  /** Such as `https://api.hubapi.com`, for provenance. */
  readonly url: string;
  /** Every property that objects of the kind have. */
  properties(type: ObjectType, signal: AbortSignal): Promise<HubSpotProperty[]>;
  /** The next objects of a window, at most CHANGES_PER_PAGE, in the order of their ids. Fewer mean that the window is read. */
  changes(type: ObjectType, window: ChangeWindow, properties: readonly string[], signal: AbortSignal): Promise<HubSpotObject[]>;
  /** A page of the objects in the recycling bin. */
  archived(type: ObjectType, after: string | undefined, signal: AbortSignal): Promise<ArchivedPage>;
}

/** The most that a search answers at once (HubSpot, "Search the CRM", Limits). */
export const CHANGES_PER_PAGE = 200;

export const HUBSPOT = serviceContract<HubSpot>('dev.millrace.hubspot.HubSpot');

/** Why HubSpot refused. */
export type HubSpotCause = 'authentication' | 'permission' | 'rate limit' | 'daily limit' | 'missing property' | 'request' | 'server' | 'connection';

const REMEDY: Readonly<Record<HubSpotCause, string>> = {
  authentication: 'Put a valid token of a private app into the parameter HubSpot Access Token.',
  permission: 'Give the private app these scopes in HubSpot, or choose another object type.',
  'rate limit': 'It is tried again; lower Search Requests Per Second if other tools use the same account.',
  'daily limit': "It is tried again; HubSpot's daily limit starts anew at midnight in the account's time zone.",
  'missing property': 'It is tried again with the properties that there are now.',
  request: 'Check the object type and Updated After.',
  server: 'It is tried again.',
  connection: 'Check the API URL and the network; it is tried again.',
};

/** A request that HubSpot refused or did not answer. */
export class HubSpotError extends NamedApiError<HubSpotCause> {
  override name = 'HubSpotError';

  constructor(kind: HubSpotCause, what: string, options?: ErrorOptions) {
    super(kind, what, REMEDY, options);
  }
}
