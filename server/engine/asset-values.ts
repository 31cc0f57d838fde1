import type { AssetStore } from './assets.ts';
import type { ParameterEdit } from './parameter-context.ts';

/** A parameter that refers to assets has their paths as its value. */
export function withAssetValues(assets: AssetStore, contextId: string, edits: readonly ParameterEdit[] | undefined): readonly ParameterEdit[] | undefined {
  return edits?.map((edit) => {
    if (!edit.assets?.length) return edit;
    return { ...edit, value: edit.assets.map(({ id }) => assets.find(contextId, id).path).join(',') };
  });
}
