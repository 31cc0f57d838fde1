import type { BulletinLevel, ComponentLog, LogLevel } from '../extension/component.ts';
import type { Component } from './component.ts';

const WEIGHTS: Record<BulletinLevel, number> = { DEBUG: 0, INFO: 1, WARN: 2, ERROR: 3, NONE: 4 };

/** The voice of a component: to the host's log, and from its bulletin level up to the bulletin board. */
export function componentLog(component: Component, bulletinLevel: () => BulletinLevel): ComponentLog {
  const say =
    (level: LogLevel) =>
    (message: string): void => {
      const { runtime, id, name, kind, group } = component;
      runtime.log({ level, time: runtime.clock.now(), component: { id, name, kind }, message });
      if (WEIGHTS[level.toUpperCase() as BulletinLevel] < WEIGHTS[bulletinLevel()]) return;
      runtime.bulletins.add(level, message, { id, name, kind, groupId: group?.id ?? (kind === 'PROCESS_GROUP' ? id : undefined) });
    };
  return { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') };
}
