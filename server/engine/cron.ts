import { Cron } from 'croner';
import { PropertyError } from '../extension/errors.ts';

/** When a cron schedule fires: the next time after the one given, both in milliseconds since 1970; undefined for never. */
export type CronSchedule = (after: number) => number | undefined;

/**
 * Parses a cron expression as NiFi 2 takes it (Spring's CronExpression): six fields beginning with seconds, day of week 0-7
 * from Sunday, `?`, `L`, `W`, `#`; and a seventh for the year, which older flows have. Daylight-saving changes neither skip
 * nor double a run (croner). Throws PropertyError.
 */
export function parseCron(expression: string, timeZone: string | undefined): CronSchedule {
  const fields = expression.trim().split(/\s+/);
  if (fields.length < 6 || fields.length > 7) {
    throw new PropertyError('a cron schedule has six fields (seconds, minutes, hours, day of month, month, day of week) and perhaps a year, such as 0 0 */6 * * ?');
  }
  try {
    const cron = new Cron(fields.join(' '), { timezone: timeZone, paused: true, mode: fields.length === 7 ? '7-part' : '6-part' });
    return (after) => cron.nextRun(new Date(after))?.getTime();
  } catch (cause) {
    throw new PropertyError(`it is not a cron schedule: ${(cause as Error).message}`);
  }
}
