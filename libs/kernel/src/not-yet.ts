// Rule 2: what happened has happened. Clocks differ by a little, and a date alone may be tomorrow's on the other side of the earth.
import { CLOCK_TOLERANCE_MS } from './clock.js';
import { refusals, type Refusal } from './refusal.js';
import { earliestMs, type UtcTime } from './time.js';

export const timeRefusals = refusals({
  'occurred-in-future': {
    status: 422,
    title: 'It cannot have happened yet',
    rule: 'Rule 2: the time when it happened may not lie in the future; only dates of effect may.',
  },
});

/** Refused where a time at which something happened lies in the future. */
export function notYet(when: string | undefined, now: UtcTime, field: string): Refusal | undefined {
  if (when === undefined || earliestMs(when) <= Date.parse(now) + CLOCK_TOLERANCE_MS) return undefined;
  return timeRefusals['occurred-in-future'](`${field} is ${when}, and it is ${now} now. State when it happened, or leave it out.`, {
    fields: [{ field, reason: 'lies in the future' }],
  });
}
