import type { ServerHealth } from '../api/query-client.ts';
import { Button } from '../shared/button.tsx';
import { Icon } from '../shared/icon.tsx';

/** Shown while nobody answers; goes away by itself. */
export function ServerBanner({ retryNow }: Pick<ServerHealth, 'retryNow'>) {
  return (
    <div className="banner" role="alert">
      <Icon name="plug" />
      <span>
        <strong>The server cannot be reached.</strong> What you see is the last that it said. This page keeps trying and goes on as soon as it answers.
      </span>
      <Button size="small" icon="refresh" onClick={retryNow}>
        Try now
      </Button>
    </div>
  );
}
