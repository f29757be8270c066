// Two moments compared: what appeared, changed and ended, at a cost that grows with the changes alone.
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { isRefusal, type RecordNumber } from '#kernel';
import { changedFields, concerns, resolveBetween, type Between } from '../../libs/audit/src/changes.js';
import { diffList, type Difference } from '../../libs/audit/src/list-difference.js';
import type { AnyList, Change } from '../../libs/read-models/src/index.js';
import { auditor, idOf, START_MS, text, typed } from '../../libs/read-models/src/testing/index.js';
import { hallList, sessionList, sessions, speechList } from '../../libs/read-models/src/testing/made-up.js';
import { Statement, type SqlValue } from '../../libs/sqlite/src/database.js';
import { Audited, everybody, hallId, hallStream } from './support/audited.js';

let audited: Audited;
beforeEach(() => {
  audited = new Audited();
});
afterEach(() => audited.close());

const between = (from: number, to: number): Between => ({ from: from as RecordNumber, to: to as RecordNumber });

async function changes(moments: Between, reader = auditor): Promise<Change[]> {
  const page = await audited.bench.reading.changes({ after: moments.from, upTo: moments.to, limit: 500 }, reader);
  if (isRefusal(page)) throw new Error(page.detail);
  return page.changes;
}

async function differences(list: AnyList, where: Record<string, string>, moments: Between, reader = auditor): Promise<Difference[]> {
  const found = await diffList(audited.bench.reading, list, { ...moments, where, limit: 500 }, reader);
  if (isRefusal(found)) throw new Error(found.detail);
  expect(found.next).toBeUndefined();
  return found.differences;
}

describe('two moments', () => {
  beforeEach(() => {
    for (const name of ['a', 'b', 'c']) audited.openHall(name);
  });
  const resolve = (from?: string, to?: string) => resolveBetween(audited.bench.reading, from, to);

  it('are record numbers or instants; the beginning and now where they are absent', () => {
    expect(resolve()).toEqual(between(0, 3));
    expect(resolve('0', '2')).toEqual(between(0, 2));
    expect(resolve(new Date(START_MS).toISOString(), new Date(START_MS + 1500).toISOString())).toEqual(between(1, 2));
  });

  it('are refused reversed, beyond the record and before its first', () => {
    expect(resolve('3', '1')).toMatchObject({ code: 'moments-reversed' });
    expect(resolve('1', '4')).toMatchObject({ code: 'as-of-beyond-record' });
    expect(resolve('2020-01-01T00:00:00Z')).toMatchObject({ code: 'as-of-before-record' });
    expect(resolve('yesterday')).toMatchObject({ code: 'as-of-unreadable' });
  });
});

describe('changes', () => {
  it('give old and new value, field by field, with the record that did it', async () => {
    audited.openHall('a');
    const planned = audited.planSession('s', 'a');
    const changed = audited.changeSession('s', 'a', { status: 'open', title: typed('Renamed') });
    const [began, altered] = await changes(between(planned - 1, changed));
    expect([began!.kind, altered!.kind]).toEqual(['began', 'changed']);
    expect(altered!.fields).toEqual([
      { field: 'title', before: text('Session s'), after: text('Renamed') },
      { field: 'status', before: 'planned', after: 'open' },
    ]);
    expect(began!.fields).toContainEqual({ field: 'seats', after: 10 });
    expect(altered).toMatchObject({
      record: changed,
      event: { type: 'session-changed' },
      before: { status: 'planned' },
      after: { status: 'open' },
    });
    // As it is found where two moments are compared.
    for (const { before, after, fields } of [began!, altered!]) expect(changedFields(sessions, before, after)).toEqual(fields);
  });

  it('tell that something ended, and that a value was taken away', async () => {
    audited.openHall('a');
    audited.planSession('s', 'a');
    const without = audited.changeSession('s', 'a', { starts: null });
    const cancelled = audited.record(hallStream('a'), 'session-cancelled', { session: idOf('s') });
    const [taken, ended] = await changes(between(without - 1, cancelled));
    expect(taken!.fields).toEqual([{ field: 'starts', before: '2024-04-29' }]);
    expect(ended).toMatchObject({ kind: 'ended', record: cancelled, before: { id: idOf('s') } });
    expect(ended!.after).toBeUndefined();
  });

  it('are narrowed to what lies in a body or a meeting, the thing itself included', () => {
    const change = (table: string, id: string, row: object): Change =>
      ({ record: 1, table, id, kind: 'began', after: row }) as unknown as Change;
    const bodiesOf = (table: string) => (table === 'remarks' ? ['b', 'c'] : []);
    expect(concerns(change('decisions', 'd', { body: 'b', meeting: 'm' }), { body: 'b', meeting: 'm' }, bodiesOf)).toBe(true);
    expect(concerns(change('decisions', 'd', { body: 'b', meeting: 'other' }), { body: 'b', meeting: 'm' }, bodiesOf)).toBe(false);
    expect(concerns(change('bodies', 'b', {}), { body: 'b' }, bodiesOf)).toBe(true);
    expect(concerns(change('remarks', 'r', { meeting: 'm' }), { body: 'c' }, bodiesOf)).toBe(true);
    expect(concerns(change('remarks', 'r', { meeting: 'm' }), { body: 'd' }, bodiesOf)).toBe(false);
    expect(concerns(change('persons', 'p', {}), {}, bodiesOf)).toBe(true);
    expect(concerns(change('persons', 'p', {}), { body: 'b' }, bodiesOf)).toBe(false);
  });

  it('lie in a body also by what they lie in', () => {
    const { bench } = audited;
    audited.openHall('a');
    audited.planSession('s', 'a');
    audited.record(hallStream('a'), 'speeches-made', {
      session: idOf('s'),
      speeches: [{ id: idOf('speech'), number: '1', text: typed('One') }],
    });
    expect(bench.reading.bodiesOf('halls', hallId('a'))).toEqual([hallId('a')]);
    expect(bench.reading.bodiesOf('speeches', idOf('speech'))).toEqual([hallId('a')]);
    expect(bench.reading.bodiesOf('speeches', idOf('nobody'))).toEqual([]);
  });

  it('hide what the reader may not see today', async () => {
    audited.openHall('a', { kind: 'restricted', organisations: [], roles: [] });
    const last = audited.openHall('b');
    expect((await changes(between(0, last), everybody)).map(({ id }) => id)).toEqual([hallId('b')]);
  });
});

