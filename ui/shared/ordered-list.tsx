import { type KeyboardEvent, type ReactNode, useState } from 'react';
import { IconButton } from './button.tsx';
import { Icon } from './icon.tsx';

interface OrderedListProps<T> {
  readonly label: string;
  readonly items: readonly T[];
  readonly keyOf: (item: T) => string;
  readonly nameOf: (item: T) => string;
  readonly noteOf?: (item: T) => ReactNode;
  readonly disabled?: boolean;
  readonly onChange: (items: readonly T[]) => void;
}

/** The list with one item somewhere else. */
export function moved<T>(items: readonly T[], from: number, to: number): T[] {
  const rest = items.filter((_, index) => index !== from);
  const at = Math.max(0, Math.min(rest.length, to));
  return [...rest.slice(0, at), items[from]!, ...rest.slice(at)];
}

/** A list whose order counts: drag an item, or use its buttons, or Alt with the arrows. */
export function OrderedList<T>({ label, items, keyOf, nameOf, noteOf, disabled = false, onChange }: OrderedListProps<T>) {
  const [dragged, setDragged] = useState<number>();
  const onKeyDown = (index: number) => (event: KeyboardEvent) => {
    const step = event.altKey ? ({ ArrowUp: -1, ArrowDown: 1 }[event.key] ?? 0) : 0;
    if (step === 0) return;
    event.preventDefault();
    onChange(moved(items, index, index + step));
  };
  return (
    <ol className="ordered" aria-label={label}>
      {items.map((item, index) => (
        <li
          key={keyOf(item)}
          draggable={!disabled}
          data-dragged={dragged === index || undefined}
          onDragStart={(event) => {
            event.dataTransfer.effectAllowed = 'move';
            setDragged(index);
          }}
          onDragOver={(event) => {
            event.preventDefault();
            if (dragged === undefined || dragged === index) return;
            onChange(moved(items, dragged, index));
            setDragged(index);
          }}
          onDragEnd={() => setDragged(undefined)}
          onKeyDown={onKeyDown(index)}
        >
          <Icon name="grip" size={16} />
          <span>
            {nameOf(item)}
            {noteOf && <small>{noteOf(item)}</small>}
          </span>
          <IconButton icon="up" label={`Move ${nameOf(item)} up`} disabled={disabled || index === 0} onClick={() => onChange(moved(items, index, index - 1))} />
          <IconButton icon="down" label={`Move ${nameOf(item)} down`} disabled={disabled || index === items.length - 1} onClick={() => onChange(moved(items, index, index + 1))} />
          <IconButton icon="close" label={`Remove ${nameOf(item)}`} disabled={disabled} onClick={() => onChange(items.filter((_, at) => at !== index))} />
        </li>
      ))}
    </ol>
  );
}
