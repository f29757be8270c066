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

/** Whether it was so by that time. Where one of the two is a date alone, the day that each shows decides. */
export const isBy = (when: string, at: string): boolean =>
  isCivilDate(when) || isCivilDate(at) ? when.slice(0, 10) <= at.slice(0, 10) : Date.parse(when) <= Date.parse(at);

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
