import { Tabs as Radix } from 'radix-ui';
import type { ReactNode } from 'react';

export interface Tab<K extends string> {
  readonly key: K;
  readonly title: string;
  readonly badge?: ReactNode;
}

interface TabsProps<K extends string> {
  readonly label: string;
  readonly tabs: readonly Tab<K>[];
  readonly current: K;
  readonly onChange: (key: K) => void;
  /** What the current tab shows. */
  readonly children: ReactNode;
}

/** Tabs as WAI-ARIA has them: arrows change the tab, Tab goes into it. */
export function Tabs<K extends string>({ label, tabs, current, onChange, children }: TabsProps<K>) {
  return (
    <Radix.Root className="tabbed" value={current} onValueChange={(key) => onChange(key as K)}>
      <Radix.List className="tabs" aria-label={label}>
        {tabs.map(({ key, title, badge }) => (
          <Radix.Trigger key={key} value={key}>
            {title}
            {badge}
          </Radix.Trigger>
        ))}
      </Radix.List>
      <Radix.Content className="tab-panel" value={current}>
        {children}
      </Radix.Content>
    </Radix.Root>
  );
}