describe('the difference of a list', () => {
  it('is what appeared, changed and left, each once, whatever lay between', async () => {
    audited.openHall('a');
    audited.planSession('stays', 'a');
    audited.planSession('changes', 'a');
    const from = audited.planSession('leaves', 'a');
    audited.changeSession('changes', 'a', { status: 'open' });
    audited.changeSession('changes', 'a', { status: 'closed' });
    audited.record(hallStream('a'), 'session-cancelled', { session: idOf('leaves') });
    audited.planSession('appears', 'a');
    audited.planSession('comes and goes', 'a');
    const to = audited.record(hallStream('a'), 'session-cancelled', { session: idOf('comes and goes') });
    const found = await differences(sessionList, {}, between(from, to));
    expect(found.map(({ kind, id, records }) => [kind, id, records])).toEqual([
      ['changed', idOf('changes'), [5, 6]],
      ['left', idOf('leaves'), [7]],
      ['appeared', idOf('appears'), [8]],
    ]);
    expect(await differences(sessionList, {}, between(to, to))).toEqual([]);
  });

  it('counts as appearing and leaving what enters and leaves a filter', async () => {
    audited.openHall('a');
    audited.openHall('b');
    audited.planSession('enters', 'a');
    audited.planSession('leaves', 'a');
    audited.planSession('outside', 'b');
    const from = audited.changeSession('leaves', 'a', { status: 'open' });
    audited.changeSession('enters', 'a', { status: 'open' });
    audited.changeSession('leaves', 'a', { status: 'closed' });
    const to = audited.changeSession('outside', 'b', { status: 'open' });
    const kinds = async (where: Record<string, string>) =>
      (await differences(sessionList, where, between(from, to))).map(({ kind, id }) => [kind, id]);
    expect(await kinds({ status: 'open' })).toEqual([
      ['appeared', idOf('enters')],
      ['left', idOf('leaves')],
      ['appeared', idOf('outside')],
    ]);
    expect(await kinds({ status: 'open', hall: hallId('a') })).toEqual([
      ['appeared', idOf('enters')],
      ['left', idOf('leaves')],
    ]);
    expect(await kinds({ open: 'false', hall: hallId('b') })).toEqual([['changed', idOf('outside')]]);
    expect(await kinds({ open: 'true' })).toEqual([]);
  });

  it('names once what ended and began again, also where that was all', async () => {
    audited.openHall('a');
    audited.planSession('s', 'a');
    const made = audited.record(hallStream('a'), 'speeches-made', {
      session: idOf('s'),
      speeches: [
        { id: idOf('stands'), number: '1', text: typed('One') },
        { id: idOf('gone'), number: '2', text: typed('Two') },
      ],
    });
    const speech = (type: string, name: string) =>
      audited.record(hallStream('a'), type, { speech: idOf(name), session: idOf('s'), text: typed('Again') });
    for (const name of ['stands', 'gone']) for (const type of ['speech-withdrawn', 'speech-restored']) speech(type, name);
    const last = speech('speech-withdrawn', 'gone');
    const found = await differences(speechList, {}, between(made, last));
    expect(found.map(({ kind, id, records }) => [kind, id, records])).toEqual([
      ['changed', idOf('stands'), [4, 5]],
      ['left', idOf('gone'), [6, 7, 8]],
    ]);
    expect(await differences(speechList, {}, between(made + 1, made + 2))).toMatchObject([{ kind: 'appeared', id: idOf('stands') }]);
    expect(await differences(speechList, {}, between(made + 3, last))).toEqual([]);
    expect((await differences(speechList, {}, between(0, last))).map(({ kind, id }) => [kind, id])).toEqual([['appeared', idOf('stands')]]);
  });

  it('is read in pages, all of them up to the moment of the first, and says the same in pages of any size', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) audited.openHall(name);
    audited.record(hallStream('a'), 'audience-set', { of: 'halls', id: hallId('a'), within: null, audience: { kind: 'public' } });
    const whole = await differences(hallList, {}, between(0, 6));
    expect(whole.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd', 'e'].map(hallId));
    for (const limit of [1, 2, 4]) {
      const inPages: Difference[] = [];
      let cursor: string | undefined;
      let to = 6;
      do {
        const page = await diffList(audited.bench.reading, hallList, { ...between(0, to), where: {}, limit, cursor }, auditor);
        if (isRefusal(page)) throw new Error(page.detail);
        expect(page.differences.length).toBeLessThanOrEqual(limit);
        expect(page.to).toBe(6);
        inPages.push(...page.differences);
        cursor = page.next;
        to = audited.openHall(`later ${limit} ${to}`);
      } while (cursor !== undefined);
      expect(inPages).toEqual(whole);
    }
    for (const cursor of ['', 'x', '0.6.x', '1.6.', '9.9.9'])
      expect(await diffList(audited.bench.reading, hallList, { ...between(0, 6), where: {}, limit: 1, cursor }, auditor)).toMatchObject({
        code: 'cursor-unreadable',
      });
  });

  it('names the last of the records that touched something, however many there are', async () => {
    audited.openHall('a');
    const planned = audited.planSession('s', 'a');
    for (let number = 0; number < 120; number++)
      audited.history.record({
        stream: hallStream('a'),
        type: 'session-changed',
        data: { session: idOf('s'), hall: hallId('a'), status: number % 2 ? 'open' : 'closed' },
      });
    audited.bench.project(audited.history.events);
    const last = audited.history.events.length;
    const [one, ...others] = await differences(sessionList, {}, between(planned, last));
    expect([one!.records.length, one!.records.at(-1), others]).toEqual([100, last, []]);
  });

  it('is empty for who may see none of it', async () => {
    audited.openHall('a', { kind: 'members' });
    expect(await differences(hallList, {}, between(0, 1), everybody)).toEqual([]);
  });
});

