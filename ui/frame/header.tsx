import type { ReactNode } from 'react';
import type { BreadcrumbEntity } from '../api/shapes.ts';
import { IconButton } from '../shared/button.tsx';
import { Icon } from '../shared/icon.tsx';
import { formatLocation } from '../shared/location.ts';
import { useStore } from '../shared/store.ts';
import { nextTheme, setTheme, type Theme, themeStore } from '../shared/theme.ts';
import type { IconName } from '../shared/icons.ts';
import { trail } from './breadcrumbs.ts';
import './frame.css';
import './narrow.css';

interface HeaderProps {
  readonly breadcrumb?: BreadcrumbEntity;
  readonly children?: ReactNode;
}

export function Header({ breadcrumb, children }: HeaderProps) {
  return (
    <header className="header">
      <a className="brand" href={formatLocation({ groupId: 'root' })} title="To the outermost group">
        <img src="/favicon.svg" alt="" width={24} height={24} />
        <span>Millrace</span>
      </a>
      {breadcrumb ? <Breadcrumbs breadcrumb={breadcrumb} /> : <h1 className="visually-hidden">Millrace</h1>}
      <div className="header-actions">{children}</div>
    </header>
  );
}

function Breadcrumbs({ breadcrumb }: { readonly breadcrumb: BreadcrumbEntity }) {
  const crumbs = trail(breadcrumb);
  return (
    <nav className="breadcrumbs" aria-label="Where you are">
      <ol>
        {crumbs.map(({ id, name }, index) => (
          <li key={id}>
            <Icon name="chevronRight" size={14} />
            {index === crumbs.length - 1 ? (
              <h1 aria-current="page" title={name}>
                {name}
              </h1>
            ) : (
              <a href={formatLocation({ groupId: id })} title={name}>
                {name}
              </a>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}

const THEMES: Readonly<Record<Theme, { icon: IconName; label: string }>> = {
  system: { icon: 'contrast', label: 'Colours follow the system; switch to light' },
  light: { icon: 'sun', label: 'Light colours; switch to dark' },
  dark: { icon: 'moon', label: 'Dark colours; follow the system' },
};

export function ThemeButton() {
  const theme = useStore(themeStore);
  return <IconButton {...THEMES[theme]} onClick={() => setTheme(nextTheme(theme))} />;
}
