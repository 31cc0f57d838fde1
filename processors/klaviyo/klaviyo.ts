import { NamedApiError } from '../../server/extension/polite-api.ts';
import type { DataRecord, RecordValue } from '../../server/extension/record.ts';
import { serviceContract } from '../../server/extension/service.ts';

/** An object as JSON:API has it. */
export interface Resource {
  readonly id: string;
  readonly attributes: DataRecord;
  readonly relationships?: Readonly<Record<string, { readonly data?: { readonly id: string } }>>;
}

/** A kind of event, and the integration that it comes from. */
export interface Metric {
  readonly id: string;
  readonly name: string;
  readonly integration: string | null;
}

/** What is asked for: changes or events in [from, to), milliseconds since 1970, whole seconds as Klaviyo's moments are. */
export interface Span {
  readonly from: number;
  readonly to: number;
  /** Where the page begins; the first one if left out. */
  readonly cursor?: string | undefined;
}

export interface Page {
  readonly objects: readonly Resource[];
  /** Where the next page begins; undefined after the last one. */
  readonly next: string | undefined;
}

export interface EventPage extends Page {
  /** The metrics of the page's events, by id. */
  readonly metrics: ReadonlyMap<string, Metric>;
}

/** What a profile has beside its own attributes, if it is asked for. */
export type AdditionalField = 'subscriptions' | 'predictive_analytics';

/** A profile as an import takes it. */
export interface ImportedProfile {
  readonly type: 'profile';
  readonly id?: string;
  readonly attributes: { readonly [name: string]: RecordValue };
}

export interface ImportJob {
  readonly status: 'queued' | 'processing' | 'complete' | 'cancelled';
  readonly failed: number;
}

/** Why something was refused, and the place in the request that is to blame. */
export interface Refusal {
  readonly detail: string;
  readonly pointer?: string | undefined;
  /** The profile as it was sent, where Klaviyo says it. */
  readonly payload?: DataRecord | undefined;
}

/** An account of Klaviyo. Methods throw KlaviyoError. */
export interface Klaviyo {
  /** Such as `https://a.klaviyo.com`, for provenance. */
  readonly url: string;
  /** The name of the organization. */
  account(signal: AbortSignal): Promise<string>;
  /** Profiles that were updated in a span, the oldest update first. */
  profiles(span: Span, additional: readonly AdditionalField[], signal: AbortSignal): Promise<Page>;
  /** Events of a span, the oldest first; of these metrics only if some are named. */
  events(span: Span, metrics: readonly string[], signal: AbortSignal): Promise<EventPage>;
  /** All metrics of the account. */
  metrics(signal: AbortSignal): Promise<Metric[]>;
  /** Begins an import of at most 10,000 profiles, who join the lists; resolves to the id of the job. */
  beginImport(profiles: readonly ImportedProfile[], lists: readonly string[], signal: AbortSignal): Promise<string>;
  importJob(id: string, signal: AbortSignal): Promise<ImportJob>;
  /** What an import left out. */
  importErrors(id: string, signal: AbortSignal): Promise<Refusal[]>;
}

export const KLAVIYO = serviceContract<Klaviyo>('dev.millrace.klaviyo.Klaviyo');

/** Why Klaviyo refused. */
export type KlaviyoCause = 'authentication' | 'permission' | 'rate limit' | 'cursor' | 'request' | 'import' | 'server' | 'connection';

const REMEDY: Readonly<Record<KlaviyoCause, string>> = {
  authentication: 'Put a valid private API key into the parameter Klaviyo API Key.',
  permission: 'Give the API key this scope in Klaviyo (Settings > API keys).',
  'rate limit': 'It is tried again when the limit allows.',
  cursor: 'It goes on from the last moment that was read.',
  request: 'Check the properties of the component and the API Revision.',
  import: 'Its profiles are sent again.',
  server: 'It is tried again.',
  connection: 'Check the API URL and the network; it is tried again.',
};

/** A request that Klaviyo refused or did not answer. */
export class KlaviyoError extends NamedApiError<KlaviyoCause> {
  override name = 'KlaviyoError';
  /** Each of the reasons that an answer gives. */
  readonly refusals: readonly Refusal[];

  constructor(kind: KlaviyoCause, what: string, refusals: readonly Refusal[] = [], options?: ErrorOptions) {
    super(kind, what, REMEDY, options);
    this.refusals = refusals;
  }
}
