// Choices within a happening, from one number: the same number makes the same ones.
import type { Audience, CivilDate, LocalizedText, Reason, Uuid } from '#kernel';

const WORDS = [
  'budget',
  'seat',
  'border',
  'plan',
  'dialogue',
  'capacity',
  'fragile',
  'region',
  'Øystein',
  '日本語',
  'naïve',
  'cooperation',
];
const LANGUAGES = ['en', 'fr', 'es', 'zh-Hans'];

export class Draw {
  constructor(private state: number) {}

  /** From 0 to below `limit`. */
  number(limit: number): number {
    // mulberry32
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }

  chance(of: number, outOf: number): boolean {
    return this.number(outOf) < of;
  }

  from<T>(list: readonly T[]): T {
    return list[this.number(list.length)]!;
  }

  /** One of them, or undefined where there is none. */
  any<T>(list: readonly T[]): T | undefined {
    return list.length > 0 ? this.from(list) : undefined;
  }

  /** Mostly one of those that came last, so that a history goes on with what it began. */
  recent<T>(list: readonly T[], last = 3): T | undefined {
    return this.any(this.chance(4, 5) ? list.slice(-last) : list);
  }

  maybe<T>(make: () => T): T | undefined {
    return this.chance(1, 2) ? make() : undefined;
  }

  some<T>(list: readonly T[], most: number): T[] {
    const chosen = new Set<T>();
    for (let count = this.number(most + 1); count > 0 && list.length > 0; count--) chosen.add(this.from(list));
    return [...chosen];
  }

  text(): LocalizedText {
    const languages = this.chance(1, 4) ? LANGUAGES.slice(0, 2 + this.number(3)) : [this.from(LANGUAGES)];
    return languages.map((lang) => ({ lang, text: Array.from({ length: 1 + this.number(6) }, () => this.from(WORDS)).join(' ') }));
  }

  texts(): LocalizedText[] {
    return Array.from({ length: 1 + this.number(3) }, () => this.text());
  }

  date(year = 2025, years = 3): CivilDate {
    const pad = (value: number): string => String(value).padStart(2, '0');
    return `${year + this.number(years)}-${pad(1 + this.number(12))}-${pad(1 + this.number(28))}` as CivilDate;
  }

  /** A day before the history began. */
  past(): CivilDate {
    return this.date(2024, 2);
  }

  reason(): Reason {
    const text = this.maybe(() => this.text());
    return { code: this.from(['typing', 'misheard', 'wrong-speaker', 'omitted', 'other'] as const), ...(text && { text }) };
  }

  audience(organisations: readonly Uuid[]): Audience {
    const kind = this.from(['public', 'members', 'restricted'] as const);
    return kind === 'restricted'
      ? { kind, organisations: this.some(organisations, 2), roles: this.some(['delegate', 'secretariat', 'auditor', 'admin'] as const, 2) }
      : { kind };
  }
}
