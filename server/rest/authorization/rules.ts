import type { Component } from '../../engine/component.ts';
import type { Ask } from './ask.ts';
import type { Action } from './access-control.ts';
import type { Rights, Subject } from './rights.ts';

/** What an operation wants: `says` in the words of NiFi's API description (`read /processors`), and the check, which throws HttpError 403. */
export interface Rule {
  readonly says: string;
  check(ask: Ask, rights: Rights): void | Promise<void>;
}

/** Rules by operation: method and path, below /nifi-api but for our own. Whoever is refused by one of the rules is refused. */
export type Operations = Readonly<Record<string, readonly Rule[]>>;

/** Something that a request is about, directly or not. */
export interface Target<S extends Subject = Subject> {
  /** The path of its policies, without the id. */
  readonly says: string;
  find(ask: Ask): Iterable<S> | Promise<Iterable<S>>;
}

/** What the API description says where the kind of component is left open. */
export const ANY = '/{component-type}';

export function target<S extends Subject>(says: string, find: Target<S>['find']): Target<S> {
  return { says, find };
}

function needs(action: Action, { says, find }: Target): Rule {
  return {
    says: `${action} ${says}`,
    async check(ask, rights) {
      for (const subject of await find(ask)) rights.check(action, subject);
    },
  };
}

export const read = (target: Target): Rule => needs('read', target);
export const write = (target: Target): Rule => needs('write', target);

/** Write, or write on its operation. */
export function operate({ says, find }: Target<Component>): Rule {
  return {
    says: `operate ${says}`,
    async check(ask, rights) {
      for (const component of await find(ask)) rights.checkOperate(component);
    },
  };
}

/** All of them readable, or all of them writable. */
export function readOrWrite({ says, find }: Target): Rule {
  return {
    says: `read or write ${says}`,
    async check(ask, rights) {
      const subjects = [...(await find(ask))];
      if (!subjects.every((subject) => rights.may('write', subject))) for (const subject of subjects) rights.check('read', subject);
    },
  };
}

/** Whoever is logged in. */
export const anyone: readonly Rule[] = [];

/** Checked where the requests are kept: AsynchronousRequests. */
export const submitter: Rule = { says: 'submitter', check: () => undefined };

/** Nobody is refused: the answer leaves out what the user may not see. */
export const filtered = (says: string): Rule => ({ says: `filtered ${says}`, check: () => undefined });
