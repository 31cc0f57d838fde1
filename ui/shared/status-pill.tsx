import { Icon } from './icon.tsx';
import { RUN_STATES, type RunState } from './run-state.ts';

export function StatusPill({ state }: { readonly state: RunState }) {
  const { title, icon } = RUN_STATES[state];
  return (
    <span className="status-pill" data-state={state}>
      <Icon name={icon} size={12} />
      {title}
    </span>
  );
}
