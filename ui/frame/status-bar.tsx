import { useAbout, useControllerStatus } from '../api/flow.ts';
import { useViolations } from '../api/flow-analysis.ts';
import { liveStore } from '../api/polling.ts';
import type { ControllerStatusDto } from '../api/shapes.ts';
import { formatBytes, formatCount, formatNumberOf, sentenceCase } from '../shared/format.ts';
import { Icon } from '../shared/icon.tsx';
import { useStore } from '../shared/store.ts';
import { openView } from '../shared/views.ts';
import { RUN_STATES, type RunState } from '../shared/run-state.ts';

const COUNTS = [
  ['running', 'runningCount'],
  ['stopped', 'stoppedCount'],
  ['invalid', 'invalidCount'],
  ['disabled', 'disabledCount'],
] as const satisfies readonly (readonly [RunState, keyof ControllerStatusDto])[];

const LINKS = {
  live: { name: 'Live', title: 'Connected: the server tells what happens as it happens' },
  polling: { name: 'Connected', title: 'The live link is away for the moment: the server is asked every second' },
  lost: { name: 'Disconnected', title: 'No connection: these figures are old' },
} as const;

interface StatusBarProps {
  /** The figures are old: nobody answers. */
  readonly isLost: boolean;
  readonly refreshed?: string;
}

/** What the whole flow is doing, as the server says it. */
export function StatusBar({ isLost, refreshed }: StatusBarProps) {
  const { data: status } = useControllerStatus();
  const { data: about } = useAbout();
  const isLive = useStore(liveStore);
  const link = isLost ? LINKS.lost : isLive ? LINKS.live : LINKS.polling;
  return (
    <section className="status-bar" data-stale={isLost || undefined} aria-label="Status of the whole flow">
      <span className="link-state" title={link.title}>
        <span className="link-dot" data-lost={isLost || undefined} />
        {link.name}
      </span>
      {status && <Figures status={status} />}
      <ViolationCount />
      <span className="status-end">
        {refreshed && <span title="When the server wrote these figures">{refreshed}</span>}
        {about && <span title={`The API is that of NiFi ${about.version}`}>{sentenceCase(about.buildTag ?? 'millrace').replace('-', ' ')}</span>}
      </span>
    </section>
  );
}

/** What flow analysis rules find wrong; nothing where they find nothing. */
function ViolationCount() {
  const { data: violations = [] } = useViolations();
  if (violations.length === 0) return null;
  return (
    <button type="button" className="link violation-count" title="What the flow analysis rules find wrong" onClick={() => openView({ name: 'flow-analysis' })}>
      <Icon name="warning" size={12} />
      {formatNumberOf(violations.length, 'violation')}
    </button>
  );
}

function Figures({ status }: { readonly status: ControllerStatusDto }) {
  const { activeThreadCount, terminatedThreadCount, flowFilesQueued, bytesQueued } = status;
  return (
    <ul>
      {COUNTS.map(([state, field]) => (
        <li key={state} data-state={state} data-none={status[field] === 0 || undefined}>
          <Icon name={RUN_STATES[state].icon} size={12} />
          <strong>{formatCount(status[field])}</strong> {RUN_STATES[state].title.toLowerCase()}
        </li>
      ))}
      <li className="apart" title="Tasks at work right now">
        <Icon name="bolt" size={12} />
        <strong>{formatCount(activeThreadCount)}</strong> active {activeThreadCount === 1 ? 'thread' : 'threads'}
        {terminatedThreadCount > 0 && ` (${formatCount(terminatedThreadCount)} terminated)`}
      </li>
      <li title="Waiting in all queues">
        <Icon name="queue" size={12} />
        <strong>{formatCount(flowFilesQueued)}</strong> queued · {formatBytes(bytesQueued)}
      </li>
    </ul>
  );
}
