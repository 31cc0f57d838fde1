import { IconButton } from '../shared/button.tsx';
import { showKeys } from '../shared/command.ts';
import { Icon } from '../shared/icon.tsx';
import { beginTask } from '../shared/task.ts';

/** Opens the palette; beside it the sheet of keys. Where there is no room for its words, its title names it. */
export function SearchButton() {
  return (
    <div className="search">
      <button type="button" className="search-button" title="Search or do …" aria-keyshortcuts="Control+K" onClick={() => beginTask({ name: 'palette' })}>
        <Icon name="search" size={14} />
        <span>Search or do …</span>
        <span className="keys" aria-hidden="true">
          {showKeys('Mod+K')}
        </span>
      </button>
      <IconButton icon="keyboard" label="Keyboard shortcuts (?)" onClick={() => beginTask({ name: 'help' })} />
    </div>
  );
}
