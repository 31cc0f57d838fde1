import { createStore } from './store.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}

export type Arrangement = 'left' | 'centre' | 'right' | 'top' | 'middle' | 'bottom' | 'across' | 'down';

/** What the rest of the page may do with the canvas that is shown. Points are in the canvas's own units. */
export interface CanvasView {
  /** Brings components into view; everything where none are named. */
  show(ids?: readonly string[]): void;
  zoomIn(): void;
  zoomOut(): void;
  zoomTo(zoom: number): void;
  /** The middle of what is seen. */
  centre(): Point;
  /** Where the pointer is or last was; undefined where it never was over the canvas. */
  pointer(): Point | undefined;
  /** The point of the canvas at a point of the page. */
  at(page: Point): Point;
  /** Beside the middle between the two ends of a connection. */
  middleOf(connectionId: string): Point | undefined;
  toggleMap(): void;
  /** Lets the keyboard go on from a component. */
  focus(id: string): void;
  /** Lines components up. */
  arrange(ids: readonly string[], how: Arrangement): Promise<void>;
  /** Lays components out anew; all of them where fewer than two are named. */
  layOut(ids: readonly string[]): Promise<void>;
}

/** The canvas that is shown. */
export const canvasView = createStore<CanvasView | undefined>(undefined);
