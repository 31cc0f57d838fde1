import { useQuery } from '@tanstack/react-query';
import { ApiError, request, send } from './client.ts';
import { closeSession, openSession } from './session-state.ts';
import type { CurrentUserDto } from './shapes.ts';

/** The cookies are the session: nothing of it is kept within scripts' reach. Throws ApiError: 400 for a wrong password, 429 for too many tries. */
export async function logIn(username: string, password: string): Promise<void> {
  await send('/nifi-api/access/token', { method: 'POST', form: { username, password } });
  openSession();
}

/** Ends the session on the server; one that had ended already is as good. */
export async function logOut(): Promise<void> {
  try {
    await send('/nifi-api/access/logout', { method: 'DELETE' });
  } catch (failure) {
    if (!(failure instanceof ApiError) || failure.status !== 401) throw failure;
  }
  closeSession();
}

/** Who is logged in, and what they may do. */
export function useCurrentUser(): CurrentUserDto | undefined {
  const { data } = useQuery({
    queryKey: ['current-user'],
    queryFn: ({ signal }) => request<CurrentUserDto>('/nifi-api/flow/current-user', { signal }),
    staleTime: 60_000,
  });
  return data;
}
