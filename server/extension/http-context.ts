import { serviceContract } from './service.ts';

/** A request from outside that waits for its answer. */
export interface WaitingRequest {
  /** Such as `http://10.0.0.1:8080/path`, for provenance. */
  readonly url: string;
  /** Sends the answer; throws an Error where the client has gone. */
  respond(status: number, headers: Readonly<Record<string, string>>, body: AsyncIterable<Uint8Array> | Uint8Array): Promise<void>;
}

/** Requests that wait, by their id: what HandleHttpRequest puts in, HandleHttpResponse takes out (NiFi's HttpContextMap). */
export interface HttpContextMap {
  /** Returns whether there was room for it. A request that nobody takes in time is answered with 503. */
  register(id: string, request: WaitingRequest): boolean;
  take(id: string): WaitingRequest | undefined;
}

export const HTTP_CONTEXT_MAP = serviceContract<HttpContextMap>('org.apache.nifi.http.HttpContextMap');
