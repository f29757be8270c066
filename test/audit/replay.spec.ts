// Replay: the history stepped through, event by event, narrowed, paced, cut off and resumed.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isRefusal, LOG_STREAM, type Reader, type RecordNumber } from '#kernel';
import { resumedFrom, type Pause, type ReplayQuery, type ReplayStep } from '../../libs/audit/src/replay.js';
import { auditor, idOf, typed } from '../../libs/read-models/src/testing/index.js';
import { halls, sessions, speeches } from '../../libs/read-models/src/testing/made-up.js';
import { Audited, everybody, hallId, hallStream } from './support/audited.js';

let audited: Audited;
beforeEach(() => {
  audited = new Audited();
  audited.openHall('a');
  audited.openHall('b');
  audited.planSession('s', 'a');
  audited.record(hallStream('b'), 'nothing-happened', {});
  audited.changeSession('s', 'a', { status: 'open' });
  audited.record(hallStream('a'), 'session-cancelled', { session: idOf('s') });
});
afterEach(() => audited.close());

type Asked = Partial<Omit<ReplayQuery, 'from' | 'to'>> & { from?: number; to?: number };

interface Run {
  reader?: Reader;
  pause?: Pause;
  elapsed?: () => number;
  signal?: AbortSignal;
}

async function* stepsOf(
  { from = 0, to = audited.history.events.length, ...asked }: Asked,
  { reader = auditor, pause, elapsed, signal = new AbortController().signal }: Run = {},
): AsyncGenerator<ReplayStep> {
  const query: ReplayQuery = { scope: undefined, types: [], paceMs: 0, from: from as RecordNumber, to: to as RecordNumber, ...asked };
  for await (const step of audited.replay(pause, elapsed).steps(query, reader, signal)) {
    if (isRefusal(step)) throw new Error(step.detail);
    yield step;
  }
}

async function steps(asked: Asked = {}, run: Run = {}): Promise<ReplayStep[]> {
  const all: ReplayStep[] = [];
  for await (const step of stepsOf(asked, run)) all.push(step);
  return all;
}

const recordsIn = (of: readonly ReplayStep[]): number[] => of.map(({ event }) => event.record);

