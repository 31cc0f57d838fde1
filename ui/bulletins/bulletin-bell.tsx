import { useBulletins } from '../api/bulletins.ts';
import { IconButton } from '../shared/button.tsx';
import { worst } from './levels.ts';

/** Opens the bulletins, and counts them. */
export function BulletinBell({ open, onToggle }: { readonly open: boolean; readonly onToggle: () => void }) {
  const { data: bulletins = [] } = useBulletins();
  const level = worst(bulletins.map(({ bulletin }) => bulletin.level));
  const count = bulletins.length;
  return (
    <span className="bell">
      <IconButton icon="bell" label={count === 0 ? 'Bulletins: none' : `Bulletins: ${count}`} aria-pressed={open} onClick={onToggle}>
        {count > 0 && (
          <span className="badge" data-level={level}>
            {count > 99 ? '99+' : count}
          </span>
        )}
      </IconButton>
    </span>
  );
}
