import { type SyncAct, type SyncSummaryView, useSyncAct } from '../api/syncs.ts';
import { Button } from '../shared/button.tsx';
import type { IconName } from '../shared/icons.ts';
import { noticeDone, noticeFailed } from '../shared/notices.ts';

type Offer = readonly [act: SyncAct, title: string, icon: IconName, done: string];

/** What can be done with a sync as it is. A draft is switched on after its test, which is no matter of one click. */
function offersFor({ status, permissions }: SyncSummaryView): readonly Offer[] {
  if (!permissions.canOperate) return [];
  const run: Offer = ['run', 'Sync now', 'once', 'is reading now. Its schedule stays as it is.'];
  if (status === 'ENABLED') return [run, ['pause', 'Pause', 'stop', 'is paused. What was read still goes on to the destination.']];
  if (status === 'PAUSED') return [run, ['resume', 'Resume', 'play', 'goes on as scheduled.']];
  if (status === 'UNABLE_TO_CONNECT') return [['retry', 'Retry', 'refresh', 'tries to connect again.']];
  return [];
}

export function SyncActs({ sync }: { readonly sync: SyncSummaryView }) {
  const { mutate, isPending, variables } = useSyncAct(sync.id);
  return offersFor(sync).map(([act, title, icon, done]) => (
    <Button
      key={act}
      size="small"
      icon={icon}
      busy={isPending && variables === act}
      disabled={isPending}
      aria-label={`${title}: ${sync.name}`}
      onClick={() => mutate(act, { onSuccess: () => noticeDone(`${sync.name} ${done}`), onError: (error) => noticeFailed(`${title} did not work for ${sync.name}.`, error) })}
    >
      {title}
    </Button>
  ));
}