describe('the steps', () => {
  it('are every event of the register in order, also those that changed nothing', async () => {
    const all = await steps();
    expect(recordsIn(all)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(all[3]).toMatchObject({ event: { type: 'nothing-happened' }, changes: [] });
  });

  it('show the state before and after, and what changed', async () => {
    const [, , planned, , changed, cancelled] = await steps();
    expect(planned!.changes).toMatchObject([{ in: 'sessions', kind: 'began', after: { status: 'planned' } }]);
    expect(changed!.changes).toMatchObject([
      {
        kind: 'changed',
        before: { status: 'planned' },
        after: { status: 'open' },
        fields: [{ field: 'status', before: 'planned', after: 'open' }],
      },
    ]);
    expect(cancelled!.changes).toMatchObject([{ kind: 'ended', before: { status: 'open' } }]);
  });

  it('are those of one entity, and of what lies in it', async () => {
    expect(recordsIn(await steps({ scope: { table: sessions, id: idOf('s') } }))).toEqual([3, 5, 6]);
    expect(recordsIn(await steps({ scope: { table: halls, id: hallId('a') } }))).toEqual([1, 3, 5, 6]);
    expect(recordsIn(await steps({ scope: { table: halls, id: hallId('b') } }))).toEqual([2]);
  });

  it('bring nothing back of which the audience is set once it has ended: the step is there, and changes nothing', async () => {
    const speech = idOf('speech');
    const session = idOf('s');
    audited.record(hallStream('a'), 'speeches-made', { session, speeches: [{ id: speech, number: 'S.1', text: typed('Words') }] });
    audited.record(hallStream('a'), 'speech-withdrawn', { speech });
    audited.record(hallStream('a'), 'speech-audience-set', { speech, audience: { kind: 'public' } });
    for (const scope of [{ table: speeches, id: speech }, { table: sessions, id: session }, undefined]) {
      const all = (await steps(scope && { scope })).slice(-3);
      expect(all.map(({ event, changes }) => [event.record, changes.map(({ kind }) => kind)])).toEqual([
        [7, ['began']],
        [8, ['ended']],
        [9, []],
      ]);
    }
    expect(recordsIn(await steps({ scope: { table: halls, id: hallId('b') } }))).toEqual([2]);
    audited.record(hallStream('a'), 'speech-audience-set', { speech, audience: { kind: 'restricted', organisations: [], roles: [] } });
    expect(recordsIn(await steps({ from: 6 }, { reader: everybody }))).toEqual([]);
  });

  it('begin and end at any record', async () => {
    expect(recordsIn(await steps({ from: 2, to: 5 }))).toEqual([3, 4, 5]);
    expect(recordsIn(await steps({ from: 2, to: 5, scope: { table: sessions, id: idOf('s') } }))).toEqual([3, 5]);
    expect(recordsIn(await steps({ from: 6 }))).toEqual([]);
  });

  it('are narrowed by type', async () => {
    expect(recordsIn(await steps({ types: ['hall-opened', 'session-cancelled'] }))).toEqual([1, 2, 6]);
    expect(recordsIn(await steps({ types: ['nothing'] }))).toEqual([]);
  });

  it('are those that the reader may see today', async () => {
    audited.openHall('secret', { kind: 'restricted', organisations: [], roles: [] });
    audited.record(hallStream('b'), 'audience-set', { of: 'halls', id: hallId('b'), within: null, audience: { kind: 'members' } });
    expect(recordsIn(await steps({}, { reader: everybody }))).toEqual([1, 3, 5, 6]);
  });
});

describe('the pace', () => {
  it('lies between two steps that are shown, not before the first or where none is shown', async () => {
    const pauses: number[] = [];
    const told: (number | string)[] = [];
    const pause: Pause = (ms) => {
      pauses.push(ms);
      told.push('pause');
      return Promise.resolve();
    };
    for await (const { event } of stepsOf({ paceMs: 250, types: ['hall-opened', 'session-cancelled'] }, { pause })) told.push(event.record);
    expect(told).toEqual([1, 'pause', 2, 'pause', 6]);
    expect(pauses).toEqual([250, 250]);
    expect(await steps({}, { pause: () => Promise.reject(new Error('no pause was asked for')) })).toHaveLength(6);
  });

  it.each([
    ['a pace', 60_000],
    ['a slow reader', 0],
  ])('holds nothing back that was removed while it waited for %s', async (_, paceMs) => {
    let nowMs = 0;
    const [title] = audited.history.events[2]!.sealed;
    const remove = (): void => {
      nowMs += 60_000;
      const values = [{ record: 3, hash: title!.hash }];
      if (audited.history.events.length === 6)
        audited.record(LOG_STREAM, 'value-removed', { values, reason: typed('The law'), authority: typed('A court') });
    };
    const given: ReplayStep[] = [];
    for await (const step of stepsOf({ paceMs, to: 6 }, { pause: () => Promise.resolve(), elapsed: () => nowMs })) {
      given.push(step);
      remove();
    }
    expect(recordsIn(given)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(given[2]!.changes).toMatchObject([{ kind: 'began', after: { status: 'planned' } }]);
    expect(JSON.stringify(given.map(({ changes }) => changes))).not.toContain(title!.value);
  });
});

describe('cut off', () => {
  it('ends after the step that was under way, without an error', async () => {
    const cut = new AbortController();
    const seen: number[] = [];
    for await (const { event } of stepsOf({}, { signal: cut.signal })) {
      seen.push(event.record);
      if (event.record === 3) cut.abort();
    }
    expect(seen).toEqual([1, 2, 3]);
  });

  it('does not wait for the end of a pause', async () => {
    const cut = new AbortController();
    const seen: number[] = [];
    const pause: Pause = (_, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error));
        cut.abort();
      });
    for await (const { event } of stepsOf({ paceMs: 60_000 }, { signal: cut.signal, pause })) seen.push(event.record);
    expect(seen).toEqual([1]);
  });
});

describe('resumed', () => {
  it('goes on after the last step that a client has', async () => {
    const all = await steps();
    for (const { event } of all) {
      const from = resumedFrom(String(event.record))!;
      expect(recordsIn(await steps({ from }))).toEqual(recordsIn(all).filter((record) => record > event.record));
    }
  });

  it('begins as asked where the client has none, or something else', () => {
    expect([undefined, '', 'x', '-1', '1.5', '9'.repeat(16)].map(resumedFrom)).toEqual(Array<undefined>(6).fill(undefined));
  });
});
