import { useReactFlow } from '@xyflow/react';
import { type RefObject, useEffect } from 'react';
import { addTaskOf, DRAG_TYPE } from '../shared/toolbar-drag.ts';
import { beginTask } from '../shared/task.ts';
import type { CanvasActions } from './actions.ts';

interface DropZoneProps {
  readonly container: RefObject<HTMLElement | null>;
  readonly onFiles: CanvasActions['dropFiles'];
}

/** Takes what is dragged here from the toolbar, and files from outside. */
export function DropZone({ container, onFiles }: DropZoneProps) {
  const { screenToFlowPosition } = useReactFlow();
  useEffect(() => {
    const element = container.current;
    if (!element) return;
    const isOurs = ({ dataTransfer }: DragEvent): boolean => dataTransfer !== null && (dataTransfer.types.includes(DRAG_TYPE) || dataTransfer.types.includes('Files'));
    const over = (event: DragEvent): void => {
      if (!isOurs(event)) return;
      event.preventDefault();
      event.dataTransfer!.dropEffect = 'copy';
      element.toggleAttribute('data-drop', true);
    };
    const leave = (): void => void element.toggleAttribute('data-drop', false);
    const drop = (event: DragEvent): void => {
      leave();
      if (!isOurs(event)) return;
      event.preventDefault();
      const at = screenToFlowPosition({ x: event.clientX, y: event.clientY });
      const task = addTaskOf(event.dataTransfer!.getData(DRAG_TYPE), at);
      if (task) beginTask(task);
      else if (event.dataTransfer!.files.length > 0) onFiles([...event.dataTransfer!.files], at);
    };
    const listeners = [
      ['dragover', over],
      ['dragleave', leave],
      ['drop', drop],
    ] as const;
    for (const [type, listener] of listeners) element.addEventListener(type, listener as EventListener);
    return () => {
      for (const [type, listener] of listeners) element.removeEventListener(type, listener as EventListener);
    };
  }, [container, screenToFlowPosition, onFiles]);
  return null;
}
