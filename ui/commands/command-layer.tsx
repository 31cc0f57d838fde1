import { useCallback, useEffect, useMemo, useRef } from 'react';
import type { Found } from '../api/search.ts';
import { MenuAt } from '../shared/menu.tsx';
import { useStore } from '../shared/store.ts';
import { taskStore } from '../shared/task.ts';
import { commandsFor, menuFor } from './commands.ts';
import type { CommandContext } from './context.ts';
import { HelpSheet } from './help-sheet.tsx';
import { Palette } from './palette.tsx';
import { useKeys } from './use-keys.ts';

export interface MenuPlace {
  readonly x: number;
  readonly y: number;
}

interface CommandLayerProps {
  readonly context: CommandContext;
  /** Where the context menu is open. */
  readonly menu: MenuPlace | undefined;
  readonly onMenuClose: () => void;
  readonly onFound: (found: Found) => void;
}

/** Keys, the context menu, the palette and the help sheet: all from one list of commands, made when it is asked for. */
export function CommandLayer({ context, menu, onMenuClose, onFound }: CommandLayerProps) {
  const latest = useRef(context);
  useEffect(() => {
    latest.current = context;
  });
  const commands = useCallback(() => commandsFor(latest.current), []);
  useKeys(commands);
  const task = useStore(taskStore);
  // The menu lists what could be done when it was opened: figures that change meanwhile must not move its rows.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above.
  const items = useMemo(() => (menu ? menuFor(commandsFor(context), context) : []), [menu, context.selection]);
  return (
    <>
      {menu && <MenuAt key={`${menu.x} ${menu.y}`} label={context.selection.length === 0 ? 'Canvas' : 'Selection'} items={items} at={menu} onClose={onMenuClose} />}
      {task?.name === 'palette' && <Palette commands={commandsFor(context)} onFound={onFound} />}
      {task?.name === 'help' && <HelpSheet commands={commandsFor(context)} />}
    </>
  );
}
