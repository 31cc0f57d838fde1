import { Icon } from './icon.tsx';
import './steps.css';

interface Step {
  readonly title: string;
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
  readonly note?: string;
}

const WORDS = { waiting: 'Waiting', running: 'At work', done: 'Done', failed: 'Failed' } as const;

/** How far a longer work is. */
export function Steps({ steps }: { readonly steps: readonly Step[] }) {
  return (
    <ol className="steps" aria-live="polite">
      {steps.map(({ title, state, note }) => (
        <li key={title} data-step={state}>
          {state === 'running' ? <span className="spinner" aria-hidden="true" /> : <Icon name={state === 'done' ? 'check' : state === 'failed' ? 'error' : 'clock'} />}
          <span>
            {title}
            {note && <small>{note}</small>}
          </span>
          <span className="visually-hidden">{WORDS[state]}</span>
        </li>
      ))}
    </ol>
  );
}
