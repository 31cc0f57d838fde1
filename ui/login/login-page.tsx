import { type FormEvent, useEffect, useRef, useState } from 'react';
import { logIn } from '../api/session.ts';
import type { Session } from '../api/session-state.ts';
import { Button } from '../shared/button.tsx';
import { Icon } from '../shared/icon.tsx';
import { refusalOf, type Refusal } from './refusal.ts';
import './login.css';

interface LoginPageProps {
  readonly session: Session;
}

/** Stands in place of everything else until the server lets somebody in. The URL stays, so that they come to where they were. */
export function LoginPage({ session }: LoginPageProps) {
  useEffect(() => {
    document.title = 'Log in · Millrace';
  }, []);
  return (
    <main className="login">
      <section className="login-card" aria-labelledby="login-title">
        <img src="/favicon.svg" alt="" width={48} height={48} />
        <h1 id="login-title">Log in to Millrace</h1>
        <p className="login-lead">{session === 'ended' ? 'Your session has ended. Log in again to go on where you were.' : 'See and operate the flows of this server.'}</p>
        <LoginForm />
      </section>
      <Stream />
    </main>
  );
}

function LoginForm() {
  const { refusal, busy, submit } = useLogin();
  const remaining = useCountdown(refusal);
  return (
    <form className="login-form" onSubmit={submit}>
      <label>
        <span>User</span>
        {/* biome-ignore lint/a11y/noAutofocus: the page has no other purpose than this form. */}
        <input name="username" autoComplete="username" autoCapitalize="none" spellCheck={false} required autoFocus />
      </label>
      <label>
        <span>Password</span>
        <input
          name="password"
          type="password"
          autoComplete="current-password"
          required
          aria-describedby={refusal && 'login-refusal'}
          aria-invalid={refusal?.isCredentials || undefined}
        />
      </label>
      {refusal && (
        <p className="login-refusal" id="login-refusal" role="alert">
          <Icon name={refusal.retryAfter === undefined ? 'warning' : 'clock'} size={16} />
          <span>{remaining > 0 ? `Too many tries. The next one is possible in ${remaining} s.` : refusal.message}</span>
        </p>
      )}
      <Button type="submit" tone="primary" busy={busy} disabled={remaining > 0}>
        Log in
      </Button>
    </form>
  );
}

function useLogin() {
  const [refusal, setRefusal] = useState<Refusal>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = new FormData(form);
    setBusy(true);
    try {
      await logIn(String(fields.get('username')), String(fields.get('password')));
    } catch (failure) {
      setRefusal(refusalOf(failure));
      const password = form.elements.namedItem('password') as HTMLInputElement;
      password.value = '';
      password.focus();
      setBusy(false);
    }
  };
  return { refusal, busy, submit: (event: FormEvent<HTMLFormElement>) => void submit(event) };
}

/** Seconds until the next try; 0 where it need not wait. */
function useCountdown(refusal: Refusal | undefined): number {
  const [remaining, setRemaining] = useState(0);
  const end = useRef(0);
  useEffect(() => {
    end.current = performance.now() + (refusal?.retryAfter ?? 0) * 1000;
    const update = (): void => setRemaining(Math.max(0, Math.ceil((end.current - performance.now()) / 1000)));
    update();
    const timer = setInterval(update, 250);
    return () => clearInterval(timer);
  }, [refusal]);
  return remaining;
}

/** The water of the mark, going by. */
function Stream() {
  return (
    <svg className="login-stream" viewBox="0 0 1200 240" preserveAspectRatio="none" aria-hidden="true">
      <path d="M0 60c150-56 300-56 450 0s300 56 450 0 300-56 450 0" />
      <path d="M0 125c150-56 300-56 450 0s300 56 450 0 300-56 450 0" />
      <path d="M0 190c150-56 300-56 450 0s300 56 450 0 300-56 450 0" />
    </svg>
  );
}
