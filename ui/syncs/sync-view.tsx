import { type SyncView as SyncDto, useSync } from '../api/syncs.ts';
import { Button } from '../shared/button.tsx';
import { Dialog } from '../shared/dialog.tsx';
import { Icon } from '../shared/icon.tsx';
import { Failure, Loading } from '../shared/message.tsx';
import { showOnCanvas } from '../shared/views.ts';
import { SyncPill } from './pills.tsx';
import { Runs } from './runs.tsx';
import { SyncActs } from './sync-acts.tsx';
import { Route } from './system-mark.tsx';
import './syncs.css';

/** One sync: how it is, when it runs, and every run. */
export function SyncView({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const { data: sync, error, refetch } = useSync(id);
  return (
    <Dialog title={sync?.name ?? 'Sync'} subtitle={sync?.connectorTitle} size="huge" onClose={onClose}>
      <div className="syncs">
        {sync ? (
          <>
            <Head sync={sync} />
            <Runs id={id} />
          </>
        ) : error ? (
          <Failure title="The sync could not be read" error={error} onRetry={() => void refetch()} />
        ) : (
          <Loading>Reading the sync</Loading>
        )}
      </div>
    </Dialog>
  );
}

function Head({ sync }: { readonly sync: SyncDto }) {
  const { schedule, timeZone, problem, groupId } = sync;
  return (
    <section className="sync-head" aria-label="How it is">
      <div className="sync-line">
        <SyncPill status={sync.status} />
        <Route source={sync.source} destination={sync.destination} />
        <span className="sync-acts">
          <SyncActs sync={sync} />
          <Button size="small" icon="group" onClick={() => showOnCanvas({ groupId })}>
            Show on the canvas
          </Button>
        </span>
      </div>
      {problem && (
        <p className="sync-problem" role="status">
          <Icon name="warning" size={16} />
          <span>
            <strong>{problem.summary}</strong> {problem.whatToDo}
          </span>
        </p>
      )}
      {sync.status === 'DRAFT' && <DraftSteps sync={sync} />}
      {schedule && (
        <p className="sync-schedule">
          {schedule.words}, time zone {timeZone}.{schedule.nextRuns.length > 0 && ` Next: ${schedule.nextRuns.map((moment) => inZone(moment, timeZone)).join(' · ')}`}
        </p>
      )}
    </section>
  );
}

const inZone = (moment: string, timeZone: string): string => new Date(moment).toLocaleString(undefined, { timeZone, dateStyle: 'medium', timeStyle: 'short' });

/** What a draft still lacks. */
function DraftSteps({ sync: { steps } }: { readonly sync: SyncDto }) {
  return (
    <ol className="draft-steps" aria-label="Steps of the draft">
      {steps.map(({ id, complete, problems }) => (
        <li key={id} data-complete={complete || undefined}>
          <Icon name={complete ? 'check' : 'clock'} size={14} />
          <span className="draft-step">{id}</span>
          <span>{complete ? 'complete' : problems.join(' ')}</span>
        </li>
      ))}
    </ol>
  );
}
