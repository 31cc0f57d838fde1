import { createStore } from '../shared/store.ts';

/** Whether the server lets this page in. `ended`: it did before, and does not any more. */
export type Session = 'unknown' | 'open' | 'closed' | 'ended';

export const sessionStore = createStore<Session>('unknown');

/** Counts the logins, so that a late answer to an earlier one's request is not taken for the present one's. */
let logins = 0;

export function currentLogin(): number {
  return logins;
}

/** Notes what an answer says of the session that its request was sent in: 401 closes it (RFC 9110, 15.5.2). */
export function noteAnswer(status: number, login: number): void {
  if (login !== logins) return;
  const known = sessionStore.get();
  if (status !== 401) {
    if (known === 'unknown' && status < 400) sessionStore.set('open');
  } else if (known === 'unknown') sessionStore.set('closed');
  else if (known === 'open') sessionStore.set('ended');
}

export function openSession(): void {
  logins += 1;
  sessionStore.set('open');
}

export function closeSession(): void {
  sessionStore.set('closed');
}
