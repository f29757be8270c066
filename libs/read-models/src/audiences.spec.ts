import fc from 'fast-check';
import { afterEach, describe, expect, it } from '@jest/globals';
import { isRefusal, publicReader, streamName, type Audience, type DomainEvent, type Reader, type RecordNumber, type Uuid } from '#kernel';
import { EventCatalogue } from './catalogue.js';
import { projection, table, type AnyList, type Moment } from './index.js';
import { auditor, History, idOf, typed, Workbench } from './testing/index.js';
import { hallList, madeUp, madeUpCatalogue, sessionList, sessions, speechList, speeches } from './testing/made-up.js';
import { differingWhereHidden } from './testing/made-up-histories.js';

const delegate = (organisation: string): Reader => ({
  subject: idOf('delegate'),
  role: 'delegate',
  bodies: [],
  organisation: idOf(organisation),
});
const benches: Workbench[] = [];
const bench = (history: History, members: readonly Uuid[] = []): Workbench => {
  const made = new Workbench({
    projections: [madeUp],
    catalogue: madeUpCatalogue,
    isMember: (_, organisation) => members.includes(organisation),
  });
  benches.push(made);
  return made.project(history.events);
};
afterEach(() => {
  for (const made of benches.splice(0)) made.close();
});

const festivals = table({
  name: 'festivals',
  singular: 'festival',
  says: 'In several halls.',
  columns: { halls: { type: 'json', says: 'Where.' } },
  audience: { within: [{ column: 'halls', table: 'halls' }], bodies: ['halls'], otherwise: { kind: 'members' } },
});
const concerts = table({
  name: 'concerts',
  singular: 'concert',
  says: 'Of a festival.',
  columns: {
    festival: { type: 'id', of: 'festivals', says: 'Of which.' },
    hall: { type: 'id', of: 'halls', says: 'Which hall gives it.' },
  },
  audience: { within: [{ column: 'festival', table: 'festivals' }], bodies: ['hall'], otherwise: { kind: 'members' } },
});
type FestivalEvent =
  | DomainEvent<'festival-held', { festival: Uuid; halls: Uuid[]; audience?: Audience }>
  | DomainEvent<'concert-given', { concert: Uuid; festival: Uuid; hall: Uuid }>;
const festivity = projection<FestivalEvent>({
  name: 'festivity',
  tables: [festivals, concerts],
  apply: {
    'festival-held': ({ data: { festival, halls, audience } }, t) => t.put(festivals, festival, { halls, ...(audience && { audience }) }),
    'concert-given': ({ data: { concert, ...columns } }, t) => t.put(concerts, concert, columns),
  },
});

