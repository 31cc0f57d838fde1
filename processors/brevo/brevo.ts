import type { ApiRequest } from '../../server/extension/json-api.ts';
import { NamedApiError } from '../../server/extension/polite-api.ts';
import { serviceContract } from '../../server/extension/service.ts';

/** Brevo's types of contact attributes (POST /contacts/attributes/{category}/{name}). */
export type AttributeType = 'text' | 'float' | 'date' | 'boolean';
export type AttributeValue = string | number | boolean;

/** A contact, written once: what is sent, measured and remembered of it. */
export interface Contact {
  readonly email: string;
  /** As Brevo takes it, `{"email", "attributes"}`: JSON text, the attributes in the order of their names. */
  readonly json: string;
  /** The fingerprint of its content and of the lists that it joins. */
  readonly print: string;
}

export interface Import {
  readonly contacts: readonly Contact[];
  readonly listIds: readonly number[];
  /** Whether an empty text takes away what the contact had. */
  readonly erases: boolean;
}

/** A request whose body is written already. */
export type ReadyRequest = ApiRequest & { readonly json: string };

/** The request that begins an import, exactly as it is sent. */
export function importRequest({ contacts, listIds, erases }: Import): ReadyRequest {
  const others = JSON.stringify({ listIds, updateExistingContacts: true, emptyContactsAttributes: erases, disableNotification: true });
  return { method: 'POST', path: '/contacts/import', json: `{"jsonBody":[${contacts.map(({ json }) => json).join(',')}],${others.slice(1)}` };
}

/** The request that saves one contact, exactly as it is sent. */
export function saveRequest({ json }: Contact, listIds: readonly number[]): ReadyRequest {
  return { method: 'POST', path: '/contacts', json: `${json.slice(0, -1)},${JSON.stringify({ listIds, updateEnabled: true }).slice(1)}` };
}

/** Why an import left contacts out: the kind of a report, such as `invalid_emails`, to the addresses in it. */
export type ImportReport = ReadonlyMap<string, ReadonlySet<string>>;

/** An account of Brevo. Methods throw BrevoError. */
export interface Brevo {
  /** Such as `https://api.brevo.com/v3`, for provenance. */
  readonly url: string;
  /** The names of the contact attributes, in capitals, with their types. */
  attributes(signal: AbortSignal): Promise<Map<string, string>>;
  createAttribute(name: string, type: AttributeType, signal: AbortSignal): Promise<void>;
  /** Begins an import; resolves to the number of its process. */
  beginImport(request: Import, signal: AbortSignal): Promise<number>;
  /** What an import left out, or undefined while it is under way. Throws where it came to nothing. */
  importReport(processId: number, signal: AbortSignal): Promise<ImportReport | undefined>;
  /** Creates or updates one contact. */
  save(contact: Contact, listIds: readonly number[], signal: AbortSignal): Promise<void>;
}

export const BREVO = serviceContract<Brevo>('dev.millrace.brevo.Brevo');

export type BrevoCause = 'authentication' | 'permission' | 'rate limit' | 'contact' | 'request' | 'import' | 'server' | 'connection';

const REMEDY: Readonly<Record<BrevoCause, string>> = {
  authentication: 'Put a valid API key into the parameter Brevo API Key.',
  permission: 'Check the plan and the rights of the account in Brevo.',
  'rate limit': 'It is tried again.',
  contact: 'Correct the contact in the source or in the mapping.',
  request: 'Check the list ids and the mapping.',
  import: 'Its contacts are sent again.',
  server: 'It is tried again.',
  connection: 'Check the API URL and the network; it is tried again.',
};

/** A request that Brevo refused or did not answer. */
export class BrevoError extends NamedApiError<BrevoCause> {
  override name = 'BrevoError';

  constructor(kind: BrevoCause, what: string, options?: ErrorOptions) {
    super(kind, what, REMEDY, options);
  }
}
