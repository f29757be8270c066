// Whether an effect lies before its cause. Both are dated by many hands, in many zones: it does only where it lies before in every reading.
import type { DecisionContext } from './decider.js';
import { DAY_MS, earliestMs, isCivilDate, latestMs, type Occurred, type OffsetTime, type UtcTime } from './time.js';

/** When something happened, and whether a clock says so: that of the server, or of whoever typed it. */
export interface Timing {
  at: Occurred;
  byClock: boolean;
}

/** Of an event, or of what a command records: that is now, and no clock is in doubt, where nothing is said. */
export const timingOf = ({
  occurredAt,
  typedAt,
  recordedAt,
}: {
  occurredAt: Occurred;
  typedAt?: OffsetTime | undefined;
  recordedAt?: UtcTime;
}): Timing => ({
  at: occurredAt,
  byClock: occurredAt === typedAt || occurredAt === (recordedAt as string | undefined),
});

/** Nobody stated what a clock says: it may be wrong, and what it timed was typed some time after it happened, or before. */
const BY_CLOCK_MS = DAY_MS / 2;

/** A date alone is that day everywhere on earth. Of two of them, neighbouring ones may be the same day, in two places. */
export function liesBefore(effect: Timing, cause: Timing): boolean {
  if (isCivilDate(effect.at) && isCivilDate(cause.at)) return Date.parse(effect.at) + DAY_MS < Date.parse(cause.at);
  return latestMs(effect.at) + doubtMs(effect) < earliestMs(cause.at) - doubtMs(cause);
}

const doubtMs = ({ byClock }: Timing): number => (byClock ? BY_CLOCK_MS : 0);

/** Whether it would have happened before what it rests on. What is not said to have happened before happens now. */
export const happensBefore = (cause: Timing, context: Pick<DecisionContext, 'occurredAt' | 'typedAt' | 'saysWhen'>): boolean =>
  context.saysWhen && liesBefore(timingOf(context), cause);
