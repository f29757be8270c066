// What was proposed and decided, and the seats that a decision covers.
import type { LocalizedText } from '#kernel';
import type { Known, RegisterAt } from '../register-at.js';
import { code, sentence, shown, texts, type Sentence } from '../values.js';
import { words } from './meeting-frame.js';
import type { Mentions, PartyShown } from './named.js';

export function tellProposal(proposal: Known, mentions: Mentions): Sentence[] {
  const status = proposal.get<string>('status')!;
  const phrase = `proposal${proposal.get('fromTheFloor') ? '-floor' : ''}${proposal.get<unknown[]>('proponents') ? '' : '-unnamed'}`;
  const introduced = sentence(phrase, proposal.began, {
    proponents: mentions.parties(proposal.get<PartyShown[]>('proponents'), proposal.from('proponents')),
    title: proposal.texts('title'),
    text: proposal.texts('text'),
  });
  return [introduced, sentence(`proposal-${status}`, proposal.from('status'))];
}

interface Quorum {
  status: string;
  present?: number;
  entitled?: number;
  needed?: number;
  article?: string;
}

export function tellDecision(decision: Known, mentions: Mentions): Sentence[] {
  const quorum = decision.get<Quorum>('quorum')!;
  const origin = decision.from('quorum');
  const taken = sentence('decision', decision.began, {
    body: mentions.of(decision, 'body', 'bodies'),
    outcome: decision.code('outcome'),
    title: decision.texts('title'),
    wording: decision.texts('wording'),
    symbol: decision.shown('symbol'),
    on: decision.date('takenOn'),
  });
  const grounds = sentence('decision-grounds', decision.began, { method: decision.code('method'), words: words(decision) });
  const present = sentence('decision-quorum', origin, {
    status: code(quorum.status, origin),
    present: shown(quorum.present, origin),
    entitled: shown(quorum.entitled, origin),
    needed: shown(quorum.needed, origin),
    article: shown(quorum.article, origin),
  });
  const paragraphs = (decision.get<{ number: string; text: LocalizedText; addressee?: PartyShown }[]>('paragraphs') ?? []).map(
    ({ number, text, addressee }) =>
      sentence('decision-paragraph', decision.began, {
        number: shown(number, decision.began),
        text: texts(text, decision.began),
        addressee: mentions.party(addressee ?? null, decision.began),
      }),
  );
  const status = decision.get<string>('status')!;
  return [
    taken,
    ...paragraphs,
    grounds,
    present,
    ...tellExceptions(decision),
    ...(decision.get('contested') ? [sentence('decision-contested', decision.from('contested'))] : []),
    ...(status === 'in-force' ? [] : [sentence(`decision-${status}`, decision.from('status'))]),
    ...(decision.get('corrected') ? [sentence('wording-corrected', decision.from('wording'))] : []),
  ];
}

interface Exception {
  rule: string;
  reason?: LocalizedText;
  authority?: LocalizedText;
}

/** Rules that were departed from, for ever marked. */
function tellExceptions(decision: Known): Sentence[] {
  const origin = decision.from('exceptions');
  return (decision.get<Exception[]>('exceptions') ?? []).map(({ rule, reason, authority }) =>
    sentence('exception', origin, { rule: shown(rule, origin), reason: texts(reason, origin), authority: texts(authority, origin) }),
  );
}

export async function tellAllocation(register: RegisterAt, allocation: Known, mentions: Mentions): Promise<Sentence[]> {
  const seats = (await register.list('seats', { allocation: allocation.id })).sort(
    (a, b) => a.get<number>('seat')! - b.get<number>('seat')!,
  );
  const about = {
    region: mentions.of(allocation, 'region', 'regions'),
    body: mentions.of(allocation, 'body', 'bodies'),
    term: mentions.of(allocation, 'term', 'terms'),
  };
  mentions.of(allocation, 'regionOf', 'bodies');
  const proposed = sentence('allocation', allocation.began, {
    ...about,
    seats: allocation.shown('seats'),
    presentedBy: mentions.party(allocation.get<PartyShown>('presentedBy'), allocation.from('presentedBy')),
    capacity: allocation.texts('capacity'),
    nominatedBy: mentions.of(allocation, 'nominatedBy', 'bodies'),
    electedBy: mentions.of(allocation, 'electedBy', 'bodies'),
    noElectionBy: allocation.shown('noElectionBy'),
  });
  const held = seats
    .filter((seat) => seat.get('organisation') !== null)
    .map((seat) =>
      sentence('seat-held', seat.from('organisation'), {
        seat: seat.shown('seat'),
        holder: mentions.of(seat, 'organisation', 'organisations'),
        body: about.body,
        // Of a part of the term alone.
        from: seat.get('heldFrom') === seat.get('from') ? undefined : seat.date('heldFrom'),
        until: seat.get('heldUntil') === seat.get('until') ? undefined : seat.date('heldUntil'),
      }),
    );
  const status = allocation.get<string>('status')!;
  const decision = register.detail('decisions', allocation.get<string>('decision'));
  return [
    proposed,
    ...held,
    ...(status === 'proposed'
      ? []
      : [
          sentence(`allocation-${status}`, allocation.from('status'), {
            ...about,
            decision: decision?.texts(decision.get('title') ? 'title' : 'wording'),
          }),
        ]),
  ];
}
