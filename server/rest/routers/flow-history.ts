import { InvalidRequestError, NotFoundError } from '../../engine/errors.ts';
import type { Call } from '../call.ts';
import { actionEntity } from '../dto/history.ts';
import type { FlowHistory } from '../flow-history.ts';
import type { Routes } from '../routes.ts';

/** A moment in the query, as NiFi writes it. Throws InvalidRequestError. */
export function moment(call: Call, name: string): number | undefined {
  const text = call.query(name);
  if (text === undefined || text === '') return undefined;
  const time = call.view.times.parse(text);
  if (time === undefined) throw new InvalidRequestError(`The query parameter ${name} must be a time such as 11/23/2026 14:00:00, not '${text}'.`);
  return time;
}

/** /flow/history */
export function addFlowHistoryRoutes(routes: Routes, history: FlowHistory): void {
  routes.get('/history', (call) => {
    const [offset, count] = [call.number('offset'), call.number('count')];
    if (offset === undefined || count === undefined || offset < 0 || count < 1)
      throw new InvalidRequestError('The offset (0 or more) and the count (1 or more) must be specified.');
    const found = history.find({
      user: call.query('userIdentity') || undefined,
      sourceId: call.query('sourceId') || undefined,
      from: moment(call, 'startDate'),
      to: moment(call, 'endDate'),
    });
    const ordered = call.query('sortOrder')?.toLowerCase() === 'asc' ? found.reverse() : found;
    return {
      history: { total: found.length, lastRefreshed: call.view.refreshed, actions: ordered.slice(offset, offset + count).map((action) => actionEntity(action, call.view)) },
    };
  });
  routes.get('/history/components/:id', (call) => {
    const propertyHistory: Record<string, { previousValues: { previousValue: string | undefined; timestamp: string; userIdentity: string }[] }> = {};
    for (const { detail, time, user } of history.find({ sourceId: call.id })) {
      if (!detail?.isProperty) continue;
      propertyHistory[detail.name] ??= { previousValues: [] };
      propertyHistory[detail.name]!.previousValues.push({ previousValue: detail.value, timestamp: call.view.times.date(time), userIdentity: user });
    }
    return { componentHistory: { componentId: call.id, propertyHistory } };
  });
  routes.get('/history/:id', (call) => {
    const action = history.get(Number(call.id));
    if (!action) throw new NotFoundError(`Unable to find action with id '${call.id}'.`);
    return actionEntity(action, call.view);
  });
}
