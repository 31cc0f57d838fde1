import type { Component } from '../../engine/component.ts';
import { InvalidRequestError } from '../../engine/errors.ts';
import { type Call, timesOf } from '../call.ts';
import { bulletinsOf } from '../dto/common.ts';
import type { Routes } from '../routes.ts';
import { clearBulletins } from '../schemas.ts';

/** The moment in `fromTimestamp`. Throws InvalidRequestError. */
export function clearUntil(call: Call, text: string): number {
  const until = timesOf(call.services).parse(text);
  if (until === undefined) throw new InvalidRequestError(`fromTimestamp must be a time such as 2026-11-23T14:00:00.000Z, not '${text}'.`);
  return until;
}

/** POST .../{id}/bulletins/clear-requests */
export function addBulletinRoutes(routes: Routes, find: (id: string) => Component, under = ''): void {
  routes.post(`${under}/:id/bulletins/clear-requests`, (call) => {
    const { fromTimestamp } = call.body(clearBulletins);
    const { id } = find(call.id);
    const bulletinsCleared = call.services.flow.bulletins.clear(id, clearUntil(call, fromTimestamp));
    return { componentId: id, bulletinsCleared, bulletins: bulletinsOf(id, call.view) };
  });
}