describe('what lies in several', () => {
  const [here, there] = [idOf('hall 0'), idOf('hall 1')];
  const [festival, concert] = [idOf('festival'), idOf('concert')];
  const [ofHere, ofThere, ofNone] = ['here', 'there', 'none'].map(delegate) as [Reader, Reader, Reader];
  const membersOf = new Map([
    [here, ofHere.organisation],
    [there, ofThere.organisation],
  ]);
  const only = (reader: Reader): Audience => ({ kind: 'restricted', organisations: [reader.organisation!], roles: [] });
  const [open, members] = [{ kind: 'public' }, { kind: 'members' }] as [Audience, Audience];
  const opened = (hall: Uuid, audience: Audience) =>
    [{ stream: streamName('body', hall), type: 'hall-opened', data: { name: typed('Hall'), audience } }] as const;
  const held = (halls: Uuid[], audience?: Audience) =>
    [
      { stream: streamName('meeting', festival), type: 'festival-held', data: { festival, halls, ...(audience && { audience }) } },
      { stream: streamName('meeting', festival), type: 'concert-given', data: { concert, festival, hall: there } },
    ] as const;
  const festive = (history: History): Workbench => {
    const made = new Workbench({
      projections: [madeUp, festivity],
      catalogue: new EventCatalogue({
        'hall-opened': { version: 1 },
        'audience-set': { version: 1 },
        'festival-held': { version: 1 },
        'concert-given': { version: 1 },
      }),
      isMember: (body, organisation) => membersOf.get(body) === organisation,
    });
    benches.push(made);
    return made.project(history.events);
  };
  /** Whether the two members, an outsider and the public see it, and what lies in it. */
  const seenBy = ({ reading }: Workbench): boolean[] =>
    [ofHere, ofThere, ofNone, publicReader].map((reader) => {
      const [whole, part] = [reading.standing(festivals, festival, reader), reading.standing(concerts, concert, reader)];
      expect(part).toBe(whole);
      return whole === 'visible';
    });

  it.each([
    [open, open, undefined, [true, true, true, true]],
    [members, members, undefined, [true, true, false, false]],
    [open, members, undefined, [true, true, false, false]],
    [members, open, undefined, [true, true, false, false]],
    [open, only(ofNone), undefined, [false, false, true, false]],
    [members, only(ofThere), undefined, [false, true, false, false]],
    [only(ofHere), only(ofThere), undefined, [false, false, false, false]],
    [only(ofHere), members, open, [true, true, true, true]],
    [open, only(ofHere), members, [true, true, false, false]],
  ])('follows the audiences of all: %j and %j, and %j of its own', (one, other, own, expected) => {
    for (const halls of [
      [here, there],
      [there, here],
    ]) {
      const history = new History();
      for (const each of [...opened(here, one), ...opened(there, other), ...held(halls, own)]) history.record(each);
      expect(seenBy(festive(history))).toEqual(expected);
    }
  });

  it('follows each of them as it is today', () => {
    const history = new History();
    for (const each of [...opened(here, open), ...opened(there, open), ...held([here, there])]) history.record(each);
    const made = festive(history);
    expect(seenBy(made)).toEqual([true, true, true, true]);
    for (const [audience, expected] of [
      [members, [true, true, false, false]],
      [only(ofHere), [true, false, false, false]],
      [open, [true, true, true, true]],
    ] as const) {
      history.record({ stream: streamName('body', there), type: 'audience-set', data: { of: 'halls', id: there, within: null, audience } });
      made.project(history.events);
      expect(seenBy(made)).toEqual(expected);
    }
  });

  it('is opened by nothing where the beginning of one of them is lost', () => {
    const history = new History();
    for (const each of [...opened(here, open), ...held([here, there])]) history.record(each);
    expect(seenBy(festive(history))).toEqual([true, true, false, false]);
  });

  it('is read whole by the secretariat of each', () => {
    const history = new History();
    for (const each of [...opened(here, only(ofNone)), ...opened(there, only(ofNone)), ...held([here, there])]) history.record(each);
    const { reading } = festive(history);
    const secretariat = (body: Uuid): Reader => ({ subject: idOf('secretary'), role: 'secretariat', bodies: [body] });
    expect([here, there, idOf('hall 2')].map((body) => reading.standing(festivals, festival, secretariat(body)))).toEqual([
      'visible',
      'visible',
      'hidden',
    ]);
  });
});

/** Everything that a reader can ask at a moment, with small pages, so that cursors count. */
async function everythingAt({ reading }: Workbench, moment: Moment, reader: Reader): Promise<unknown> {
  const answers: unknown[] = [];
  const pages = async (ask: (cursor: object) => unknown): Promise<void> => {
    for (let cursor = {}; ;) {
      const page = (await ask(cursor)) as { next?: string };
      answers.push(page);
      if (isRefusal(page) || page.next === undefined) return;
      cursor = { cursor: page.next };
    }
  };
  const all = { moment, reader, where: {} };
  for (const definition of [hallList, sessionList, speechList] as AnyList[]) {
    for (const sort of ['recorded', '-recorded', ...(definition.sorts ?? [])]) {
      await pages((cursor) => reading.list(definition, { ...all, sort, limit: 2, ...cursor }));
    }
    answers.push(await reading.count(definition, all));
  }
  await pages((cursor) => reading.changes({ after: 0 as RecordNumber, upTo: moment.record, limit: 3, ...cursor }, reader));
  for (const words of ['budget', 'zur*', 'plan']) await pages((cursor) => reading.search(words, { moment, limit: 2, ...cursor }, reader));
  for (let n = 0; n < 3; n++) {
    answers.push(
      reading.detail(sessions, idOf(`session ${n}`), moment, reader),
      reading.versions(sessions, idOf(`session ${n}`), { moment, limit: 500 }, reader),
    );
  }
  for (let n = 0; n < 8; n++) answers.push(reading.detail(speeches, idOf(`speech ${n}`), moment, reader));
  answers.push(reading.seesRecord(moment.record, reader));
  return answers;
}

