import { clientId, request } from './client.ts';
import type { ControllerServiceEntity, ServiceReferenceEntity } from './shapes.ts';

export const servicePath = (id: string): string => `/nifi-api/controller-services/${encodeURIComponent(id)}`;

/** One step of enabling or disabling a service. */
export interface ActivationStep {
  readonly title: string;
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
}

type ReferenceState = 'RUNNING' | 'STOPPED' | 'ENABLED' | 'DISABLED';

const POLL_MILLIS = 200;

async function until(isSo: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
  while (!(await isSo())) {
    signal.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLIS));
  }
}

/** All components that use a service, directly or through other services, each once. */
export function allReferences(references: readonly ServiceReferenceEntity[]): ServiceReferenceEntity[] {
  const found = new Map<string, ServiceReferenceEntity>();
  const visit = (each: ServiceReferenceEntity): void => {
    if (found.has(each.id)) return;
    found.set(each.id, each);
    each.component.referencingComponents?.forEach(visit);
  };
  references.forEach(visit);
  return [...found.values()];
}

const read = (id: string): Promise<ControllerServiceEntity> => request(servicePath(id));

async function setState(id: string, state: 'ENABLED' | 'DISABLED', signal: AbortSignal): Promise<void> {
  const { revision } = await read(id);
  await request(`${servicePath(id)}/run-status`, { method: 'PUT', body: { revision: { version: revision.version, clientId }, state, disconnectedNodeAcknowledged: false } });
  await until(async () => (await read(id)).component.state === state, signal);
}

async function setReferences(id: string, state: ReferenceState, signal: AbortSignal): Promise<void> {
  await request(`${servicePath(id)}/references`, { method: 'PUT', body: { id, state, referencingComponentRevisions: {}, disconnectedNodeAcknowledged: false } });
  const isThere = ({ component }: ServiceReferenceEntity): boolean => {
    const isProcessor = component.referenceType === 'Processor';
    if (isProcessor !== (state === 'RUNNING' || state === 'STOPPED')) return true;
    // What is invalid or disabled does not start, and is not waited for.
    return component.state === state || component.state === 'DISABLED' || (state !== 'STOPPED' && state !== 'DISABLED' && component.validationErrors.length > 0);
  };
  await until(async () => allReferences((await read(id)).component.referencingComponents).every(isThere), signal);
}

type Step = readonly [title: string, run: () => Promise<void>];

/** Runs steps one after the other and tells how far it is. Throws what a step throws; the rest then waits. */
async function runSteps(steps: readonly Step[], tell: (steps: readonly ActivationStep[]) => void): Promise<void> {
  const states = steps.map(([title]): ActivationStep => ({ title, state: 'waiting' }));
  const set = (index: number, state: ActivationStep['state']): void => {
    states[index] = { ...states[index]!, state };
    tell([...states]);
  };
  for (const [index, [, run]] of steps.entries()) {
    set(index, 'running');
    try {
      await run();
    } catch (error) {
      set(index, 'failed');
      throw error;
    }
    set(index, 'done');
  }
}

type Tell = (steps: readonly ActivationStep[]) => void;

/** Enables a service and, with `references`, what uses it. */
export function enableService(id: string, references: boolean, signal: AbortSignal, tell: Tell): Promise<void> {
  const own: Step = ['Enabling this service', () => setState(id, 'ENABLED', signal)];
  const others: Step[] = [
    ['Enabling services that use it', () => setReferences(id, 'ENABLED', signal)],
    ['Starting components that use it', () => setReferences(id, 'RUNNING', signal)],
  ];
  return runSteps(references ? [own, ...others] : [own], tell);
}

/** Stops what uses a service, and disables it. */
export function disableService(id: string, signal: AbortSignal, tell: Tell): Promise<void> {
  return runSteps(
    [
      ['Stopping components that use it', () => setReferences(id, 'STOPPED', signal)],
      ['Disabling services that use it', () => setReferences(id, 'DISABLED', signal)],
      ['Disabling this service', () => setState(id, 'DISABLED', signal)],
    ],
    tell,
  );
}

export async function deleteService({ id, revision }: Pick<ControllerServiceEntity, 'id' | 'revision'>): Promise<void> {
  await request(`${servicePath(id)}?version=${revision.version}&clientId=${clientId}`, { method: 'DELETE' });
}
