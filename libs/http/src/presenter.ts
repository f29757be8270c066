// How a row of the register is shown: texts in the language that was asked for, else in the original, and told so.
import Negotiator from 'negotiator';
import type { Row, TableDefinition } from '#read-models';

/** A text as it is shown. `fallbackFrom`: the language that was asked for and is missing; this is the original. */
export interface ShownText {
  lang: string;
  text: unknown;
  fallbackFrom?: string;
}

/** The languages that a reader wants, best first, and those that the answer came to use. */
export class Languages {
  readonly used = new Set<string>();
  private readonly wanted: readonly string[];

  constructor(acceptLanguage: string | undefined) {
    const wanted = acceptLanguage === undefined ? [] : new Negotiator({ headers: { 'accept-language': acceptLanguage } }).languages();
    this.wanted = wanted.map((tag) => tag.toLowerCase());
  }

  choose(texts: readonly { lang: string; text: unknown }[]): ShownText {
    for (const wanted of this.wanted) {
      if (wanted === '*') break;
      const found = texts.find(({ lang }) => matches(lang.toLowerCase(), wanted));
      if (found) return this.shown(found);
    }
    const first = this.wanted[0];
    const original = this.shown(texts[0]!);
    return first === undefined || first === '*' ? original : { ...original, fallbackFrom: first };
  }

  private shown({ lang, text }: { lang: string; text: unknown }): ShownText {
    this.used.add(lang);
    return { lang, text };
  }
}

/** RFC 4647 lookup, both ways: `en` serves who wants `en-GB`, and `en-GB` who wants `en`. */
const matches = (lang: string, wanted: string): boolean =>
  lang === wanted || lang.startsWith(`${wanted}-`) || wanted.startsWith(`${lang}-`);

/** Every list of `{lang, text}` within the value becomes the one text that is shown. */
export function localize(value: unknown, languages: Languages): unknown {
  if (Array.isArray(value)) {
    return isTexts(value) ? languages.choose(value) : value.map((each) => localize(each, languages));
  }
  if (typeof value !== 'object' || value === null) return value;
  const shown: Record<string, unknown> = {};
  for (const key of Object.keys(value)) shown[key] = localize((value as Record<string, unknown>)[key], languages);
  return shown;
}

function isTexts(value: readonly unknown[]): value is { lang: string; text: unknown }[] {
  const first = value[0] as { lang?: unknown; text?: unknown } | null | undefined;
  return typeof first === 'object' && first !== null && typeof first.lang === 'string' && first.text !== undefined;
}

/** A row as JSON: its columns that have a value, and where it stands in the record. */
export function presentRow(table: TableDefinition, row: Row, languages: Languages): Record<string, unknown> {
  const shown: Record<string, unknown> = { id: row.id };
  for (const [name, { type }] of Object.entries(table.columns)) {
    const value = row[name] as unknown;
    if (value !== null && value !== undefined) shown[name] = type === 'texts' || type === 'json' ? localize(value, languages) : value;
  }
  for (const name of Object.keys(table.borrows ?? {})) if (row[name] !== null && row[name] !== undefined) shown[name] = row[name];
  if (row.audience) shown['audience'] = row.audience;
  if (row.illustrative) shown['illustrative'] = true;
  if (row.incomplete) shown['incomplete'] = true;
  shown['record'] = row.validFrom;
  shown['firstRecord'] = row.first;
  shown['revision'] = row.revision;
  return shown;
}
