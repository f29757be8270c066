// Days and times, compared as quorums compare them: of a time and a date alone, the day decides that the time lies on in the zone.

/** How a day is cut out of a time. */
export type DayOf = (when: string) => string;

/** The day on which it happened where the clocks go by this zone. A date alone is itself. */
export function dayIn(zone: string): DayOf {
  const clock = clockOf(zone);
  return (when) => (when.length > 10 && clock?.(Date.parse(when))) || asWritten(when);
}

/** As far as no zone is known; and as versions counted that knew none. */
export const asWritten: DayOf = (when) => when.slice(0, 10);

export function isBy(when: string, at: string, dayOf: DayOf): boolean {
  return when.length === 10 || at.length === 10 ? dayOf(when) <= dayOf(at) : Date.parse(when) <= Date.parse(at);
}

/** Where one of the two is a date alone, they were still there at some time of that day. */
export function isGone(left: string, at: string, dayOf: DayOf): boolean {
  return left.length === 10 || at.length === 10 ? dayOf(left) < dayOf(at) : isBy(left, at, dayOf);
}

const CIVIL = /^\d{4}-\d\d-\d\d$/;

type Clock = (ms: number) => string | undefined;

/** One for each zone, since one takes long to make. Names of zones differ in more than case, so there are never more than zones. */
const clocks = new Map<string, Clock>();

/** The civil date at an instant; undefined where this computer does not know the zone, which a bundle may call anything. */
function clockOf(zone: string): Clock | undefined {
  const known = clocks.get(zone.toLowerCase());
  if (known) return known;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en', {
      timeZone: zone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      era: 'short',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
  } catch {
    return undefined;
  }
  const clock: Clock = (ms) => {
    if (Number.isNaN(ms)) return undefined;
    const part = new Map(format.formatToParts(ms).map(({ type, value }) => [type, value]));
    // Of the years of four digits, 0 alone is before our era.
    const year = part.get('era') === 'AD' ? part.get('year')! : String(1 - Number(part.get('year')));
    const day = `${year.padStart(4, '0')}-${part.get('month')}-${part.get('day')}`;
    return CIVIL.test(day) ? day : undefined;
  };
  clocks.set(zone.toLowerCase(), clock);
  return clock;
}
