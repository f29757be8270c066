// A small made-up context: halls, sessions in halls, and speeches in sessions, with everything that tables, lists and audiences can do.
import type { Audience, DomainEvent, SealedText, Uuid } from '#kernel';
import { EventCatalogue } from '../catalogue.js';
import { list } from '../list.js';
import { projection, type Projection } from '../projection.js';
import { table } from '../table.js';

export const halls = table({
  name: 'halls',
  singular: 'hall',
  says: 'A hall.',
  columns: { name: { type: 'texts', says: 'Its name.', searched: true } },
  audience: { bodies: 'id', otherwise: { kind: 'public' } },
});

export const sessions = table({
  name: 'sessions',
  singular: 'session',
  says: 'A session in a hall.',
  columns: {
    hall: { type: 'id', of: 'halls', says: 'Where.' },
    title: { type: 'texts', says: 'Its title.', searched: true },
    status: { type: 'code', says: 'Whether it runs.', oneOf: ['planned', 'open', 'closed'] },
    starts: { type: 'date', says: 'When it starts.' },
    seats: { type: 'integer', says: 'How many seats.' },
    open: { type: 'boolean', says: 'Whether guests may come.' },
    tags: { type: 'json', says: 'Tags.' },
  },
  audience: { within: [{ column: 'hall', table: 'halls' }], otherwise: { kind: 'members' } },
});

export const speeches = table({
  name: 'speeches',
  singular: 'speech',
  says: 'A speech.',
  columns: {
    session: { type: 'id', of: 'sessions', says: 'In which session.' },
    number: { type: 'code', says: 'Its number.', searched: true },
    text: { type: 'texts', says: 'What was said.', searched: true },
    status: { type: 'code', says: 'Its state.' },
  },
  audience: { within: [{ column: 'session', table: 'sessions' }], otherwise: { kind: 'public' } },
});

export const sessionList = list({
  name: 'sessions',
  table: sessions,
  says: 'Sessions.',
  scopes: ['hall'],
  filters: ['status', 'open'],
  sorts: ['starts', 'seats'],
});
export const speechList = list({ name: 'speeches', table: speeches, says: 'Speeches.', scopes: ['session'], filters: ['status'] });
export const hallList = list({ name: 'halls', table: halls, says: 'Halls.' });

type Named<T extends string, D extends object> = DomainEvent<T, D>;
export type MadeUpEvent =
  | Named<'hall-opened', { name: SealedText; audience?: Audience }>
  | Named<'audience-set', { of: 'halls' | 'sessions' | 'speeches'; id: Uuid; within: Uuid | null; audience: Audience | null }>
  | Named<
      'session-planned',
      { session: Uuid; hall: Uuid | null; title: SealedText; starts: string | null; seats: number | null; audience?: Audience }
    >
  | Named<
      'session-changed',
      { session: Uuid; hall: Uuid | null; title?: SealedText; status?: string; starts?: string | null; open?: boolean; tags?: string[] }
    >
  | Named<'session-cancelled', { session: Uuid }>
  | Named<'speeches-made', { session: Uuid; speeches: { id: Uuid; number: string; text: SealedText }[]; audience?: Audience }>
  | Named<'speech-corrected', { speech: Uuid; session: Uuid; text?: SealedText; status?: string }>
  | Named<'speech-withdrawn', { speech: Uuid }>
  | Named<'speech-restored', { speech: Uuid; session: Uuid; text: SealedText }>
  | Named<'speech-audience-set', { speech: Uuid; audience: Audience | null }>
  | Named<'nothing-happened', object>;

export const madeUp: Projection = projection<MadeUpEvent>({
  name: 'made-up',
  tables: [halls, sessions, speeches],
  lists: [sessionList, speechList, hallList],
  apply: {
    'hall-opened': (event, t) =>
      t.put(halls, event.streamId, { name: event.data.name, ...(event.data.audience && { audience: event.data.audience }) }),
    'audience-set': ({ data: { of, id, within, audience } }, t) => {
      const stated = { audience: audience };
      if (of === 'halls') t.put(halls, id, stated);
      else if (of === 'sessions') t.put(sessions, id, { ...stated, hall: within });
      else t.put(speeches, id, { ...stated, session: within });
    },
    'speech-audience-set': ({ data: { speech, audience } }, t) => {
      // One that was never made has no session to lie in.
      if (t.scopeOf('speeches', speech, 'session') !== null) t.setAudience(speeches, speech, audience);
    },
    'session-planned': ({ data }, t) => {
      const { session, audience, ...columns } = data;
      t.put(sessions, session, { ...columns, status: 'planned', open: false, ...(audience && { audience }) });
      // Twice by one event: one version.
      t.put(sessions, session, { tags: ['new'] });
    },
    'session-changed': ({ data: { session, ...columns } }, t) => t.put(sessions, session, columns),
    'session-cancelled': ({ data }, t) => t.end(sessions, data.session),
    'speeches-made': ({ data }, t) => {
      for (const { id, number, text } of data.speeches)
        t.put(speeches, id, { session: data.session, number, text, status: 'made', ...(data.audience && { audience: data.audience }) });
    },
    'speech-corrected': ({ data: { speech, ...columns } }, t) => t.put(speeches, speech, columns),
    'speech-withdrawn': ({ data }, t) => t.end(speeches, data.speech),
    'speech-restored': ({ data: { speech, session, text } }, t) => t.put(speeches, speech, { session, text: text, status: 'restored' }),
  },
});

const one = { version: 1 };
export const madeUpCatalogue = new EventCatalogue({
  'hall-opened': one,
  'audience-set': one,
  'speech-audience-set': one,
  'session-planned': one,
  'session-changed': one,
  'session-cancelled': one,
  'speeches-made': one,
  'speech-corrected': {
    version: 2,
    upcasters: { 1: ({ correction, ...data }) => ({ ...data, ...(correction !== undefined && { text: correction }) }) },
  },
  'speech-withdrawn': one,
  'speech-restored': one,
  'nothing-happened': one,
  'clock-accepted': one,
  'value-removed': one,
  'log-opened': one,
});
