// The frame of the meeting: when and where, how it opened and who attended, how it closed.
import type { LocalizedText } from '#kernel';
import type { Known, RegisterAt } from '../register-at.js';
import { sentence, texts, type Section, type Sentence, type Value } from '../values.js';
import type { Mentions, PartyShown } from './named.js';

export function tellMeeting(meeting: Known, mentions: Mentions): Section {
  const bodies = (meeting.get<string[]>('bodies') ?? []).flatMap((id) => mentions.name('bodies', id) ?? []);
  const status = meeting.from('status');
  const sentences = [
    sentence('meeting-of', meeting.began, { title: meeting.texts('title'), bodies: some(bodies), session: meeting.shown('session') }),
    sentence(meeting.get('starts') ? 'meeting-place' : 'meeting-undated', meeting.from('starts'), {
      starts: meeting.date('starts'),
      ends: meeting.get('ends') === meeting.get('starts') ? undefined : meeting.date('ends'),
      venue: meeting.texts('venue'),
      format: meeting.code('format'),
      zone: meeting.shown('zone'),
      host: mentions.party(meeting.get<PartyShown>('host'), meeting.from('host')),
    }),
    ...(meeting.get('opened') ? [sentence('meeting-opened', meeting.from('opened'), { on: meeting.date('opened') })] : []),
    ...(['postponed', 'cancelled'].includes(meeting.get<string>('status')!)
      ? [sentence(`meeting-${meeting.get<string>('status')}`, status)]
      : []),
  ];
  return { heading: { phrase: 'heading-meeting' }, level: 2, sentences };
}

export async function tellAttendance(register: RegisterAt, meeting: Known, mentions: Mentions): Promise<Section> {
  const scope = { meeting: meeting.id };
  const sentences = (await register.list('sittings', scope)).map((sitting) =>
    sentence('sitting-opened', sitting.began, {
      number: sitting.shown('number'),
      class: sitting.code('class'),
      opened: sitting.date('opened'),
    }),
  );
  if (meeting.get('agendaAdopted')) sentences.push(sentence('agenda-adopted', meeting.from('agendaAdopted')));
  for (const chairing of await register.list('chairings', scope)) {
    sentences.push(
      sentence(chairing.get('acting') ? 'acting-chair' : 'chair', chairing.began, {
        chair: mentions.party(chairing.get('chair'), chairing.from('chair')),
        capacity: chairing.texts('capacity'),
      }),
    );
  }
  for (const present of await register.list('attendance', scope)) {
    sentences.push(present.get('kind') === 'stated' ? counted(present) : named(present, mentions));
    if (present.get('left'))
      sentences.push(
        sentence('left', present.from('left'), {
          party: mentions.party(present.get('party'), present.from('party')),
          left: present.date('left'),
        }),
      );
  }
  return { heading: { phrase: 'heading-attendance' }, level: 2, sentences };
}

const counted = (present: Known): Sentence =>
  sentence('attendance-stated', present.from('present'), {
    present: present.shown('present'),
    entitled: present.shown('entitled'),
    of: present.texts('of'),
    words: words(present),
  });

const named = (present: Known, mentions: Mentions): Sentence =>
  sentence(present.get('as') === 'member' ? 'attended-member' : 'attended-observer', present.began, {
    party: mentions.party(present.get('party'), present.from('party')),
    mode: present.code('mode'),
    arrived: present.date('arrived'),
  });

/** The source's own words, as evidence quotes them. */
export const words = (known: Known): Value | undefined =>
  texts(known.get<{ words?: LocalizedText }>('evidence')?.words, known.from('evidence'));

export async function tellClosing(register: RegisterAt, meeting: Known): Promise<Section> {
  const closed = (await register.list('sittings', { meeting: meeting.id })).filter((sitting) => sitting.get('closed') !== null);
  const sentences = closed.map((sitting) =>
    sentence('sitting-closed', sitting.from('closed'), { number: sitting.shown('number'), closed: sitting.date('closed') }),
  );
  if (meeting.get('concluded')) sentences.push(sentence('meeting-concluded', meeting.from('concluded'), { on: meeting.date('concluded') }));
  return { heading: { phrase: 'heading-closing' }, level: 2, sentences };
}

const some = <T>(values: T[]): T[] | undefined => (values.length > 0 ? values : undefined);
