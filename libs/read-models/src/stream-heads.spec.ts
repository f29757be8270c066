// Which decisions rest on a revision that was old already, as the log alone shows it: after a restart, a cut back, and a rebuild.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LOG_STREAM, streamName, type RecordNumber, type Revision, type StreamName } from '#kernel';
import { dump } from './dump.js';
import type { Projection } from './projection.js';
import type { SlippedCheck } from './stream-heads.js';
import { History, idOf, Workbench } from './testing/index.js';
import { madeUp, madeUpCatalogue } from './testing/made-up.js';

const [one, other, absent] = ['one', 'other', 'absent'].map((name) => streamName('meeting', idOf(name))) as [
  StreamName,
  StreamName,
  StreamName,
];
let found: { record: number; slipped: readonly SlippedCheck[] }[];
const listening: Projection = { ...madeUp, applyAny: ({ record, slipped }) => void (slipped && found.push({ record, slipped })) };
let bench: Workbench;
let history: History;
beforeEach(() => {
  found = [];
  bench = new Workbench({ projections: [listening], catalogue: madeUpCatalogue });
  history = new History();
});
afterEach(() => bench.close());

const happen = (stream: StreamName, ...decidedOn: [StreamName, number | null][]): History =>
  history.record({
    stream,
    type: 'nothing-happened',
    data: {},
    ...(decidedOn.length > 0 && {
      meta: { decidedOn: decidedOn.map(([of, revision]) => ({ stream: of, revision: revision as Revision | null })) },
    }),
  });

describe('a revision that a decision rests on', () => {
  it('is the stream’s right before the event, or slipped through', () => {
    happen(LOG_STREAM);
    happen(one, [other, null]);
    happen(other, [one, 0]);
    happen(other, [one, 0], [absent, null]);
    happen(one, [other, 0]);
    happen(one, [other, 1], [LOG_STREAM, 0]);
    happen(absent, [one, 2], [other, null]);
    happen(other, [absent, null], [one, 1]);
    bench.project(history.events);
    expect(found).toEqual([
      { record: 5, slipped: [{ stream: other, expected: 0, actual: 1 }] },
      { record: 7, slipped: [{ stream: other, expected: null, actual: 1 }] },
      {
        record: 8,
        slipped: [
          { stream: absent, expected: null, actual: 0 },
          { stream: one, expected: 1, actual: 2 },
        ],
      },
    ]);
  });

  it('is found after a restart between the two, and in batches of one', () => {
    happen(one);
    bench.project(history.events).restart();
    happen(one);
    bench.project(history.events).restart();
    happen(other, [one, 0]);
    happen(other, [one, 1]);
    bench.project(history.events, 1);
    expect(found.map(({ record }) => record)).toEqual([3]);
  });

  it('is that of what is left, where the end of the log was withdrawn', () => {
    happen(one);
    happen(one);
    happen(other);
    const before = dump(bench.project(history.events.slice(0, 1)).database);
    bench.project(history.events).projector.cutBackTo(1 as RecordNumber);
    expect(dump(bench.database)).toEqual(before);
    const shorter = new History(undefined, history.events.slice(0, 1));
    shorter.record({
      stream: absent,
      type: 'nothing-happened',
      data: {},
      meta: {
        decidedOn: [
          { stream: one, revision: 0 as Revision },
          { stream: other, revision: null },
        ],
      },
    });
    bench.project(shorter.events);
    expect(found).toEqual([]);
    const rebuilt = bench.rebuilt(shorter.events);
    expect(dump(rebuilt)).toEqual(dump(bench.database));
    rebuilt.close();
  });
});