describe('the cost', () => {
  /** Statements that are run, and rows that they answer. */
  async function costOf(work: () => Promise<unknown>): Promise<{ statements: number; rows: number }> {
    const cost = { statements: 0, rows: 0 };
    const { all, get } = Statement.prototype as unknown as Record<
      'all' | 'get',
      (this: Statement<unknown>, ...values: SqlValue[]) => unknown
    >;
    jest.spyOn(Statement.prototype, 'all').mockImplementation(function (this: Statement<unknown>, ...values) {
      const rows = all.apply(this, values) as unknown[];
      cost.statements += 1;
      cost.rows += rows.length;
      return rows;
    });
    jest.spyOn(Statement.prototype, 'get').mockImplementation(function (this: Statement<unknown>, ...values) {
      cost.statements += 1;
      return get.apply(this, values);
    });
    try {
      await work();
      return cost;
    } finally {
      jest.restoreAllMocks();
    }
  }

  it('grows with the changes between the moments, and not with the register', async () => {
    const costs: object[] = [];
    for (const size of [3, 300]) {
      const { length } = audited.history.events;
      for (let made = length; made < size; made++)
        audited.history.record({ stream: hallStream(`${made}`), type: 'hall-opened', data: { name: typed(`Hall ${made}`) } });
      audited.bench.project(audited.history.events);
      const from = audited.planSession(`of ${size}`, '1');
      const to = audited.changeSession(`of ${size}`, '1', { status: 'open' });
      costs.push(
        await costOf(() => changes(between(from, to))),
        await costOf(() => differences(sessionList, { status: 'open' }, between(from, to))),
      );
    }
    expect(costs.slice(2)).toEqual(costs.slice(0, 2));
    const [one] = costs as [{ statements: number }];
    expect(one.statements).toBeGreaterThan(0);
    const many = await costOf(() => changes(between(0, audited.history.events.length)));
    expect(many.statements).toBeGreaterThan(one.statements * 50);
  });
});
