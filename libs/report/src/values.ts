// What a report is made of, before it is put into words of any language: sentences of values, each with the record that it comes from.
import type { LocalizedText } from '#kernel';

/** The record that made a value what it is, and whether that is sample data. */
export interface Origin {
  record: number;
  illustrative: boolean;
}

export interface Value extends Origin {
  /**
   * - `texts`: typed, in one or several languages, the original first
   * - `code`: of an enumeration: put into words
   * - `date`: a civil date, or a time with its offset
   * - `plain`: a number, symbol or zone, shown as it is
   */
  kind: 'texts' | 'code' | 'date' | 'plain';
  texts?: LocalizedText;
  /** As it stands in the event. */
  raw?: string | number;
}

export type Slot = Value | readonly Value[] | undefined;

/** One sentence: a phrase of the catalogue with values in it. */
export interface Sentence {
  phrase: string;
  slots: Readonly<Record<string, Slot>>;
  /** The record that says so. */
  record: number;
  illustrative: boolean;
}

export interface Section {
  heading: Sentence | { phrase: string };
  /** Deeper sections have higher levels, from 2. */
  level: number;
  sentences: Sentence[];
}

export interface Report {
  title: Value;
  /** The record up to which the register was read. */
  asOf: number;
  /** Some of what was recorded of what it tells was lost. */
  incomplete: boolean;
  sections: Section[];
}

export const texts = (value: LocalizedText | null | undefined, origin: Origin): Value | undefined =>
  value ? { kind: 'texts', texts: value, ...plain(origin) } : undefined;
export const code = (raw: string | null | undefined, origin: Origin): Value | undefined =>
  raw ? { kind: 'code', raw, ...plain(origin) } : undefined;
export const date = (raw: string | null | undefined, origin: Origin): Value | undefined =>
  raw ? { kind: 'date', raw, ...plain(origin) } : undefined;
export const shown = (raw: string | number | null | undefined, origin: Origin): Value | undefined =>
  raw === null || raw === undefined ? undefined : { kind: 'plain', raw, ...plain(origin) };

const plain = ({ record, illustrative }: Origin): Origin => ({ record, illustrative });

/** @param said the record whose event says what the sentence says */
export function sentence(phrase: string, said: Origin, slots: Readonly<Record<string, Slot>> = {}): Sentence {
  const illustrative = said.illustrative || valuesIn({ slots }).some((value) => value.illustrative);
  return { phrase, slots, record: said.record, illustrative };
}

export const valuesIn = ({ slots }: Pick<Sentence, 'slots'>): Value[] => Object.values(slots).flatMap((slot) => slot ?? []);

/** The sentence's own record first, then those of its values. */
export const recordsOf = (said: Sentence): number[] => [...new Set([said.record, ...valuesIn(said).map(({ record }) => record)])];
