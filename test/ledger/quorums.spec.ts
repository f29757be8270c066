// Quorums, counted again by the verifier: what the server counted is borne out, what it did not is named, and what is not all here accuses nobody.
import { describe, expect, it } from '@jest/globals';
import { derivedId, streamName, type Uuid } from '#kernel';
import type { Verdict } from '#ledger/verify';
import { codesOf, History, verify } from './support/ledger-history.js';
import { neededCases, quorumCases, type QuorumCase } from './support/quorum-vectors.js';

const [hall, council] = [derivedId('quorum', 'hall'), derivedId('quorum', 'council')];
const [atTable, ofBody] = [streamName('meeting', hall), streamName('body', council)];
const proposal = streamName('proposal', derivedId('quorum', 'proposal'));

/** A history in which a decision states this quorum. */
function decided(
  { at, body, persons, attendance, later, outcome }: QuorumCase & { outcome?: string },
  quorum: object,
  looked = [atTable, ofBody, ...persons.map(({ id }) => streamName('person', id))],
): History {
  const register = new History();
  const seen = new Map<string, number>();
  const add = (
    stream: typeof atTable,
    events: readonly Parameters<History['add']>[1][],
    more: (index: number) => Parameters<History['add']>[2] = () => ({}),
  ) => {
    for (const [index, event] of events.entries()) seen.set(stream, register.add(stream, event, more(index)).revision);
  };
  add(ofBody, [{ type: 'body-established', data: {} }, ...body]);
  for (const { id, events } of persons) add(streamName('person', id), events);
  add(atTable, [{ type: 'meeting-opened', data: {} }]);
  add(
    atTable,
    attendance.map(({ event }) => event),
    (index) => ({ occurredAt: attendance[index]!.occurredAt }),
  );
  const decidedOn = looked.map((stream) => ({ stream, revision: seen.get(stream) as never }));
  add(
    atTable,
    later.map(({ event }) => event),
    (index) => ({ occurredAt: later[index]!.occurredAt }),
  );
  register.add(
    proposal,
    { type: 'decision-taken', data: { meeting: hall, body: council, ...(outcome !== undefined && { outcome }), quorum } },
    { occurredAt: at, decidedOn },
  );
  return register;
}

const statusOf = (present: number | undefined): object =>
  present === undefined ? { status: 'unknown', needed: 2 } : { status: present >= 2 ? 'met' : 'not-met', present, needed: 2 };
const noticesOf = (verdict: Verdict): string[] => verdict.findings.map(({ code }) => code);
const of = (says: string): QuorumCase => quorumCases.find((each) => each.says.includes(says))!;

