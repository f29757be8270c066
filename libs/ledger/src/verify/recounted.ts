// Counts anew who was present for a decision, and how many had to be, and compares that with the quorum that it states.
import { asWritten, type DayOf } from './day-in.js';
import { neededFor } from './needed-for.js';
import { entitledAt, presentAt, type RestsOn } from './present-at.js';
import { quote } from './quote.js';

export interface QuorumStated {
  status?: unknown;
  present?: unknown;
  needed?: unknown;
}

const said = (number: unknown, absent: string): string => (number === undefined ? absent : quote(number));

/** What comparing the two can give; where the rules are not here, whether there is one is not known. */
function outcomesOf({ present, needed }: QuorumStated, ruled: number | 'no-rule' | 'unknown' | 'not-here'): readonly unknown[] {
  if (needed === undefined) return ruled === 'not-here' ? ['no-rule', 'unknown'] : [ruled];
  if (typeof needed !== 'number') return [];
  return present === undefined ? ['unknown'] : [(present as number) >= needed ? 'met' : 'not-met'];
}

/** What a decision rests on, and when it was taken. */
export type Taken = Omit<RestsOn, 'dayOf'> & { at: string };

export interface Recount {
  /** What its quorum states otherwise. */
  faults: string[];
  /** Where the rules or members of its body are not all here. */
  isWithoutRules: boolean;
}

/**
 * @param day undefined where nobody knows in which zone days are told
 * @returns undefined where it takes what is not known here
 */
export function recounted(quorum: QuorumStated, outcome: unknown, taken: Taken, day: DayOf | undefined): Recount | undefined {
  let isDayUntold = false;
  const untold: DayOf = (when) => {
    isDayUntold ||= when.length > 10;
    return asWritten(when);
  };
  const seen = { ...taken, dayOf: day ?? untold };
  const present = presentAt(seen.at, seen);
  if (present === 'unknown' || isDayUntold) return undefined;
  const faults: string[] = [];
  const isPresent = quorum.present === present;
  if (!isPresent)
    faults.push(
      `a quorum with ${said(quorum.present, 'nobody counted')} present; the attendance before it makes ${present ?? 'nobody counted'}`,
    );
  const byRules = neededBy(outcome, seen);
  const ruled = isDayUntold ? 'not-here' : byRules;
  const needed = typeof ruled === 'number' ? ruled : undefined;
  const isNeeded = ruled === 'not-here' || quorum.needed === needed;
  if (!isNeeded)
    faults.push(
      `a quorum for which ${said(quorum.needed, 'nobody knows how many')} are needed; the rules of its body before it make ${needed ?? 'no number'}`,
    );
  // Of a number that is wrong the outcome is as well.
  if (isPresent && isNeeded && !outcomesOf(quorum, ruled).includes(quorum.status))
    faults.push(
      `another outcome of its quorum, ${quote(quorum.status)}, than ${said(quorum.present, 'nobody counted')} present and ${said(quorum.needed, 'nobody knows how many')} needed make`,
    );
  return { faults, isWithoutRules: ruled === 'not-here' };
}

/** `not-here` where the rules or members of its body are not all here. */
function neededBy(outcome: unknown, { at, ...seen }: RestsOn & { at: string }): number | 'no-rule' | 'unknown' | 'not-here' {
  const entitled = entitledAt(at, seen);
  return seen.body && entitled !== 'unknown' ? neededFor(outcome, seen.dayOf(at), entitled, seen.body) : 'not-here';
}
