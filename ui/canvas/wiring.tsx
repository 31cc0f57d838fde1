import { type InternalNode, useReactFlow, useStore as useFlowStore, ViewportPortal } from '@xyflow/react';
import { type PointerEvent as ReactPointerEvent, useCallback, useEffect, useRef, useState } from 'react';
import type { PositionDto } from '../api/shapes.ts';
import { createStore, useStore } from '../shared/store.ts';
import { beginTask } from '../shared/task.ts';
import { borderPoint, type Rectangle } from './geometry.ts';
import { canLead, canReceive } from './rules.ts';
import type { CanvasNode } from './view-model.ts';
import './wiring.css';

/** The component under the pointer. Dots to pull connections from are drawn for that one only: on all of them they would be 2,000 elements. */
export const hoverStore = createStore<string | undefined>(undefined);

interface Pull {
  readonly from: string;
  readonly to: PositionDto;
  readonly target?: string;
}

/** Pulled less than this, in pixels of the page, it was a click. */
const LEAST = 6;
const SIDES = ['top', 'right', 'bottom', 'left'] as const;

export function rectangleOf({ internals, measured, width, height }: InternalNode<CanvasNode>): Rectangle {
  return { ...internals.positionAbsolute, width: measured.width ?? width ?? 0, height: measured.height ?? height ?? 0 };
}

function dotAt({ x, y, width, height }: Rectangle, side: (typeof SIDES)[number]): PositionDto {
  if (side === 'left' || side === 'right') return { x: side === 'left' ? x : x + width, y: y + height / 2 };
  return { x: x + width / 2, y: side === 'top' ? y : y + height };
}

/** Lets connections be drawn by pulling from one component to another, or to where a new one is to be. */
export function Wiring() {
  const hovered = useStore(hoverStore);
  const { pull, begin } = usePull();
  const source = useNode(pull?.from ?? hovered);
  const target = useNode(pull?.target);
  if (!source || !canLead(source) || (!pull && source.dragging)) return null;
  const from = rectangleOf(source);
  return (
    <ViewportPortal>
      {pull && <Line from={from} to={pull.to} ok={target !== undefined && canReceive(target)} bad={target !== undefined && !canReceive(target)} />}
      {pull && target && <Ring around={rectangleOf(target)} ok={canReceive(target)} round={target.type === 'funnel'} />}
      {!pull &&
        SIDES.map((side) => {
          const { x, y } = dotAt(from, side);
          return (
            <div
              key={side}
              className="wire-dot nodrag nopan"
              data-side={side}
              style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
              title="Pull to another component to connect them"
              onPointerDown={(event) => begin(event, source.id)}
              onPointerEnter={() => hoverStore.set(source.id)}
            />
          );
        })}
    </ViewportPortal>
  );
}

function useNode(id: string | undefined): InternalNode<CanvasNode> | undefined {
  return useFlowStore((state) => (id === undefined ? undefined : (state.nodeLookup.get(id) as InternalNode<CanvasNode> | undefined)));
}

function nodeUnder({ clientX, clientY }: PointerEvent): string | undefined {
  const element = document.elementsFromPoint(clientX, clientY).find((each) => each.closest('.react-flow__node'));
  return element?.closest<HTMLElement>('.react-flow__node')?.dataset.id;
}

function usePull() {
  const { screenToFlowPosition } = useReactFlow();
  const [pull, setPull] = useState<Pull>();
  const stop = useRef<() => void>(undefined);
  useEffect(() => () => stop.current?.(), []);
  const begin = useCallback(
    (event: ReactPointerEvent, from: string) => {
      if (event.button !== 0) return;
      event.preventDefault();
      event.stopPropagation();
      const start = { x: event.clientX, y: event.clientY };
      let left = false;
      const seen = (now: PointerEvent): Pull => {
        const under = nodeUnder(now);
        left ||= under !== from;
        // Back to where it came from: a loop, once the pointer has been outside.
        return { from, to: screenToFlowPosition({ x: now.clientX, y: now.clientY }), target: under === from && !left ? undefined : under };
      };
      const end = (): void => {
        stop.current?.();
        setPull(undefined);
      };
      const move = (now: PointerEvent): void => setPull(seen(now));
      const drop = (now: PointerEvent): void => {
        const { to, target } = seen(now);
        end();
        if (Math.hypot(now.clientX - start.x, now.clientY - start.y) < LEAST) beginTask({ name: 'connect', from });
        else if (target !== undefined) connectTo(from, target);
        else if (isCanvas(now)) beginTask({ name: 'add-processor', at: to, from });
      };
      const cancel = (key: KeyboardEvent): void => {
        if (key.key === 'Escape') end();
      };
      window.addEventListener('pointermove', move);
      window.addEventListener('pointerup', drop);
      window.addEventListener('keydown', cancel, true);
      stop.current = () => {
        window.removeEventListener('pointermove', move);
        window.removeEventListener('pointerup', drop);
        window.removeEventListener('keydown', cancel, true);
      };
    },
    [screenToFlowPosition],
  );
  return { pull, begin };
}

function connectTo(from: string, to: string): void {
  const element = document.querySelector(`.react-flow__node[data-id="${CSS.escape(to)}"]`);
  if (element?.classList.contains('react-flow__node-label') || element?.classList.contains('react-flow__node-input-port')) return;
  beginTask({ name: 'connect', from, to });
}

const isCanvas = ({ clientX, clientY }: PointerEvent): boolean => document.elementFromPoint(clientX, clientY)?.closest('.react-flow') !== null;

interface LineProps {
  readonly from: Rectangle;
  readonly to: PositionDto;
  readonly ok: boolean;
  readonly bad: boolean;
}

function Line({ from, to, ok, bad }: LineProps) {
  const inside = to.x > from.x && to.x < from.x + from.width && to.y > from.y && to.y < from.y + from.height;
  const start = inside ? { x: from.x + from.width / 2, y: from.y + from.height / 2 } : borderPoint(from, to);
  return (
    <svg className="wire-line" data-ok={ok || undefined} data-bad={bad || undefined} aria-hidden="true">
      <line x1={start.x} y1={start.y} x2={to.x} y2={to.y} />
      <circle cx={to.x} cy={to.y} r={5} />
    </svg>
  );
}

function Ring({ around: { x, y, width, height }, ok, round }: { readonly around: Rectangle; readonly ok: boolean; readonly round: boolean }) {
  return (
    <div
      className="wire-ring"
      data-bad={!ok || undefined}
      data-round={round || undefined}
      style={{ transform: `translate(${x - 4}px, ${y - 4}px)`, width: width + 8, height: height + 8 }}
    />
  );
}
