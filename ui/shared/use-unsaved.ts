import { useEffect, useState } from 'react';
import { holdUnsaved } from './views.ts';

/** Keeps views from being closed over something that is typed and not stored. */
export function useUnsaved(dirty: boolean): void {
  const [holder] = useState({});
  useEffect(() => {
    holdUnsaved(holder, dirty);
    return () => holdUnsaved(holder, false);
  }, [holder, dirty]);
}
