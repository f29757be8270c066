// Times as text, exactly as sent: a civil date, or RFC 3339 with an offset. They are compared as instants, never rewritten.

/** `2024-04-29` */
export type CivilDate = string & { readonly civilDate: unique symbol };
/** RFC 3339 with an offset, as sent: `2024-04-29T09:30:00+02:00` */
export type OffsetTime = string & { readonly offsetTime: unique symbol };
/** RFC 3339 in UTC with three decimals and Z: `2024-04-29T07:30:00.000Z` */
export type UtcTime = string & { readonly utcTime: unique symbol };
export type Occurred = CivilDate | OffsetTime;

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const TIME = /^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;
export const DAY_MS = 86_400_000;

export function isCivilDate(text: unknown): text is CivilDate {
  if (typeof text !== 'string' || !DATE.test(text)) return false;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}

export const isOffsetTime = (text: unknown): text is OffsetTime =>
  typeof text === 'string' && TIME.test(text) && isCivilDate(text.slice(0, 10)) && !Number.isNaN(Date.parse(text));

export const isOccurred = (text: unknown): text is Occurred => isCivilDate(text) || isOffsetTime(text);

export const utcTime = (ms: number): UtcTime => new Date(ms).toISOString() as UtcTime;

/** When it happened, as far as that is said: when it was typed where nothing else is, and at last when it is recorded. */
export const happenedAt = (said: { occurredAt?: Occurred | undefined; typedAt?: OffsetTime | undefined }, now: UtcTime): Occurred =>
  said.occurredAt ?? said.typedAt ?? (now as unknown as OffsetTime);

/** Milliseconds of the earliest moment that `when` can mean. A date alone begins first on the line UTC+14. */
export const earliestMs = (when: string): number => (isCivilDate(when) ? Date.parse(`${when}T00:00:00+14:00`) : Date.parse(when));

/** Milliseconds of the latest moment that `when` can mean. A date alone ends last on the line UTC-12. */
export const latestMs = (when: string): number =>
  isCivilDate(when) ? Date.parse(`${when}T00:00:00-12:00`) + DAY_MS - 1 : Date.parse(when);

/** The day that a moment lies on in a zone, however it is spelled; as it is written where no zone is known. A date alone is itself. */
export function dayIn(when: string, zone: string | undefined): CivilDate {
  const written = when.slice(0, 10) as CivilDate;
  if (when.length === 10 || zone === undefined) return written;
  const ms = Date.parse(when);
  const there = new Date(ms + offsetMs(ms, zone));
  // A day before year 0 or after 9999 is no civil date, and an unknown zone tells none.
  const day = Number.isNaN(there.getTime()) ? '' : there.toISOString().slice(0, 10);
  return isCivilDate(day) ? day : written;
}

/** Whether it was so by that time. Where one of the two is a date alone, the day decides that the other one lies on in the zone. */
export const isBy = (when: string, at: string, zone: string | undefined): boolean =>
  isCivilDate(when) || isCivilDate(at) ? dayIn(when, zone) <= dayIn(at, zone) : Date.parse(when) <= Date.parse(at);

/** Whether two say the same: the same date alone, or the same instant, however it is spelled. */
export const isSameTime = (one: string, other: string): boolean =>
  one === other || (!isCivilDate(one) && !isCivilDate(other) && Date.parse(one) === Date.parse(other));

/** Whether a period `from` (inclusive) `until` (inclusive; open when absent) covers `day`. */
export const covers = (period: { from: string; until?: string | undefined }, day: string): boolean =>
  period.from <= day && (period.until === undefined || day <= period.until);

export function isTimeZone(text: unknown): text is string {
  // "UTC" and Area/Location names; abbreviations such as "EST" and offsets name no place and are refused.
  if (typeof text !== 'string' || !/^(UTC|[A-Z][A-Za-z_]+(\/[A-Za-z0-9_+-]+)+)$/.test(text)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}

/** One for each zone: making one takes hundreds of times what it takes to use it. Zones are named without regard to case. */
const offsets = new Map<string, Intl.DateTimeFormat>();
const OFFSET = /^GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/;

/** By how much the clocks of a zone are ahead of UTC at an instant; NaN where this installation does not know the zone. */
function offsetMs(ms: number, zone: string): number {
  try {
    const format = offsets.get(zone.toLowerCase()) ?? new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
    offsets.set(zone.toLowerCase(), format);
    const said = OFFSET.exec(format.formatToParts(ms).find(({ type }) => type === 'timeZoneName')!.value);
    const [, sign, hours = 0, minutes = 0, seconds = 0] = said!;
    return (sign === '-' ? -1000 : 1000) * (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds));
  } catch (error) {
    if (error instanceof RangeError) return NaN;
    throw error;
  }
}
