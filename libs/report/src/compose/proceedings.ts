// What happened at the table: under its agenda item, and there in the order in which it was recorded.
import type { LocalizedText } from '#kernel';
import type { Known, RegisterAt } from '../register-at.js';
import { sentence, texts, type Section, type Sentence } from '../values.js';
import { tellAllocation, tellDecision, tellProposal } from './decisions.js';
import type { Mentions, PartyShown } from './named.js';

interface Happened {
  item: string | null;
  at: number;
  sentences: Sentence[];
}

/** A section for each item of the agenda in the order of its number, and one for what happened under none. */
export async function tellProceedings(register: RegisterAt, meeting: Known, mentions: Mentions): Promise<Section[]> {
  const happened = (await gather(register, meeting, mentions)).sort((a, b) => a.at - b.at);
  const items = (await register.list('agenda-items', { meeting: meeting.id })).sort((a, b) =>
    compareNumbers(a.get('number')!, b.get('number')!),
  );
  const sections = items.map((item): Section => {
    const number = item.get<string>('number')!;
    return {
      heading: sentence('heading-item', item.began, { number: item.shown('number'), title: item.texts('title') }),
      level: Math.min(3 + number.split('.').length - 1, 6),
      sentences: happened.filter((each) => each.item === item.id).flatMap((each) => each.sentences),
    };
  });
  const known = new Set<string>(items.map(({ id }) => id));
  const loose = happened.filter(({ item }) => item === null || !known.has(item)).flatMap((each) => each.sentences);
  return [
    { heading: { phrase: 'heading-proceedings' }, level: 2, sentences: items.length === 0 ? loose : [] },
    ...sections,
    ...(items.length > 0 && loose.length > 0 ? [{ heading: { phrase: 'heading-no-item' }, level: 3, sentences: loose }] : []),
  ];
}

async function gather(register: RegisterAt, meeting: Known, mentions: Mentions): Promise<Happened[]> {
  const scope = { meeting: meeting.id };
  const happened: Happened[] = [];
  const tell = async (list: string, told: (row: Known) => Sentence[]): Promise<void> => {
    for (const row of await register.list(list, scope)) happened.push({ item: row.get('item'), at: row.row.first, sentences: told(row) });
  };
  await tell('remarks', (row) => tellRemark(row, mentions));
  await tell('proceedings', (row) => tellProceeding(row, mentions));
  await tell('views', (row) => [tellView(row, mentions)]);
  await tell('reviews', (row) => tellReview(row, mentions));
  await tell('proposals', (row) => tellProposal(row, mentions));
  await tell('decisions', (row) => tellDecision(row, mentions));
  for (const row of await register.list(
    'seat-allocations',
    {},
    (each) => (each as unknown as { meeting: string }).meeting === meeting.id,
  )) {
    // What became of it later stands behind what brought it about.
    for (const said of await tellAllocation(register, row, mentions))
      happened.push({ item: row.get('item'), at: said.record, sentences: [said] });
  }
  return happened;
}

/** `4.10` comes after `4.9`. */
const compareNumbers = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });

const REMARKS: Readonly<Record<string, string>> = {
  statement: 'remark',
  'welcoming-remarks': 'remark-welcome',
  'concluding-remarks': 'remark-conclusion',
  'explanation-of-position': 'remark-explanation',
  'point-of-order': 'remark-order',
  ruling: 'remark-ruling',
};

function tellRemark(remark: Known, mentions: Mentions): Sentence[] {
  const phrase = REMARKS[remark.get<string>('kind')!]!;
  const said = sentence(phrase, remark.from('text'), {
    speaker: mentions.party(remark.get<PartyShown>('speaker'), remark.from('speaker')),
    capacity: remark.texts('capacity'),
    onBehalfOf: mentions.of(remark, 'onBehalfOf', 'organisations'),
    text: remark.texts('text'),
  });
  return [said, ...(remark.get('corrected') ? [sentence('remark-corrected', remark.from('corrected'))] : [])];
}

function tellProceeding(row: Known, mentions: Mentions): Sentence[] {
  const kind = row.get<string>('kind')!;
  const opening = sentence(kind, row.began, {
    parties: mentions.parties(row.get<PartyShown[]>('parties'), row.from('parties')),
    title: row.texts('title'),
    document: mentions.of(row, 'document', 'documents'),
  });
  return [opening, ...points(row, 'points', `${kind}-point`), ...points(row, 'askedFor', 'asked-for')];
}

/** A sentence for each text of a list. */
export function points(row: Known, column: string, phrase: string): Sentence[] {
  const origin = row.from(column);
  return (row.get<LocalizedText[]>(column) ?? []).map((point) => sentence(phrase, origin, { point: texts(point, origin) }));
}

interface ViewBy {
  kind: 'one' | 'several' | 'delegates';
  party?: PartyShown;
  parties?: PartyShown[];
}

function tellView(view: Known, mentions: Mentions): Sentence {
  const by = view.get<ViewBy>('by')!;
  const origin = view.from('by');
  const parties = by.kind === 'one' ? [by.party!] : (by.parties ?? []);
  return sentence(`view-${view.get<string>('stance')}${by.kind === 'one' ? '' : `-${by.kind}`}`, view.began, {
    by: mentions.parties(parties, origin),
    text: view.texts('text'),
  });
}

function tellReview(review: Known, mentions: Mentions): Sentence[] {
  const opening = sentence('review', review.began, {
    outcome: review.code('outcome'),
    document: mentions.of(review, 'document', 'documents'),
    version: review.shown('version'),
  });
  return [opening, ...points(review, 'points', 'review-point')];
}
