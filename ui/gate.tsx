import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { sessionStore } from './api/session-state.ts';
import { App } from './app.tsx';
import { LoginPage } from './login/login-page.tsx';
import { useStore } from './shared/store.ts';

/** Shows the canvas to who may enter, and the door to the others. */
export function Gate() {
  const session = useStore(sessionStore);
  const client = useQueryClient();
  const isOut = session === 'closed' || session === 'ended';
  useEffect(() => {
    // What one user was shown is not for the next.
    if (isOut) client.clear();
  }, [client, isOut]);
  return isOut ? <LoginPage session={session} /> : <App />;
}
