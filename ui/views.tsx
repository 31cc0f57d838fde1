import { type ComponentType, lazy, Suspense } from 'react';
import { useStore } from './shared/store.ts';
import { changeView, closeView, type View, ViewChange, viewStore } from './shared/views.ts';

const Configure = lazy(async () => ({ default: (await import('./dialogs/configure.tsx')).Configure }));
const ServiceDialog = lazy(async () => ({ default: (await import('./services/service-dialog.tsx')).ServiceDialog }));
const ServicesView = lazy(async () => ({ default: (await import('./services/services-view.tsx')).ServicesView }));

const ParametersView = lazy(async () => ({ default: (await import('./parameters/parameters-view.tsx')).ParametersView }));
const PeekView = lazy(async () => ({ default: (await import('./peek/peek-view.tsx')).PeekView }));
const ProvenanceView = lazy(async () => ({ default: (await import('./provenance/provenance-view.tsx')).ProvenanceView }));
const SummaryView = lazy(async () => ({ default: (await import('./monitoring/summary-view.tsx')).SummaryView }));
const CountersView = lazy(async () => ({ default: (await import('./monitoring/counters-view.tsx')).CountersView }));
const FlowHistoryView = lazy(async () => ({ default: (await import('./monitoring/flow-history-view.tsx')).FlowHistoryView }));
const FlowAnalysisView = lazy(async () => ({ default: (await import('./monitoring/flow-analysis-view.tsx')).FlowAnalysisView }));
const DiagnosticsView = lazy(async () => ({ default: (await import('./monitoring/diagnostics-view.tsx')).DiagnosticsView }));
const SyncsView = lazy(async () => ({ default: (await import('./syncs/syncs-view.tsx')).SyncsView }));
const SyncView = lazy(async () => ({ default: (await import('./syncs/sync-view.tsx')).SyncView }));
const StatusHistoryView = lazy(async () => ({ default: (await import('./monitoring/status-history-view.tsx')).StatusHistoryView }));
const ControllerView = lazy(async () => ({ default: (await import('./controller/controller-view.tsx')).ControllerView }));
const VersionsView = lazy(async () => ({ default: (await import('./versions/versions-view.tsx')).VersionsView }));

type Show<V extends View> = ComponentType<Omit<V, 'name'> & { readonly onClose: () => void }>;

/** Who shows which view. Each room comes when it is asked for. */
const ROOMS: { readonly [N in View['name']]?: Show<Extract<View, { name: N }>> } = {
  configure: Configure,
  service: ServiceDialog,
  services: ServicesView,
  peek: PeekView,
  versions: VersionsView,
  controller: ControllerView,
  provenance: ProvenanceView,
  summary: SummaryView,
  counters: CountersView,
  syncs: SyncsView,
  sync: SyncView,
  'flow-history': FlowHistoryView,
  'flow-analysis': FlowAnalysisView,
  diagnostics: DiagnosticsView,
  'status-history': StatusHistoryView,
  'parameter-contexts': ParametersView,
};

/** What is open above the canvas, one above the other. */
export function Views() {
  const open = useStore(viewStore);
  return open.map(({ key, view }) => {
    const { name, ...props } = view;
    const Room = ROOMS[name] as Show<View> | undefined;
    return (
      Room && (
        <Suspense key={key}>
          <ViewChange value={(fields) => changeView(key, fields)}>
            <Room {...props} onClose={() => closeView(key)} />
          </ViewChange>
        </Suspense>
      )
    );
  });
}
