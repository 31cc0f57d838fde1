import type { Task } from './task.ts';

/** What is dragged from the toolbar to the canvas travels under this name. */
export const DRAG_TYPE = 'application/x-millrace-component';

export const ADDABLE = ['processor', 'input-port', 'output-port', 'group', 'funnel', 'label', 'connector'] as const;
export type Addable = (typeof ADDABLE)[number];

interface Point {
  readonly x: number;
  readonly y: number;
}

/** The task that makes a component of a kind at a place; undefined for anything else. */
export function addTaskOf(kind: string, at: Point): Task | undefined {
  switch (kind as Addable) {
    case 'processor':
      return { name: 'add-processor', at };
    case 'input-port':
    case 'output-port':
    case 'group':
      return { name: 'add-named', kind: kind as 'group', at };
    case 'connector':
      return { name: 'add-connector', at };
    case 'funnel':
    case 'label':
      return { name: 'add-plain', kind: kind as 'funnel' | 'label', at };
    default:
      return undefined;
  }
}
