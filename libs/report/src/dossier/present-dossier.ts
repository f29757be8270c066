// A dossier as JSON: each fact with the value that is shown and the pointer to exactly that value.
import type { LocalizedText } from '#kernel';
import type { Choose } from '../put-into-words.js';
import type { Concerned, Dossier, Entry, EntityReference, Fact, Name } from './dossier.js';

export interface ShownFact {
  /** JSON pointer into the data of the entry's event: there the value stands, exactly so. */
  pointer: string;
  value: unknown;
  lang?: string;
  /** The language that was asked for and is missing; this is the original. */
  fallbackFrom?: string;
  /** What the value names, and where that name stands. */
  names?: ShownName;
}

export type ShownName = EntityReference &
  ShownFact & {
    record: number;
    event: string;
    /** The record that struck what is named, where it was. */
    endedBy?: number;
  };

export type ShownConcerned = EntityReference & {
  /** The record that it began with. */
  first: number;
  /** After that record: whose it is, and what it is called or says. */
  who?: ShownName;
  names?: ShownName;
  /** Later records that corrected it, and the one that struck it. */
  correctedBy?: readonly number[];
  struckBy?: number;
};

export interface ShownEntry {
  record: number;
  event: string;
  type: string;
  stream: string;
  revision: number;
  occurredAt: unknown;
  recordedAt: string;
  recordedBy: unknown;
  instruction?: unknown;
  illustrative?: true;
  of: readonly ShownConcerned[];
  /** The meeting, body, document or follow-up to which it belongs. */
  within?: ShownName;
  facts: ShownFact[];
  /** What its inclusion in the log is proven by. */
  proof: { record: number; leaf: unknown };
}

export interface ShownDossier {
  asOf: number;
  subject: EntityReference;
  title?: { lang: string; text: unknown };
  incomplete?: true;
  /** Links in which something is named that the reader may not see; nothing of it is told. */
  withheld?: readonly string[];
  links: { link: string; entries: ShownEntry[] }[];
}

export function presentDossier({ asOf, subject, title, incomplete, withheld, links }: Dossier, choose: Choose): ShownDossier {
  return {
    asOf,
    subject,
    ...(title && { title: choose(title) }),
    ...(incomplete && { incomplete: true as const }),
    ...(withheld.length > 0 && { withheld }),
    links: links.map(({ name, entries }) => ({ link: name, entries: entries.map((entry) => shownEntry(entry, choose)) })),
  };
}

function shownEntry({ event, of, within, facts }: Entry, choose: Choose): ShownEntry {
  const { record, id, type, stream, revision, recordedAt, occurredAt, actor, instruction, leaf } = event as typeof event & {
    occurredAt: unknown;
    actor: unknown;
    instruction?: unknown;
    leaf: unknown;
  };
  return {
    record,
    event: id,
    type,
    stream,
    revision,
    occurredAt,
    recordedAt,
    recordedBy: actor,
    ...(instruction !== undefined && { instruction }),
    ...((event.data as { illustrative?: boolean }).illustrative && { illustrative: true as const }),
    of: of.map((each) => shownConcerned(each, choose)),
    ...(within && { within: shownName(within, choose) }),
    facts: facts.map((fact) => shownFact(fact, choose)),
    proof: { record, leaf },
  };
}

const shownConcerned = ({ in: table, id, first, who, name, correctedBy, struckBy }: Concerned, choose: Choose): ShownConcerned => ({
  in: table,
  id,
  first,
  ...(who && { who: shownName(who, choose) }),
  ...(name && { names: shownName(name, choose) }),
  ...(correctedBy.length > 0 && { correctedBy }),
  ...(struckBy !== undefined && { struckBy }),
});

function shownFact({ pointer, value, texts, name }: Fact, choose: Choose): ShownFact {
  if (texts) return shownText(pointer, texts, choose);
  return { pointer, value, ...(name && { names: shownName(name, choose) }) };
}

const shownName = ({ in: table, id, record, event, pointer, texts, endedBy }: Name, choose: Choose): ShownName => ({
  in: table,
  id,
  record,
  event,
  ...shownText(pointer, texts, choose),
  ...(endedBy !== undefined && { endedBy }),
});

function shownText(pointer: string, texts: LocalizedText, choose: Choose): ShownFact {
  const { lang, text, ...more } = choose(texts);
  return { pointer: `${pointer}/${texts.findIndex((each) => each.lang === lang)}/text`, value: text, lang, ...more };
}
