import { DropdownMenu as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';
import type { IconName } from './icons.ts';
import './menus.css';

/** Something that can be chosen in a menu. */
export interface Action {
  readonly label: string;
  readonly icon?: IconName;
  /** Its keys as they are shown: `Ctrl+D`. */
  readonly keys?: string;
  readonly tone?: 'danger';
  /** Why it cannot be chosen now; undefined where it can. */
  readonly obstacle?: string;
  readonly run: () => void;
}

export interface Submenu {
  readonly label: string;
  readonly icon?: IconName;
  readonly items: readonly MenuItem[];
}

/** What a menu lists; a line separates groups of things. */
export type MenuItem = Action | Submenu | 'line';

const isSubmenu = (item: Action | Submenu): item is Submenu => 'items' in item;

function Items({ items }: { readonly items: readonly MenuItem[] }) {
  return items.map((item, index) => {
    // biome-ignore lint/suspicious/noArrayIndexKey: a line has no other name than its place.
    if (item === 'line') return <Radix.Separator key={index} className="menu-line" />;
    return isSubmenu(item) ? <Below key={item.label} item={item} /> : <Row key={item.label} item={item} />;
  });
}

function Row({ item: { label, icon, keys, tone, obstacle, run } }: { readonly item: Action }) {
  return (
    <Radix.Item className="menu-item" data-tone={tone} disabled={obstacle !== undefined} title={obstacle} onSelect={run}>
      {icon ? <Icon name={icon} size={16} /> : <span className="menu-blank" />}
      <span>{label}</span>
      {keys && (
        <span className="keys" aria-hidden="true">
          {keys}
        </span>
      )}
    </Radix.Item>
  );
}

function Below({ item: { label, icon, items } }: { readonly item: Submenu }) {
  return (
    <Radix.Sub>
      <Radix.SubTrigger className="menu-item">
        {icon ? <Icon name={icon} size={16} /> : <span className="menu-blank" />}
        <span>{label}</span>
        <Icon name="chevronRight" size={14} />
      </Radix.SubTrigger>
      <Radix.Portal>
        <Radix.SubContent className="menu" sideOffset={4} alignOffset={-5} collisionPadding={8}>
          <Items items={items} />
        </Radix.SubContent>
      </Radix.Portal>
    </Radix.Sub>
  );
}

interface MenuProps {
  /** Names the menu for screen readers. */
  readonly label: string;
  readonly items: readonly MenuItem[];
  /** The button that opens it. */
  readonly children: ReactNode;
  readonly align?: 'start' | 'end';
}

/** A menu below a button. */
export function Menu({ label, items, children, align = 'start' }: MenuProps) {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className="menu" aria-label={label} align={align} sideOffset={4} collisionPadding={8}>
          <Items items={items} />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

interface MenuAtProps {
  readonly label: string;
  readonly items: readonly MenuItem[];
  /** Pixels of the page. */
  readonly at: { readonly x: number; readonly y: number };
  readonly onClose: () => void;
}

/** A context menu: open where the pointer is. One for the whole canvas costs less than one for each thing on it. Give it a new key for each place. */
export function MenuAt({ label, items, at, onClose }: MenuAtProps) {
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()} modal={false}>
      <Radix.Trigger className="menu-anchor" style={{ left: at.x, top: at.y }} aria-hidden tabIndex={-1} />
      <Radix.Portal>
        <Radix.Content className="menu" aria-label={label} align="start" sideOffset={2} collisionPadding={8} onContextMenu={(event) => event.preventDefault()}>
          <Items items={items} />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
