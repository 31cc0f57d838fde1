import { useEffect } from 'react';
import { goToHash, here, navigate, onLocation } from './shared/location.ts';
import { noticeFailed } from './shared/notices.ts';
import { formatOpen, parseOpen } from './shared/open-query.ts';
import { hasUnsaved, setViews, type View, viewStore } from './shared/views.ts';

const sameViews = (a: readonly View[], b: readonly View[]): boolean => formatOpen({ views: a }) === formatOpen({ views: b });
const sameRooms = (a: readonly View[], b: readonly View[]): boolean => a.length === b.length && a.every(({ name }, index) => name === b[index]!.name);
const openViews = (): View[] => viewStore.get().map(({ view }) => view);

/** Keeps what is open and the URL the same, so that each view has a link and the browser's Back closes it. */
export function useViewLinks(): void {
  useEffect(() => {
    let last = window.location.hash;
    /** Opening and closing are steps of the browser's history; a tab or a search within a view is none. */
    const write = (): void => {
      const location = here();
      const { views: linked, ...rest } = parseOpen(location.query ?? '');
      const views = openViews();
      if (!sameViews(linked, views)) navigate({ ...location, query: formatOpen({ ...rest, views }) }, { replace: sameRooms(linked, views) });
    };
    const read = (): void => {
      const { views } = parseOpen(here().query ?? '');
      if (!sameViews(views, openViews())) {
        if (hasUnsaved()) {
          noticeFailed('You have changes that are not stored.', 'Apply or discard them first: going there closes what is open.');
          return goToHash(last);
        }
        setViews(views);
      }
      last = window.location.hash;
    };
    read();
    const [forgetStore, forgetLocation] = [viewStore.subscribe(write), onLocation(read)];
    return () => {
      forgetStore();
      forgetLocation();
    };
  }, []);
}