describe('a quorum is counted again', () => {
  it.each(quorumCases)('with $says', async (each) => {
    expect(await verify(await decided(each, statusOf(each.present)).complete())).toMatchObject({
      status: 0,
      integrity: 'proven',
      findings: [],
      counted: { quorums: 1 },
    });
    expect(codesOf(await verify(await decided(each, statusOf((each.present ?? 0) + 1)).complete()))).toEqual(['quorum-not-borne-out']);
  });

  it('with the outcome that it makes', async () => {
    const byRule = (count: number): QuorumCase => ({
      ...of('a stated count'),
      body: [{ type: 'body-rules-stated', data: { inForceFrom: '2020-01-01', quorum: [{ for: 'deciding', count }] } }],
    });
    expect(codesOf(await verify(await decided(byRule(31), { status: 'met', present: 30, needed: 31 }).complete()))).toEqual([
      'quorum-not-borne-out',
    ]);
    expect(codesOf(await verify(await decided(byRule(30), { status: 'not-met', present: 30, needed: 30 }).complete()))).toEqual([
      'quorum-not-borne-out',
    ]);
  });

  describe('with the outcome that the server writes, and no other,', () => {
    const byRules = (rules: object[], present: number | undefined): QuorumCase => ({
      ...of('a stated count'),
      body: [{ type: 'body-established', data: {} }, ...rules.map((quorum) => ruled(quorum))],
      attendance: present === undefined ? [] : of('a stated count').attendance,
    });
    const ruled = (quorum: object) => ({ type: 'body-rules-stated', data: { inForceFrom: '2020-01-01', quorum: [quorum] } });
    const [count, share] = [
      { for: 'deciding', count: 27 },
      { for: 'deciding', numerator: 1, denominator: 2 },
    ];
    const present = (of('a stated count').attendance[0]!.event.data as { present: number }).present;
    const outcomes = ['met', 'not-met', 'no-rule', 'unknown'];

    it.each<[string, object[], number | undefined, object, string]>([
      ['nobody counted, for a number that is needed', [count], undefined, { needed: 27 }, 'unknown'],
      ['nobody counted, without a rule', [], undefined, {}, 'no-rule'],
      ['a count without a rule', [], present, { present }, 'no-rule'],
      ['a count, and the share of nobody knows how many', [share], present, { present }, 'unknown'],
      ['a count, and a number that is needed', [count], present, { present, needed: 27 }, present >= 27 ? 'met' : 'not-met'],
    ])('of %s', async (_, rules, there, numbers, outcome) => {
      const verdictOf = async (status: unknown) => verify(await decided(byRules(rules, there), { ...numbers, status }).complete());
      expect(await verdictOf(outcome)).toMatchObject({ status: 0, findings: [], counted: { quorums: 1 } });
      for (const each of [...outcomes, undefined, 1].filter((status) => status !== outcome))
        expect(codesOf(await verdictOf(each))).toEqual(['quorum-not-borne-out']);
    });

    it.each([{ present: `${present}` }, { needed: '27' }, { present: null }, { needed: [27] }])('and %j is no number', async (text) => {
      const stated = { status: present >= 27 ? 'met' : 'not-met', present, needed: 27, ...text };
      expect(codesOf(await verify(await decided(byRules([count], present), stated).complete()))).toEqual(['quorum-not-borne-out']);
      const unruled = { status: 'met', ...('needed' in text ? { present } : {}), ...text };
      expect(codesOf(await verify(await decided(byRules([], 'needed' in text ? present : undefined), unruled).complete()))).toEqual([
        'quorum-not-borne-out',
      ]);
    });

    it('also where the rules of the body are not all here', async () => {
      const verdictOf = async (status: string) => verify(await decided(byRules([], present), { status, present }, [atTable]).complete());
      for (const outcome of outcomes)
        expect(codesOf(await verdictOf(outcome))).toEqual(/met/.test(outcome) ? ['quorum-not-borne-out'] : []);
    });
  });

  it.each(neededCases)('and needs $says', async (each) => {
    const stated = (needed: number | undefined) => ({
      present: 30,
      ...(needed === undefined
        ? { status: /share is of nobody/.test(each.says) ? 'unknown' : 'no-rule' }
        : { status: 30 >= needed ? 'met' : 'not-met', needed }),
    });
    expect(await verify(await decided(each, stated(each.needed)).complete())).toMatchObject({
      status: 0,
      findings: [],
      counted: { quorums: 1 },
    });
    expect(codesOf(await verify(await decided(each, stated((each.needed ?? 0) + 1)).complete()))).toEqual(['quorum-not-borne-out']);
  });

  it('with the latest count that was stated for the time of the decision, whenever it was typed', async () => {
    const counts: [string, number][] = [
      ['2024-04-29T16:00:00Z', 10],
      ['2024-04-29T09:00:00Z', 40],
      ['2024-04-28', 7],
    ];
    const attendance = counts.map(([occurredAt, present]) => ({
      event: { type: 'attendance-stated', data: { attendance: derivedId('quorum', occurredAt), present } },
      occurredAt: occurredAt as never,
    }));
    const at = '2024-04-29T09:30:00Z' as never;
    expect(await verify(await decided({ ...of('a stated count'), attendance, at }, statusOf(40)).complete())).toMatchObject({
      status: 0,
      counted: { quorums: 1 },
    });
    const early = { ...of('members by name'), at: '2024-04-27' as never, attendance };
    expect(await verify(await decided(early, statusOf(undefined)).complete())).toMatchObject({ status: 0, counted: { quorums: 1 } });
  });
});

describe('a quorum that days as they are written bear out, and those of its zone do not,', () => {
  const byZone = of('the members of the day that it was there, east of');
  const asWritten = statusOf(byZone.present! - 1);

  it('as earlier versions counted, is told, and accuses nobody', async () => {
    const verdict = await verify(await decided(byZone, asWritten).complete());
    expect(verdict).toMatchObject({ status: 0, integrity: 'proven', counted: { quorums: 1 } });
    expect(verdict.findings).toMatchObject([
      {
        grade: 'notice',
        code: 'quorum-by-day-as-written',
        message: expect.stringMatching(/a quorum with "2" present; the attendance before it makes 3, in the days of the zone/) as never,
      },
    ]);
  });

  it.each<[string, object]>([
    ['with the number of one, and what is needed by the other', { status: 'met', present: 2, needed: 20 }],
    ['with the outcome of the other', { status: 'met', present: 3, needed: 20 }],
  ])('is not borne out %s', async (_, stated) => {
    const { body } = neededCases.find(({ says }) => says.startsWith('by rules that are in force on the day that it was there'))!;
    expect(codesOf(await verify(await decided({ ...byZone, body }, { status: 'not-met', present: 3, needed: 20 }).complete()))).toEqual([]);
    expect(codesOf(await verify(await decided({ ...byZone, body }, stated).complete()))).toEqual(['quorum-not-borne-out']);
  });
});

