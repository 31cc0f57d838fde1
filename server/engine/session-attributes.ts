import { Attributes } from './attributes.ts';
import type { FlowFileRecord } from './flowfile-record.ts';

/** A value that is no text would break the journal for everybody: it is refused where it comes from. */
export function checkText(value: unknown, what: string): void {
  if (typeof value !== 'string') throw new TypeError(`The ${what} must be a text, not ${value === null ? 'null' : typeof value}`);
}

/** Attributes that a processor sets, each of them a text; without one that it may not set. */
export function checkedTexts(attributes: Readonly<Record<string, string>>, but: string): Readonly<Record<string, string>> {
  for (const name in attributes) if (typeof attributes[name] !== 'string') checkText(attributes[name], `attribute ${name}`);
  if (!(but in attributes)) return attributes;
  const { [but]: _, ...others } = attributes;
  return others;
}

/** What children inherit: the attributes that all parents share. A filename that follows from the parent's UUID becomes explicit. */
export function inherited(parents: readonly FlowFileRecord[]): Attributes {
  const [first, ...others] = parents.map(({ current }) => current);
  const own = first!.own;
  if (others.length === 0) return own.get('filename') === undefined ? own.with('filename', first!.uuid) : own;
  return Attributes.of([...own.entries].filter(([name, value]) => others.every((other) => other.own.get(name) === value)));
}
