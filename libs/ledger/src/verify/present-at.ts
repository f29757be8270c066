// How many were present at a time, by what the meeting, the body and the persons had said: the rule by which a quorum is counted.
import { isBy, isGone, type DayOf } from './day-in.js';
import type { Remembered } from './remembered-events.js';

/** The streams that the decision rests on; undefined where not all of one is known. */
export interface RestsOn {
  meeting: readonly Remembered[];
  /** The body that decided. */
  of: unknown;
  body: readonly Remembered[] | undefined;
  person: (id: unknown) => readonly Remembered[] | undefined;
  /** On which day something lies. */
  dayOf: DayOf;
}

type Attendance = Record<string, unknown> & { since: string; isStated: boolean };

/** @returns the number, undefined where nobody was counted; `unknown` where it takes what is not known here */
export function presentAt(at: string, { meeting, of: deciding, body, person, dayOf }: RestsOn): number | undefined | 'unknown' {
  const standing = standingIn(meeting);
  const stated = latestBy(
    at,
    standing.filter((each) => isCountOf(each, deciding)),
    dayOf,
  );
  if (stated) return typeof stated['present'] === 'number' ? stated['present'] : undefined;
  const named = standing.filter(({ isStated, as }) => !isStated && as === 'member');
  if (named.length === 0) return undefined;
  const members = body && membersOn(dayOf(at), body);
  if (!members) return 'unknown';
  if (members.size === 0) return undefined;
  const present = countAt(at, named, members, { person, dayOf });
  const together = at.length === 10 ? lastArrivalOn(at, named, dayOf) : undefined;
  if (present === 'unknown' || together === undefined) return present;
  // By a day alone: where some had left before others came, nobody knows how many there were.
  const inTheEnd = countAt(together, named, members, { person, dayOf });
  if (inTheEnd === 'unknown') return inTheEnd;
  return inTheEnd < present ? undefined : present;
}

function countAt(
  at: string,
  named: readonly Attendance[],
  members: ReadonlySet<unknown>,
  { person, dayOf }: Pick<RestsOn, 'person' | 'dayOf'>,
): number | 'unknown' {
  const present = new Set<unknown>();
  for (const { party, arrived, left } of named) {
    if ((arrived !== undefined && !isBy(timeIn(arrived), at, dayOf)) || (left !== undefined && isGone(timeIn(left), at, dayOf))) continue;
    const of = (party ?? {}) as { person?: unknown; organisation?: unknown };
    const history = of.person === undefined || of.organisation !== undefined ? [] : person(of.person);
    if (!history) return 'unknown';
    const organisation = of.organisation ?? history.findLast(({ data }) => data['organisation'] !== undefined)?.data['organisation'];
    if (members.has(organisation)) present.add(organisation);
  }
  return present.size;
}

/** How many are entitled: as the latest count says, else the members of the body; `unknown` where these are not known here. */
export function entitledAt(at: string, { meeting, of, body, dayOf }: Omit<RestsOn, 'person'>): number | undefined | 'unknown' {
  const stated = latestBy(
    at,
    standingIn(meeting).filter((each) => isCountOf(each, of)),
    dayOf,
  )?.['entitled'];
  if (typeof stated === 'number') return stated;
  const members = body && membersOn(dayOf(at), body);
  return members ? members.size || undefined : 'unknown';
}

/** What was not struck, as corrected. */
function standingIn(events: readonly Remembered[]): Attendance[] {
  const standing = new Map<unknown, Attendance>();
  for (const { type, occurredAt, data } of events) {
    const id = data['attendance'];
    const before = standing.get(id);
    if (type === 'attendance-stated' || type === 'attendance-recorded')
      standing.set(id, { ...data, since: timeIn(occurredAt), isStated: type === 'attendance-stated' });
    else if (data['struck'] === true) standing.delete(id);
    else if (before) standing.set(id, { ...before, ...data });
  }
  return [...standing.values()];
}

function latestBy(at: string, stated: readonly Attendance[], dayOf: DayOf): Attendance | undefined {
  let latest: Attendance | undefined;
  for (const each of stated) if (isBy(each.since, at, dayOf) && (!latest || isBy(latest.since, each.since, dayOf))) latest = each;
  return latest;
}

/** Of several bodies together, a count is of none of them; where none is named, of whichever meets. */
const isCountOf = ({ isStated, bodies }: Attendance, body: unknown): boolean =>
  isStated && (!Array.isArray(bodies) || (bodies.length === 1 && bodies[0] === body));

/** When the last of them came on a day, as far as a time says so. */
function lastArrivalOn(day: string, named: readonly Attendance[], dayOf: DayOf): string | undefined {
  let last: string | undefined;
  for (const { arrived } of named) {
    const isThen = typeof arrived === 'string' && arrived.length > 10 && dayOf(arrived) === day;
    if (isThen && (last === undefined || isBy(last, arrived, dayOf))) last = arrived;
  }
  return last;
}

/** The organisations that are members on a day. */
function membersOn(day: string, events: readonly Remembered[]): Set<unknown> {
  const memberships = new Map<unknown, Record<string, unknown>>();
  for (const { data } of events) memberships.set(data['membership'], { ...memberships.get(data['membership']), ...data });
  const covering = [...memberships.values()].filter(
    ({ as, from, until }) => as === 'member' && (from as string) <= day && (until === undefined || day <= (until as string)),
  );
  return new Set(covering.map(({ organisation }) => organisation));
}

/** What is no time is before and after nothing. */
const timeIn = (said: unknown): string => (typeof said === 'string' ? said : '');
