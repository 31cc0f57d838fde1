import { conflictStore } from '../api/stale.ts';
import { Button } from '../shared/button.tsx';
import { Dialog } from '../shared/dialog.tsx';
import { valueAt } from '../shared/patch.ts';
import { useStore } from '../shared/store.ts';

const show = (value: unknown): string => {
  if (value === null || value === undefined || value === '') return 'nothing';
  return typeof value === 'string' ? value : JSON.stringify(value);
};

/** Asks whose version counts where somebody else has changed the same fields meanwhile. */
export function ConflictDialog() {
  const conflict = useStore(conflictStore);
  if (!conflict) return null;
  const { label, who, contested, base, theirs, mine, decide } = conflict;
  return (
    <Dialog
      title="Somebody else was faster"
      subtitle={label}
      size="large"
      onClose={() => decide(undefined)}
      actions={
        <>
          <Button onClick={() => decide(undefined)}>Keep theirs</Button>
          <Button tone="primary" onClick={() => decide(mine)} autoFocus>
            Use mine
          </Button>
        </>
      }
    >
      <p>
        While you were editing, {who && who !== 'anonymous' ? <strong>{who}</strong> : 'somebody else'} changed the same. Whatever else they changed stays in any case; these can
        only be one or the other:
      </p>
      <table className="conflict">
        <thead>
          <tr>
            <th>Field</th>
            <th>When you began</th>
            <th>Theirs, stored now</th>
            <th>Yours</th>
          </tr>
        </thead>
        <tbody>
          {contested.map((path) => (
            <tr key={path}>
              <th scope="row">{path}</th>
              {[base, theirs, mine].map((version, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: three columns that never change their order.
                <td key={index}>{show(valueAt(version, path))}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Dialog>
  );
}
