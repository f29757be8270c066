// From a report of values to one in words: phrases of the wanted language, typed texts in it or in the original. Still no markup.
import type { LocalizedText } from '#kernel';
import type { Phrases } from './phrases/phrases.js';
import { recordsOf, type Report, type Section, type Sentence, type Slot, type Value } from './values.js';

/** A run of text. `typed` is what a person typed, and may hold anything. */
export interface Run {
  text: string;
  typed: boolean;
  /** Of a typed text in another language than the page's. */
  lang?: string;
}

export interface WordedSentence {
  runs: Run[];
  /** The sentence's own record first. */
  records: number[];
  illustrative: boolean;
}

export interface WordedSection {
  level: number;
  heading: WordedSentence;
  sentences: WordedSentence[];
}

export interface WordedReport {
  lang: string;
  page: Phrases['page'];
  title: Run;
  asOf: number;
  incomplete: boolean;
  sections: WordedSection[];
  /** Languages of typed texts that are not the page's. */
  foreign: string[];
  hasIllustrative: boolean;
}

/** Picks the text in the language that is wanted, else the original. */
export type Choose = (texts: LocalizedText) => { lang: string; text: unknown };

export function putIntoWords(report: Report, phrases: Phrases, choose: Choose): WordedReport {
  const wording = new Wording(phrases, choose);
  const sections = report.sections.map((section) => wording.section(section));
  const [title] = wording.value(report.title);
  return {
    lang: phrases.lang,
    page: phrases.page,
    title: title!,
    asOf: report.asOf,
    incomplete: report.incomplete,
    sections,
    foreign: [...wording.foreign].sort(),
    hasIllustrative: sections.some(({ heading, sentences }) => heading.illustrative || sentences.some(({ illustrative }) => illustrative)),
  };
}

const SEGMENT = /\[([^[\]]*)\]|([^[]+)/g;
const SLOT = /\{(\w+)\}/g;

class Wording {
  readonly foreign = new Set<string>();
  private readonly dates: Intl.DateTimeFormat;

  constructor(
    private readonly phrases: Phrases,
    private readonly choose: Choose,
  ) {
    this.dates = new Intl.DateTimeFormat(phrases.lang === 'en' ? 'en-GB' : phrases.lang, { dateStyle: 'long', timeZone: 'UTC' });
  }

  section({ heading, level, sentences }: Section): WordedSection {
    const worded =
      'record' in heading ? this.sentence(heading) : { runs: [words(this.template(heading.phrase))], records: [], illustrative: false };
    return { level, heading: worded, sentences: sentences.map((each) => this.sentence(each)) };
  }

  sentence(said: Sentence): WordedSentence {
    const runs = [...this.template(said.phrase).matchAll(SEGMENT)].flatMap(([, optional, fixed]) => {
      if (fixed !== undefined) return this.fill(fixed, said.slots);
      const isThere = [...optional!.matchAll(SLOT)].every(([, name]) => isFilled(said.slots[name!]));
      return isThere ? this.fill(optional!, said.slots) : [];
    });
    return { runs: withoutDoubleStops(runs), records: recordsOf(said), illustrative: said.illustrative };
  }

  value(value: Value): Run[] {
    switch (value.kind) {
      case 'texts':
        return [this.typed(value.texts!)];
      case 'code':
        return [words(this.phrases.codes[value.raw as string] ?? String(value.raw))];
      case 'date':
        return [words(this.date(value.raw as string))];
      case 'plain':
        // Symbols and numbers of articles are typed too.
        return [{ text: String(value.raw), typed: true }];
    }
  }

  private typed(texts: LocalizedText): Run {
    const { lang, text } = this.choose(texts);
    if (typeof text !== 'string') return words(this.phrases.page.removed);
    const isForeign = lang !== this.phrases.lang && !lang.startsWith(`${this.phrases.lang}-`);
    if (isForeign) this.foreign.add(lang);
    return { text, typed: true, ...(isForeign && { lang }) };
  }

  private fill(template: string, slots: Sentence['slots']): Run[] {
    const runs: Run[] = [];
    let at = 0;
    for (const match of template.matchAll(SLOT)) {
      if (match.index > at) runs.push(words(template.slice(at, match.index)));
      runs.push(...this.slot(slots[match[1]!]));
      at = match.index + match[0].length;
    }
    if (at < template.length) runs.push(words(template.slice(at)));
    return runs;
  }

  private slot(slot: Slot): Run[] {
    if (!isFilled(slot)) return [words(this.phrases.page.withheld)];
    const values = [slot].flat() as Value[];
    return values.flatMap((value, index) => [
      ...(index === 0 ? [] : [words(index === values.length - 1 ? this.phrases.page.and : ', ')]),
      ...this.value(value),
    ]);
  }

  /** A civil date in words; of a time, the date and the time as they were sent. */
  private date(raw: string): string {
    const day = this.dates.format(Date.parse(`${raw.slice(0, 10)}T00:00:00Z`));
    return raw.length === 10 ? day : `${day}, ${raw.slice(11, 16)} (${raw.slice(19).replace(/^\.\d+/, '')})`;
  }

  private template(phrase: string): string {
    const template = (this.phrases.sentences as Readonly<Record<string, string>>)[phrase];
    if (template === undefined) throw new Error(`there is no phrase ${phrase}`);
    return template;
  }
}

const words = (text: string): Run => ({ text, typed: false });
const isFilled = (slot: Slot): boolean => slot !== undefined && (!Array.isArray(slot) || slot.length > 0);

/** A typed text that ends with a full stop needs no second one. */
function withoutDoubleStops(runs: Run[]): Run[] {
  return runs.map((run, index) => {
    const before = runs[index - 1];
    return before?.typed && /[.!?…]$/.test(before.text) && !run.typed && run.text.startsWith('.')
      ? { ...run, text: run.text.slice(1) }
      : run;
  });
}
