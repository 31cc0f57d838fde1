import type { BreadcrumbEntity } from '../api/shapes.ts';

export interface Crumb {
  readonly id: string;
  readonly name: string;
}

/** From the outermost group to the one that is shown. */
export function trail({ id, breadcrumb, parentBreadcrumb }: BreadcrumbEntity): Crumb[] {
  return [...(parentBreadcrumb ? trail(parentBreadcrumb) : []), { id, name: breadcrumb?.name ?? id }];
}