it('what is hidden does not show: not in rows, pages, cursors, counts, changes, histories or hits', async () => {
  const outsiders = [
    delegate('organisation 2'),
    publicReader,
    { ...publicReader, role: 'secretariat', bodies: [idOf('hall 0')] } as Reader,
  ];
  await fc.assert(
    fc.asyncProperty(differingWhereHidden(), async ([one, other]) => {
      const [left, right] = [bench(one), bench(other)];
      for (let record = 1; record <= one.events.length; record += 3) {
        const moment: Moment = { record: record as RecordNumber, isNow: false };
        for (const reader of outsiders) expect(await everythingAt(left, moment, reader)).toEqual(await everythingAt(right, moment, reader));
      }
      for (const made of benches.splice(0)) made.close();
    }),
    { numRuns: 15 },
  );
}, 60_000);

describe('an audience', () => {
  const [hall, session, speech] = [idOf('hall 0'), idOf('session 0'), idOf('speech 0')];
  const stream = streamName('body', hall);
  const planned = (history = new History()): History =>
    history
      .record({ stream, type: 'hall-opened', data: { name: typed('Hall') } })
      .record({ stream, type: 'session-planned', data: { session, hall, title: typed('Session'), starts: null, seats: null } })
      .record({ stream, type: 'speeches-made', data: { session, speeches: [{ id: speech, number: '1', text: typed('Words') }] } });
  const setAudience = (history: History, of: string, id: Uuid, within: Uuid | null, audience: Audience | null): History =>
    history.record({ stream, type: 'audience-set', data: { of, id, within, audience } });
  const sees = ({ reading }: Workbench, reader: Reader, asOf?: string): boolean => {
    const moment = reading.resolveMoment(asOf) as Moment;
    return reading.detail(speeches, speech, moment, reader) !== undefined;
  };
  const insider = delegate('organisation 1');
  const outsider = delegate('organisation 2');

  it('is inherited from the nearest container that states one', () => {
    const history = planned();
    expect(sees(bench(history), publicReader)).toBe(true);
    setAudience(history, 'halls', hall, null, { kind: 'restricted', organisations: [insider.organisation!], roles: [] });
    expect([insider, outsider, publicReader].map((reader) => sees(bench(history), reader))).toEqual([true, false, false]);
    setAudience(history, 'sessions', session, hall, { kind: 'members' });
    expect(sees(bench(history, [outsider.organisation!]), outsider)).toBe(true);
    expect(sees(bench(history, [outsider.organisation!]), insider)).toBe(false);
    setAudience(history, 'speeches', speech, session, { kind: 'public' });
    expect(sees(bench(history), publicReader)).toBe(true);
  });

  it('is otherwise the one that the table states, where nothing contains the entity', () => {
    const history = new History().record({
      stream,
      type: 'session-planned',
      data: { session, hall: null, title: typed('Session'), starts: null, seats: null },
    });
    const { reading } = bench(history);
    const moment = reading.resolveMoment() as Moment;
    expect(reading.detail(sessions, session, moment, publicReader)).toBeUndefined();
    expect(reading.detail(sessions, session, moment, auditor)).toBeDefined();
  });

  it('of today governs every moment, as soon as it is recorded', () => {
    const history = planned();
    const made = bench(history);
    expect(sees(made, outsider)).toBe(true);
    setAudience(history, 'halls', hall, null, { kind: 'restricted', organisations: [], roles: [] });
    made.project(history.events);
    expect([sees(made, outsider), sees(made, outsider, '3')]).toEqual([false, false]);
    setAudience(history, 'halls', hall, null, null);
    made.project(history.events);
    expect([sees(made, outsider), sees(made, outsider, '4')]).toEqual([true, true]);
    made.projector.cutBackTo(4 as RecordNumber);
    expect(sees(made, outsider)).toBe(false);
  });

  it('of today governs versions that had another one', () => {
    const history = planned();
    setAudience(history, 'speeches', speech, session, { kind: 'restricted', organisations: [], roles: [] });
    const made = bench(history);
    expect(sees(made, outsider, '3')).toBe(false);
    setAudience(history, 'speeches', speech, session, { kind: 'public' });
    history.record({ stream, type: 'speech-withdrawn', data: { speech } });
    made.project(history.events);
    expect(['3', '4', '5'].map((asOf) => sees(made, outsider, asOf))).toEqual([true, true, true]);
  });

  it('is set for what has ended too: it governs what it was, and brings nothing back', async () => {
    const history = planned().record({ stream, type: 'speech-withdrawn', data: { speech } });
    const made = bench(history);
    expect(sees(made, outsider, '3')).toBe(true);
    history.record({
      stream,
      type: 'speech-audience-set',
      data: { speech, audience: { kind: 'restricted', organisations: [], roles: [] } },
    });
    made.project(history.events);
    const now = made.reading.resolveMoment() as Moment;
    const words = async (reader: Reader): Promise<unknown> =>
      made.reading.search('Words', { moment: { record: 3 as RecordNumber, isNow: false }, limit: 9 }, reader);
    expect(sees(made, outsider, '3')).toBe(false);
    expect(await words(outsider)).toMatchObject({ hits: [] });
    expect(await words(auditor)).toMatchObject({ hits: [{ row: { id: speech } }] });
    const changes = (reader: Reader) =>
      made.reading.changes({ after: 0 as RecordNumber, upTo: now.record, table: 'speeches', limit: 9 }, reader);
    expect(await changes(outsider)).toMatchObject({ changes: [] });
    // Nothing in the register changes with it.
    expect(await changes(auditor)).toMatchObject({ changes: [{ kind: 'began' }, { kind: 'ended' }] });
    const versions = (reader: Reader) => made.reading.versions(speeches, speech, { moment: now, limit: 9 }, reader);
    expect(versions(outsider)).toMatchObject({ rows: [] });
    expect(versions(auditor)).toMatchObject({ rows: [{ validFrom: 3, validTo: 4 }] });
    expect([outsider, auditor].map((reader) => made.reading.seesRecord(5 as RecordNumber, reader))).toEqual([false, true]);
    for (const asOf of [undefined, '4', '5'])
      expect(made.reading.detail(speeches, speech, made.reading.resolveMoment(asOf) as Moment, auditor)).toBeUndefined();
    expect(await made.reading.list(speechList, { moment: now, reader: auditor, where: {}, sort: 'recorded', limit: 9 })).toMatchObject({
      rows: [],
    });
    history.record({ stream, type: 'speech-restored', data: { speech, session, text: typed('Words again') } });
    made.project(history.events);
    expect(sees(made, outsider)).toBe(true);
    made.projector.cutBackTo(4 as RecordNumber);
    expect(sees(made, outsider, '3')).toBe(true);
  });

  it('tells what is hidden from what the register never had, also of what has ended', () => {
    const history = planned();
    const made = bench(history);
    const standing = (reader: Reader): string[] => [speech, idOf('speech 1')].map((id) => made.reading.standing(speeches, id, reader));
    expect(standing(outsider)).toEqual(['visible', 'absent']);
    setAudience(history, 'halls', hall, null, { kind: 'restricted', organisations: [], roles: [] });
    made.project(history.events);
    expect([outsider, auditor].map(standing)).toEqual([
      ['hidden', 'absent'],
      ['visible', 'absent'],
    ]);
    history.record({ stream, type: 'speech-withdrawn', data: { speech } });
    made.project(history.events);
    expect(made.reading.detail(speeches, speech, made.reading.resolveMoment() as Moment, auditor)).toBeUndefined();
    expect([outsider, auditor].map(standing)).toEqual([
      ['hidden', 'absent'],
      ['visible', 'absent'],
    ]);
  });

  it('is asked of each thing under a scope, which is found whoever may see it', () => {
    const made = bench(planned());
    expect([session, idOf('session 1')].map((id) => made.reading.idsUnder(speechList, 'session', id))).toEqual([[speech], []]);
  });

  it('gives secretariats their own bodies whole', () => {
    const history = setAudience(planned(), 'halls', hall, null, { kind: 'restricted', organisations: [], roles: [] });
    const secretariat = (bodies: Reader['bodies']): Reader => ({ subject: idOf('secretary'), role: 'secretariat', bodies });
    const made = bench(history);
    expect([secretariat([hall]), secretariat([idOf('hall 1')]), secretariat('all'), auditor].map((reader) => sees(made, reader))).toEqual([
      true,
      false,
      true,
      true,
    ]);
  });
});
