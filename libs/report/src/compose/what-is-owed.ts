// What is owed since the meeting, the documents that report on it, and the meetings to come.
import type { LocalizedText } from '#kernel';
import type { Known, RegisterAt } from '../register-at.js';
import { sentence, texts, type Section, type Sentence, type Slot } from '../values.js';
import type { Mentions } from './named.js';

interface From {
  decision?: string;
  view?: string;
  remark?: string;
  meeting?: string;
}

export async function tellFollowUps(register: RegisterAt, meeting: Known, mentions: Mentions): Promise<Section> {
  const decisions = new Set<string>((await register.list('decisions', { meeting: meeting.id })).map(({ id }) => id));
  const ours = await register.list('follow-ups', {}, (row) => {
    const { decision, meeting: from } = (row as unknown as { from: From }).from;
    return from === meeting.id || (decision !== undefined && decisions.has(decision));
  });
  return {
    heading: { phrase: 'heading-follow-ups' },
    level: 2,
    sentences: ours.flatMap((followUp) => tellFollowUp(followUp, register, mentions)),
  };
}

function tellFollowUp(followUp: Known, register: RegisterAt, mentions: Mentions): Sentence[] {
  const owner = followUp.get<{ office?: string; organisation?: string; body?: string; person?: string }>('owner')!;
  const from = followUp.get<From>('from')!;
  const [table, id] = owner.office
    ? (['offices', owner.office] as const)
    : owner.organisation
      ? (['organisations', owner.organisation] as const)
      : owner.body
        ? (['bodies', owner.body] as const)
        : (['persons', owner.person] as const);
  const decision = register.detail('decisions', from.decision);
  const remark = register.recorded('remarks', from.remark);
  const source = decision
    ? decision.texts(decision.get('title') ? 'title' : 'wording')
    : (register.detail('views', from.view) ?? (remark?.endedBy ? undefined : remark))?.texts('text');
  const kind = from.decision ? 'decision' : from.view ? 'request' : remark?.endedBy ? 'struck-remark' : 'remark';
  const status = followUp.get<string>('status')!;
  return [
    sentence(`follow-up-from-${kind}`, followUp.began, { owner: mentions.name(table, id), action: followUp.texts('action'), source }),
    // What was struck is quoted nowhere in a report.
    ...(remark?.endedBy ? [sentence('remark-struck', { record: remark.endedBy, illustrative: false })] : []),
    tellDue(followUp, mentions),
    ...(status === 'open' ? [] : [sentence(`follow-up-${status}`, followUp.from('status'), { note: followUp.texts('note') })]),
    ...(status === 'open' && followUp.get('note')
      ? [sentence('follow-up-progress', followUp.from('note'), { note: followUp.texts('note') })]
      : []),
    ...(followUp.get<number>('carriedOver')! > 0
      ? [sentence('follow-up-carried', followUp.from('carriedOver'), { times: followUp.shown('carriedOver') })]
      : []),
  ];
}

function tellDue(followUp: Known, mentions: Mentions): Sentence {
  if (followUp.get('dueOn')) return sentence('due-on', followUp.from('dueOn'), { on: followUp.date('dueOn') });
  if (followUp.get('dueAt')) return sentence('due-at', followUp.from('dueAt'), { meeting: mentions.of(followUp, 'dueAt', 'meetings') });
  if (followUp.get('waitsFor'))
    return sentence('due-next', followUp.from('waitsFor'), { body: mentions.of(followUp, 'waitsFor', 'bodies') });
  const origin = followUp.from('due');
  const reason: Slot = texts(followUp.get<{ unspecified?: LocalizedText }>('due')?.unspecified, origin);
  return sentence('due-unspecified', origin, { reason });
}

/** Meetings to come of the bodies that the report mentions. */
export async function tellUpcoming(register: RegisterAt, meeting: Known, mentions: Mentions): Promise<Section> {
  const sentences: Sentence[] = [];
  // A joint meeting is found under each of its bodies.
  const told = new Set([meeting.id]);
  for (const { id } of mentions.mentioned('bodies')) {
    for (const status of ['scheduled', 'postponed']) {
      for (const upcoming of await register.list('meetings', { body: id, status })) {
        if (told.has(upcoming.id)) continue;
        told.add(upcoming.id);
        const origin = upcoming.get('starts') ? upcoming.from('starts') : upcoming.began;
        sentences.push(
          sentence(upcoming.get('starts') ? 'upcoming' : 'upcoming-unknown', origin, {
            title: upcoming.texts('title'),
            body: mentions.name('bodies', id),
            starts: upcoming.date('starts'),
            venue: upcoming.texts('venue'),
          }),
        );
      }
    }
  }
  return { heading: { phrase: 'heading-upcoming' }, level: 2, sentences };
}

/** Documents that the report mentions, and those that were written for the meeting or report on it. */
export async function tellDocuments(register: RegisterAt, meeting: Known, mentions: Mentions): Promise<Section> {
  for (const { id } of await register.list('documents', { meeting: meeting.id })) mentions.name('documents', id);
  for (const document of mentions.mentioned('documents')) mentions.of(document, 'parent', 'documents');
  const sentences = mentions.mentioned('documents').map((document) =>
    sentence(document.get('parent') ? 'document-of-parent' : 'document', document.began, {
      kind: document.code('kind'),
      title: document.texts('title'),
      symbol: document.shown('symbol'),
      status: document.code('status'),
      version: document.shown('version'),
      date: document.date('date'),
      from: document.date('from'),
      until: document.date('until'),
      parent: mentions.of(document, 'parent', 'documents'),
      issuer: mentions.of(document, 'issuer', 'bodies'),
    }),
  );
  return { heading: { phrase: 'heading-documents' }, level: 2, sentences };
}
