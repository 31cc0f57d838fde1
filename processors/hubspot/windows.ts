import { ProcessError } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import type { ChangeWindow } from './hubspot.ts';
import { type ObjectType, OBJECT_TYPES, objectType } from './object-types.ts';

/** What is to be read travels in the attributes of a FlowFile, and how far the reading is with it: a restart goes on from there. */

export const OBJECT_TYPE = 'hubspot.object.type';
export const ARCHIVED = 'hubspot.archived';
const [FROM, TO, AFTER_ID] = ['hubspot.window.from', 'hubspot.window.to', 'hubspot.after.id'];
/** Where the next page of archived objects begins. */
export const NEXT_PAGE = 'hubspot.next.page';

export function changeAttributes({ from, to, afterId }: ChangeWindow): Record<string, string> {
  return { [FROM!]: new Date(from).toISOString(), [TO!]: new Date(to).toISOString(), [AFTER_ID!]: afterId };
}

/** The kind of objects that a FlowFile asks for. Throws ProcessError. */
export function askedType(flowFile: FlowFile): ObjectType {
  const name = flowFile.getAttribute(OBJECT_TYPE);
  const type = objectType(name);
  if (!type) throw new ProcessError(`The attribute ${OBJECT_TYPE} is '${name ?? ''}': it must be one of ${Object.keys(OBJECT_TYPES).join(', ')}.`);
  return type;
}

/** The window that a FlowFile asks for. Throws ProcessError. */
export function askedWindow(flowFile: FlowFile): ChangeWindow {
  const [from, to] = [FROM, TO].map((name) => Date.parse(flowFile.getAttribute(name!) ?? '')) as [number, number];
  const afterId = flowFile.getAttribute(AFTER_ID!) ?? '0';
  if (Number.isNaN(from) || Number.isNaN(to)) throw new ProcessError(`The attributes ${FROM} and ${TO} must be times such as 2026-01-31T08:00:00.000Z.`);
  if (!/^\d+$/.test(afterId)) throw new ProcessError(`The attribute ${AFTER_ID} must be the id of an object, not '${afterId}'.`);
  return { from, to, afterId };
}
