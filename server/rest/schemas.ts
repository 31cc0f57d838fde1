import type { BodyCheck, Schema } from './validation.ts';
import { anything, bodyCheck, choice, flag, list, mapOf, numeral, object, optional, text, textMap, texts, whole } from './validation.ts';
import type { RevisionBody } from './call.ts';
import type { PositionDto } from './dto/common.ts';

/** Bodies that several routers take. Fields may be null: NiFi's clients send null for what they do not know. */

export const revision = optional({ version: whole, clientId: text });
export const position = optional({ x: { type: 'number' }, y: { type: 'number' } }, ['x', 'y']);

/** The entity of a component: its revision and what is said of it. */
export function entity<C>(component: Record<string, Schema>): BodyCheck<{ revision?: RevisionBody; component: C }> {
  return bodyCheck(object({ revision, component: object({ id: text, name: text, comments: text, position, ...component }) }, ['component']));
}

/** What the bodies of all components may say. */
export interface ComponentBody {
  id?: string | null;
  name?: string | null;
  comments?: string | null;
  position?: PositionDto | null;
}

export interface ReferenceBody {
  id?: string | null;
  component?: { id?: string | null } | null;
}
export const reference = optional({ id: text, component: optional({ id: text }) });

/** Turns null, which means "not said", into undefined. */
export function said<T>(value: T | null | undefined): T | undefined {
  return value ?? undefined;
}

type NotNull<T> = { [K in keyof T]: Exclude<T[K], null> };

/** A body without what is null. */
export function withoutNulls<T extends object>(body: T): NotNull<T> {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null)) as NotNull<T>;
}

export const runStatus = <S extends string>(...states: S[]): BodyCheck<{ revision?: RevisionBody; state: S }> =>
  bodyCheck(object({ revision, state: { enum: states } }, ['state']));

export const clearBulletins: BodyCheck<{ fromTimestamp: string; components?: string[] | null }> = bodyCheck(
  object({ fromTimestamp: { type: 'string' }, components: texts }, ['fromTimestamp']),
);

export const verification: BodyCheck<{ request: { properties?: Record<string, string | null> | null; attributes?: Record<string, string> | null } }> = bodyCheck(
  object({ request: object({ componentId: text, properties: textMap, attributes: textMap }) }, ['request']),
);

export const analysis: BodyCheck<{ configurationAnalysis: { properties?: Record<string, string | null> | null } }> = bodyCheck(
  object({ configurationAnalysis: object({ componentId: text, properties: textMap }) }, ['configurationAnalysis']),
);

export { anything, bodyCheck, choice, flag, list, mapOf, numeral, object, optional, text, textMap, texts, whole };
