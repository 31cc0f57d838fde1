import { type RefObject, useEffect, useRef } from 'react';

/** What was drawn last, for functions that stay the same from drawing to drawing. */
export function useLatest<T>(value: T): RefObject<T> {
  const latest = useRef(value);
  useEffect(() => {
    latest.current = value;
  });
  return latest;
}
