// From a dossier that is shown as JSON to one in words: headings and labels of the wanted language beside the values as recorded. Still no markup.
import type { Phrases } from '../../phrases/phrases.js';
import type { Run } from '../../put-into-words.js';
import type { Subject } from '../dossier.js';
import type { ShownConcerned, ShownDossier, ShownEntry, ShownFact } from '../present-dossier.js';
import { eventName, fieldName, type DossierWords } from './words.js';

export interface WordedFact {
  label: string;
  value: Run[];
  /** Of the record itself, and of the record that names what the value names. */
  places: string[];
}

export interface WordedEntry {
  heading: string;
  /** The meeting or body to which it belongs; nothing where it says so itself. */
  within: Run[];
  record: number;
  /** When it happened, when it was recorded, and by whom. */
  about: Run[];
  /** That what it tells was corrected or struck later, and by which record. */
  marks: string[];
  /** What it is about, where another record began that, and its facts. */
  facts: WordedFact[];
  /** Record number, event and leaf. */
  proof: string;
  illustrative: boolean;
}

export interface WordedDossier {
  lang: string;
  page: DossierWords['page'];
  subject: string;
  title: Run[];
  asOf: number;
  incomplete: boolean;
  /** The headings of links in which something is withheld. */
  withheld: string[];
  links: { heading: string; entries: WordedEntry[] }[];
}

interface Actor {
  role: string;
  subject?: string;
  name?: unknown;
}

/** Keys whose values are codes of an enumeration. */
const CODED = new Set(['kind', 'outcome', 'method', 'status', 'stance', 'mode', 'as', 'purpose', 'class', 'format', 'code', 'for']);

export function putDossierIntoWords(
  { asOf, subject, title, incomplete, withheld = [], links }: ShownDossier,
  words: DossierWords,
  codes: Phrases['codes'],
): WordedDossier {
  const { lang, page } = words;
  const told = (value: unknown, textLang: string | undefined): Run => {
    if (typeof value !== 'string')
      return typeof value === 'object' && value !== null ? { text: page.removed, typed: false } : { text: String(value), typed: true };
    const isForeign = textLang !== undefined && textLang !== lang && !textLang.startsWith(`${lang}-`);
    return { text: value, typed: true, ...(isForeign && { lang: textLang }) };
  };
  const valueOf = ({ pointer, value, lang: textLang, names }: ShownFact): Run[] => {
    if (names) {
      const struck = names.endedBy === undefined ? [] : [{ text: ` (${page.struckBy} ${names.endedBy})`, typed: false }];
      return [told(names.value, names.lang), ...struck];
    }
    if (typeof value === 'boolean') return [{ text: value ? page.yes : page.no, typed: false }];
    const key = pointer.split('/').at(-1)!;
    if (textLang === undefined && CODED.has(key) && typeof value === 'string')
      return [{ text: codes[value] ?? value.replaceAll('-', ' '), typed: true }];
    return [told(value, textLang)];
  };
  const wordedFact = (fact: ShownFact): WordedFact => ({
    label: fieldName(words, fact.lang === undefined ? fact.pointer : fact.pointer.replace(/\/\d+\/text$/, '')),
    value: valueOf(fact),
    places: [fact.pointer, ...(fact.names ? [`#${fact.names.record} ${fact.names.pointer}`] : [])],
  });
  const markOf = ({ correctedBy = [], struckBy }: ShownConcerned): string[] => [
    ...correctedBy.map((record) => `${page.correctedBy} ${record}`),
    ...(struckBy === undefined ? [] : [`${page.struckBy} ${struckBy}`]),
  ];
  /** Whose and what it is, as far as that has a name; the record that it began with has the rest. */
  const wordedConcerned = ({ first, who, names }: ShownConcerned): WordedFact => {
    const named = [who, names].filter((each) => each !== undefined);
    return {
      label: page.concerns,
      value: [
        ...named.flatMap(({ value, lang: textLang }, index): Run[] => [
          ...(index === 0 ? [] : [{ text: ': ', typed: false }]),
          told(beginningOf(value), textLang),
        ]),
        { text: named.length === 0 ? `${page.record} ${first}` : ` (${page.record} ${first})`, typed: false },
      ],
      places: named.map(({ record, pointer }) => `#${record} ${pointer}`),
    };
  };
  const wordedEntry = (entry: ShownEntry): WordedEntry => {
    const { role, subject: who, name } = entry.recordedBy as Actor;
    return {
      heading: eventName(words, entry.type),
      within:
        entry.within && !entry.facts.some(({ names }) => names?.id === entry.within!.id)
          ? [told(entry.within.value, entry.within.lang)]
          : [],
      record: entry.record,
      about: [
        {
          text: `${page.happened} ${String(entry.occurredAt)}; ${page.recorded} ${entry.recordedAt} ${page.by} ${codes[role] ?? role}`,
          typed: false,
        },
        ...(typeof name === 'string'
          ? [
              { text: ' ', typed: false },
              { text: name, typed: true },
            ]
          : []),
        ...(who === undefined ? [] : [{ text: ` (${who})`, typed: false }]),
      ],
      marks: [...new Set(entry.of.flatMap(markOf))],
      facts: [
        ...unlike(entry.of.filter(({ first }) => first < entry.record).map(wordedConcerned)),
        ...entry.facts.filter(isForPeople).map(wordedFact),
      ],
      proof: `${page.record} ${entry.record}; ${page.event} ${entry.event}; ${page.leaf} ${String(entry.proof.leaf)}`,
      illustrative: entry.illustrative ?? false,
    };
  };
  const headingOf = (link: string): string => words.links[link as keyof DossierWords['links']];
  return {
    lang,
    page,
    asOf,
    incomplete: incomplete ?? false,
    withheld: withheld.map(headingOf),
    subject: words.subjects[subject.in as Subject],
    title: title ? [told(title.text, title.lang)] : [{ text: subject.id, typed: false }],
    links: links.map(({ link, entries }) => ({ heading: headingOf(link), entries: entries.map(wordedEntry) })),
  };
}

/** In characters. */
const LONGEST_BEGINNING = 80;

function beginningOf(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const characters = [...value];
  return characters.length > LONGEST_BEGINNING ? `${characters.slice(0, LONGEST_BEGINNING - 1).join('')}…` : value;
}

/** Each once: the seats of an allocation have no names, and began with one record. */
const unlike = (facts: readonly WordedFact[]): WordedFact[] => [...new Map(facts.map((fact) => [JSON.stringify(fact), fact])).values()];

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** An id that names nothing tells a person nothing, and sample data is marked: JSON has both. */
const isForPeople = ({ value, names, pointer }: ShownFact): boolean =>
  names !== undefined || (pointer !== '/illustrative' && !(typeof value === 'string' && ID.test(value)));