describe('where a zone is not known, days', () => {
  const byZone = of('the members of the day that it was there, east of');
  const [scheduled, ...named] = byZone.attendance;
  const called = (zone: string): QuorumCase => ({
    ...byZone,
    attendance: [{ ...scheduled!, event: { ...scheduled!.event, data: { ...scheduled!.event.data, zone } } }, ...named],
  });

  it.each(['Mars/Olympus', '', 'x'.repeat(10_000), '+13:00/nowhere'])('are as they are written: %j', async (zone) => {
    expect(await verify(await decided(called(zone), statusOf(2)).complete())).toMatchObject({ status: 0, findings: [] });
  });

  it.each<[string, QuorumCase, string]>([
    ['the meeting', byZone, 'meeting-scheduled'],
    ['the body', of('the members of the day in the zone of the body'), 'body-established'],
  ])('are not told without what scheduled or established %s, and accuse nobody', async (_, each, type) => {
    const lines = await decided(each, statusOf(99)).complete({
      scope: { kind: 'seat' },
      streams: [proposal],
      isExported: (event) => event.type !== type,
    });
    const verdict = await verify(lines);
    expect(verdict).toMatchObject({ integrity: 'proven', counted: { quorums: 0 } });
    expect(new Set(noticesOf(verdict))).toEqual(new Set(['stream-in-part', 'quorum-not-recounted']));
  });

  it('are not asked where a count was stated for a time', async () => {
    const lines = await decided(of('the latest of two stated counts'), { status: 'met', present: 41, needed: 2 }).complete({
      scope: { kind: 'seat' },
      streams: [proposal],
      isExported: (event) => event.type !== 'body-established',
    });
    const verdict = await verify(lines);
    expect(verdict).toMatchObject({ integrity: 'proven', counted: { quorums: 1 } });
    expect(new Set(noticesOf(verdict))).toEqual(new Set(['stream-in-part', 'needed-not-recounted']));
  });
});

describe('how many are needed is not counted again, and nobody is accused', () => {
  const by = of('a stated count');
  const wrong = { status: 'met', present: 30, needed: 9 };
  const presentAlone = { integrity: 'proven', counted: { quorums: 1 } };

  it('where the decision does not say how it saw the body', async () => {
    expect(await verify(await decided(by, wrong, [atTable]).complete())).toMatchObject({
      ...presentAlone,
      status: 0,
      findings: [{ code: 'needed-not-recounted', grade: 'notice' }],
    });
  });

  it.each(['body-rules-stated', 'member-admitted'])('without what was said in %s', async (type) => {
    const verdict = await verify(
      await decided(by, wrong).complete({ scope: { kind: 'seat' }, streams: [proposal], isExported: (event) => event.type !== type }),
    );
    expect(verdict).toMatchObject(presentAlone);
    expect(new Set(noticesOf(verdict))).toEqual(new Set(['stream-in-part', 'needed-not-recounted']));
  });
});

describe('a quorum is not counted again, and nobody is accused', () => {
  const by = of('for the organisation for which they work');
  const wrong = { status: 'met', present: 99, needed: 2 };
  const notRecounted = {
    status: 0,
    integrity: 'proven',
    counted: { quorums: 0 },
    findings: [expect.objectContaining({ code: 'quorum-not-recounted', grade: 'notice' })],
  };

  it('in a selection', async () => {
    const register = decided(by, wrong);
    expect(
      noticesOf(
        await verify(
          await register.selection([register.size - 2, register.size - 1], { scope: { kind: 'meeting', id: hall }, streams: [proposal] }),
        ),
      ),
    ).toEqual(['selection', 'quorum-not-recounted']);
  });

  it.each([['attendance-recorded'], ['member-admitted'], ['person-corrected']])('without what was said in %s', async (type) => {
    const lines = await decided(by, wrong).complete({
      scope: { kind: 'seat' },
      streams: [proposal],
      isExported: (event) => event.type !== type,
    });
    const verdict = await verify(lines);
    // What was left out of a stream is found; that its quorum is another one is not said.
    expect(verdict).toMatchObject({ integrity: 'proven', counted: { quorums: 0 } });
    expect(new Set(verdict.findings.map(({ code }) => code))).toEqual(new Set(['stream-in-part', 'quorum-not-recounted']));
  });

  it.each<[string, Uuid, string]>([
    ['the meeting', hall, 'meeting'],
    ['the body', council, 'body'],
    ['a person', by.persons[0]!.id, 'person'],
  ])('where the decision does not say how it saw %s', async (_, id, category) => {
    const looked = [atTable, ofBody, ...by.persons.map((each) => streamName('person', each.id))].filter(
      (stream) => stream !== `${category}-${id}`,
    );
    expect(await verify(await decided(by, wrong, looked).complete())).toMatchObject(notRecounted);
  });

  it('where more meetings came between than are remembered', async () => {
    const each = of('members by name');
    const first = decided(each, statusOf(each.present));
    const stated = (number: number) =>
      first.add(streamName('meeting', derivedId('quorum', `${number}`)), {
        type: 'attendance-stated',
        data: { attendance: derivedId('quorum', 'a'), present: 1 },
      });
    for (let number = 0; number < 2001; number++) stated(number);
    const { revision } = first.add(atTable, {
      type: 'attendance-recorded',
      data: { attendance: derivedId('quorum', 'again'), party: { organisation: derivedId('quorum', 'no') }, as: 'member' },
    });
    first.add(
      proposal,
      { type: 'decision-taken', data: { meeting: hall, body: council, quorum: wrong } },
      { decidedOn: [{ stream: atTable, revision }] },
    );
    expect(await verify(await first.complete())).toMatchObject({ ...notRecounted, counted: { quorums: 1 } });
  });
});
