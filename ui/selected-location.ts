import { useEffect } from 'react';
import { navigate } from './shared/location.ts';
import { NOTHING, selectionStore } from './shared/selection.ts';

/** Keeps the selection and the component in the URL the same, so that a link leads to what is selected. */
export function useSelectedLocation(groupId: string, componentId: string | undefined): void {
  useEffect(() => {
    const unsubscribe = selectionStore.subscribe(() => {
      const selection = selectionStore.get();
      navigate({ groupId, componentId: selection.length === 1 ? selection[0] : undefined }, { replace: true });
    });
    return () => {
      unsubscribe();
      // What was selected is not on the next canvas.
      selectionStore.set(NOTHING);
    };
  }, [groupId]);
  // Runs after the other effect, so that a link into another group selects there.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each group begins with the selection that its link names.
  useEffect(() => {
    const selection = selectionStore.get();
    if (componentId !== undefined && (selection.length !== 1 || selection[0] !== componentId)) selectionStore.set([componentId]);
    // Several have no link: a link without a component does not mean them.
    if (componentId === undefined && selection.length === 1) selectionStore.set(NOTHING);
  }, [groupId, componentId]);
}
