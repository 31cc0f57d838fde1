import { useState } from 'react';
import { logOut, useCurrentUser } from '../api/session.ts';
import { IconButton } from '../shared/button.tsx';
import { noticeFailed } from '../shared/notices.ts';

/** Who is logged in, and the way out; nothing on a server without login. */
export function UserMenu() {
  const user = useCurrentUser();
  const [busy, setBusy] = useState(false);
  if (!user?.logoutSupported) return null;
  const leave = (): void => {
    setBusy(true);
    logOut().catch((failure: unknown) => {
      setBusy(false);
      noticeFailed('You could not be logged out', failure);
    });
  };
  return (
    <div className="user-menu">
      <span title={`Logged in as ${user.identity}`}>{user.identity}</span>
      <IconButton icon="leave" label="Log out" disabled={busy} onClick={leave} />
    </div>
  );
}
