import type { Router } from 'express';
import { ConfiguredComponent } from '../../engine/configured-component.ts';
import { parseCron } from '../../engine/cron.ts';
import { InvalidRequestError, NotFoundError } from '../../engine/errors.ts';
import { ProcessorNode } from '../../engine/processor-node.ts';
import { QueueTap } from '../../engine/queue-tap.ts';
import { validateProposed } from '../../engine/verification.ts';
import { messageOf } from '../../extension/errors.ts';
import { peekEntity } from '../dto/peek.ts';
import { sparklines } from '../dto/sparklines.ts';
import { expressionFunctions } from '../expression-guide.ts';
import { Routes } from '../routes.ts';
import { bodyCheck, object, textMap, texts } from '../schemas.ts';
import type { RestServices } from '../services.ts';
import { withoutMasks } from './processor-body.ts';

const validationBody = bodyCheck<{ properties?: Record<string, string | null> | null; sensitiveDynamicPropertyNames?: string[] | null }>(
  object({ properties: textMap, sensitiveDynamicPropertyNames: texts }),
);

/** How many times of a schedule are told. */
const RUNS = 3;

/** /api: what an editor asks while somebody types, and what passes through a connection. */
export function editingRoutes(services: RestServices): Router {
  const { flow } = services;
  const routes = new Routes(services);
  const functions = expressionFunctions();
  routes.get('/expression-functions', () => ({ functions }));
  routes.get('/schedules/cron', (call) => ({ nextRuns: nextRuns(call.query('expression') ?? '', services) }));
  routes.post('/components/:id/validation', (call) => {
    const { properties, sensitiveDynamicPropertyNames } = call.body(validationBody);
    const node = flow.find(call.id);
    if (!(node instanceof ProcessorNode || node instanceof ConfiguredComponent)) throw new NotFoundError(`Unable to find component with id '${call.id}'.`);
    const validationErrors = validateProposed(node, withoutMasks(properties ?? {}, node.properties), sensitiveDynamicPropertyNames ?? undefined);
    return { validationErrors };
  });
  routes.get('/connections/:id/peek', (call) => {
    const { queue } = flow.connection(call.id);
    return peekEntity(queue, QueueTap.on(queue, flow.runtime.clock), call.number('after') ?? 0, call.flag('contents', true) ? flow.runtime.journal.content : undefined);
  });
  routes.get('/process-groups/:id/sparklines', (call) => sparklines(flow.group(call.id), flow.runtime.clock.now()));
  return routes.router;
}

/** The next times of a cron schedule. Throws InvalidRequestError. */
function nextRuns(expression: string, { flow, clock }: RestServices): string[] {
  try {
    const next = parseCron(expression, flow.runtime.timeZone);
    const runs: number[] = [];
    for (let at = next(clock.now()); at !== undefined && runs.length < RUNS; at = next(at)) runs.push(at);
    return runs.map((run) => new Date(run).toISOString());
  } catch (thrown) {
    throw new InvalidRequestError(`The schedule '${expression}' is not valid: ${messageOf(thrown)}.`);
  }
}
