import { Dialog } from '../shared/dialog.tsx';
import { Tabs } from '../shared/tabs.tsx';
import { useViewChange } from '../shared/views.ts';
import { ConnectorGallery } from './connector-gallery.tsx';
import { SyncList } from './sync-list.tsx';
import './syncs.css';

const TABS = [
  { key: 'list', title: 'Syncs' },
  { key: 'gallery', title: 'Connectors' },
] as const;

/** Syncs: process groups made from connectors, seen as products. */
export function SyncsView({ tab: wanted, onClose }: { readonly tab?: string; readonly onClose: () => void }) {
  const change = useViewChange();
  const tab = TABS.find(({ key }) => key === wanted)?.key ?? 'list';
  return (
    <Dialog title="Syncs" subtitle="Flows made from connectors: how they are, and what they did" size="huge" onClose={onClose}>
      <div className="syncs">
        <Tabs label="Syncs" tabs={TABS} current={tab} onChange={(key) => change({ tab: key })}>
          {tab === 'list' ? <SyncList onGallery={() => change({ tab: 'gallery' })} /> : <ConnectorGallery />}
        </Tabs>
      </div>
    </Dialog>
  );
}
