import type { AssetStore } from './assets.ts';
import type { AssetReference } from './parameter-context.ts';
import type { ParameterEdit } from './parameter-context.ts';

/** A parameter that refers to assets has their paths as its value. */
export function withAssetValues(assets: AssetStore, contextId: string, edits: readonly ParameterEdit[] | undefined): readonly ParameterEdit[] | undefined {
  return edits?.map((edit) => {
    if (!edit.assets?.length) return edit;
    return { ...edit, value: edit.assets.map((asset) => pathOf(assets, contextId, asset)).join(',') };
  });
}

/** The file may be missing, as after an import: it is known by its name all the same. */
function pathOf(assets: AssetStore, contextId: string, { id, name }: AssetReference): string {
  const known = name ? assets.describe(contextId, name) : undefined;
  return known?.id === id ? known.path : assets.find(contextId, id).path;
}
