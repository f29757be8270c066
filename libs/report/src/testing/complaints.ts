// What is wrong with a report of the conference: facts that are not told, sentences that their records do not bear out, records that are not cited.
import type { LoggedEvent } from '#event-store';
import { unseal, type LocalizedText } from '#kernel';
import type { WordedReport, WordedSentence } from '../put-into-words.js';
import { recordsOf, valuesIn, type Report, type Sentence, type Value } from '../values.js';
import { FACTS, type Fact } from './facts-of-the-conference.js';

/** An event, open: everything that it holds, as a list. */
export interface OpenedEvent {
  id: string;
  type: string;
  /** Texts, each with all its languages. */
  texts: string[];
  scalars: unknown[];
}

export function open({ id, type, data, meta, sealed }: LoggedEvent): OpenedEvent {
  const texts = new Map(sealed.map(({ hash, value }) => [hash, value]));
  const opened: OpenedEvent = { id, type, texts: [], scalars: [(JSON.parse(meta) as { occurredAt: string }).occurredAt] };
  walk(unseal(JSON.parse(data), texts), opened);
  return opened;
}

function walk(value: unknown, into: OpenedEvent): void {
  if (Array.isArray(value)) into.texts.push(JSON.stringify(value));
  if (typeof value === 'object' && value !== null) for (const each of Object.values(value)) walk(each, into);
  else into.scalars.push(value);
}

const plain = ({ runs }: WordedSentence): string => runs.map(({ text }) => text).join('');

/** Headings that say something too; each sentence with the heading that it stands under. */
export function sentencesOf({ sections }: WordedReport): { text: string; record: number; illustrative: boolean }[] {
  return sections.flatMap(({ heading, sentences }) => [
    ...(heading.records.length > 0
      ? [{ text: ` | ${plain(heading)}`, record: heading.records[0]!, illustrative: heading.illustrative }]
      : []),
    ...sentences.map((each) => ({ text: `${plain(heading)} | ${plain(each)}`, record: each.records[0]!, illustrative: each.illustrative })),
  ]);
}

/** Facts of the public report that ours does not tell, or that another kind of record says. */
export function untold(report: WordedReport, events: readonly OpenedEvent[]): string[] {
  const sentences = sentencesOf(report);
  const tells = ({ says, event }: Fact): boolean =>
    sentences.some(({ text, record }) => events[record - 1]?.type === event && holdsInOrder(text.slice(text.indexOf(' | ')), says));
  return FACTS.filter((fact) => !tells(fact)).map(({ fact }) => `not told: ${fact}`);
}

function holdsInOrder(text: string, parts: readonly string[]): boolean {
  let at = 0;
  for (const part of parts) {
    at = text.indexOf(part, at);
    if (at < 0) return false;
    at += 1;
  }
  return true;
}

/** Sentences with a value that the record which it cites does not hold. */
export function notBorneOut(report: Report, events: readonly OpenedEvent[]): string[] {
  const sentences = report.sections.flatMap(({ heading, sentences: said }) => ('record' in heading ? [heading, ...said] : said));
  return sentences.flatMap((said) => [
    ...valuesIn(said)
      .filter((value) => !holds(events[value.record - 1], value))
      .map((value) => `${said.phrase}: record ${value.record} does not hold ${shown(value)}`),
    ...unsupported(said, events),
  ]);
}

/** A sentence's own record must be one of the log's, and say something of it. */
function unsupported(said: Sentence, events: readonly OpenedEvent[]): string[] {
  const own = events[said.record - 1];
  if (!own) return [`${said.phrase}: there is no record ${said.record}`];
  const values = valuesIn(said);
  if (values.length === 0 || recordsOf(said).length === 1 || values.some(({ record }) => record === said.record)) return [];
  // It names other things alone: then the record mentions them by id.
  return own.scalars.some((scalar) => typeof scalar === 'string' && scalar.length === 36)
    ? []
    : [`${said.phrase}: record ${said.record} says nothing of it`];
}

const shown = ({ texts, raw }: Value): string => JSON.stringify(texts ?? raw);

function holds(event: OpenedEvent | undefined, { texts, raw }: Value): boolean {
  if (!event) return false;
  return texts ? event.texts.includes(JSON.stringify(texts satisfies LocalizedText)) : event.scalars.includes(raw);
}
