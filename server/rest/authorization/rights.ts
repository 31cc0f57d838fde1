import type { Component } from '../../engine/component.ts';
import type { Connection } from '../../engine/connection.ts';
import type { ParameterContext } from '../../engine/parameter-context.ts';
import type { ProcessGroup } from '../../engine/process-group.ts';
import { HttpError } from '../errors.ts';
import type { AccessControl, Action } from './access-control.ts';
import { aspectOf, type GlobalPath, globalResource, type Resource, resourceOf } from './resources.ts';

/** A resource, or a component as far as its configuration goes. */
export type Subject = Resource | Component;

/** What somebody may do with a component, as a sum of these. Who may write may operate. */
export const [READ, WRITE, OPERATE] = [1, 2, 4];
export const ALL = READ | WRITE | OPERATE;

const VERBS = { read: 'view', write: 'modify' } as const;

const ASKS_ABOVE = /^\/(policies|restricted-components)\//;

const isComponent = (subject: Subject): subject is Component => 'kind' in subject;

/** What one user may do, as the policies are now. Made for one answer: it remembers what it found out. */
export class Rights {
  readonly #control: AccessControl | undefined;
  readonly #tenants: ReadonlySet<string>;
  readonly #ofGroups = new Map<ProcessGroup, number>();

  /** Without access control everybody may do everything. */
  constructor(control?: AccessControl, userId = '') {
    this.#control = control;
    this.#tenants = control ? control.tenantsOf(userId) : new Set();
  }

  /** Whether nobody is refused anything. */
  get isUnlimited(): boolean {
    return this.#control === undefined;
  }

  may(action: Action, subject: Subject): boolean {
    if (!this.#control) return true;
    if (isComponent(subject)) return (this.of(subject) & (action === 'read' ? READ : WRITE)) !== 0;
    return this.#mayOn(this.#control, action, subject);
  }

  mayGlobally(action: Action, path: GlobalPath): boolean {
    return this.may(action, globalResource(path));
  }

  /** Whether a component may be started, stopped, enabled ... */
  mayOperate(component: Component): boolean {
    return (this.of(component) & OPERATE) !== 0;
  }

  /** Throws HttpError 403. */
  check(action: Action, subject: Subject): void {
    if (!this.may(action, subject)) throw forbidden(action, this.#refused(action, subject));
  }

  /** Throws HttpError 403. */
  checkOperate(component: Component): void {
    if (!this.mayOperate(component)) throw forbidden('write', aspectOf('operation', resourceOf(component)));
  }

  /** The sum of READ, WRITE and OPERATE. A connection is what both its ends are. */
  of(component: Component): number {
    const control = this.#control;
    if (!control) return ALL;
    if (component.kind === 'CONNECTION') {
      const { source, destination } = component as Connection;
      return this.of(source) & this.of(destination);
    }
    if (component.kind === 'PARAMETER_CONTEXT') return this.#ofContext(control, component as ParameterContext);
    if (component.kind === 'PROCESS_GROUP') return this.#ofGroup(control, component as ProcessGroup);
    // Most components have no policy of their own, and are what their group is.
    if (component.group && !control.mentions(component.id)) return this.#ofGroup(control, component.group);
    return this.#evaluate(control, component);
  }

  #ofGroup(control: AccessControl, group: ProcessGroup): number {
    const known = this.#ofGroups.get(group);
    if (known !== undefined) return known;
    const found = group.group && !control.mentions(group.id) ? this.#ofGroup(control, group.group) : this.#evaluate(control, group);
    this.#ofGroups.set(group, found);
    return found;
  }

  /** A context shows what it inherits: who may not read all of that may not read the context (NiFi). */
  #ofContext(control: AccessControl, context: ParameterContext): number {
    const own = this.#evaluate(control, context);
    return context.inherited.every((each) => this.of(each) & READ) ? own : own & ~READ;
  }

  #evaluate(control: AccessControl, component: Component): number {
    const resource = resourceOf(component);
    const read = this.#mayOn(control, 'read', resource);
    const write = this.#mayOn(control, 'write', resource);
    const operate = write || this.#mayOn(control, 'write', aspectOf('operation', resource));
    return (read ? READ : 0) | (write ? WRITE : 0) | (operate ? OPERATE : 0);
  }

  /** The nearest policy decides. Only those about policies and restrictions are different: who is not named there may be named above (NiFi). */
  #mayOn(control: AccessControl, action: Action, resource: Resource): boolean {
    for (let at: Resource | null = resource; at; at = at.parent) {
      const named = control.named(at.path, action);
      if (named && this.#isAmong(named)) return true;
      if (named && !ASKS_ABOVE.test(at.path)) return false;
    }
    return false;
  }

  #isAmong(named: ReadonlySet<string>): boolean {
    for (const tenant of this.#tenants) if (named.has(tenant)) return true;
    return false;
  }

  /** What a refusal names: of a connection the end that is closed, of a context the one that it inherits from. */
  #refused(action: Action, subject: Subject): Resource {
    if (!isComponent(subject)) return subject;
    const inherited = subject.kind === 'PARAMETER_CONTEXT' && action === 'read' ? (subject as ParameterContext).inherited.find((each) => !this.may('read', each)) : undefined;
    if (inherited) return this.#refused(action, inherited);
    if (subject.kind !== 'CONNECTION') return resourceOf(subject);
    const { source, destination } = subject as Connection;
    return resourceOf(this.may(action, source) ? destination : source);
  }
}

/** Of those who use a server without login. */
export const UNLIMITED = new Rights();

function forbidden(action: Action, { name, path }: Resource): HttpError {
  return new HttpError(403, `Unable to ${VERBS[action]} ${name}: you are not named by the policy to ${action} ${path}. Contact the system administrator.`);
}
