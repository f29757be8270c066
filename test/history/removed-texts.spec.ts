// Whatever a person typed can be removed: every event of every type is projected without its texts, live and rebuilt alike.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MemoryEventStore, readKeys, removedValues, type LoggedEvent } from '#event-store';
import { LOG_STREAM, sealText } from '#kernel';
import type { Database } from '#sqlite';
import { History } from '../../libs/read-models/src/testing/history.js';
import { dump } from '../../libs/read-models/src/dump.js';
import { replay } from '../../libs/read-models/src/testing/oracle.js';
import { Workbench } from '../../libs/read-models/src/testing/workbench.js';
import { catalogue, projections } from '../../apps/api/src/composition.js';
import { writeEveryType } from './every-type.js';
import { goldenEvents, writesOf } from './golden-events.js';
import { TEST_KEYS } from './histories.js';

const writerKey = readKeys(TEST_KEYS).writer!;

describe.each(goldenEvents())('%s', (_file, { event }) => {
  it('is read without its texts', () => {
    const emptied = { ...event, sealed: [], position: 'golden:1' as never };
    expect(() => writesOf(emptied)).not.toThrow();
    const bench = new Workbench({ projections, catalogue, writerKey });
    try {
      expect(bench.project([emptied]).projector.checkpoint.record).toBe(1);
    } finally {
      bench.close();
    }
  });
});

describe('a whole history, all of whose texts are removed', () => {
  let events: LoggedEvent[];
  let emptied: LoggedEvent[];
  let bench: Workbench;

  beforeAll(async () => {
    const record = await writeEveryType(new MemoryEventStore());
    const before = [...record.events];
    await record.close();
    const gone = new Set(before.flatMap(removedValues).map(({ hash }) => hash));
    const values = before.flatMap(({ sealed }, index) =>
      sealed.map(({ hash }) => ({ record: index + 1, hash })).filter(({ hash }) => !gone.has(hash)),
    );
    const last = before.findLast(({ stream }) => stream === LOG_STREAM)!;
    const removals = new History(writerKey, before);
    removals.record({
      stream: LOG_STREAM,
      type: 'value-removed',
      data: { values, reason: sealText([{ lang: 'en', text: 'The law' }]), authority: sealText([{ lang: 'en', text: 'A court' }]) },
    });
    events = removals.events;
    expect(events.at(-1)!.revision).toBe(last.revision + 1);
    emptied = events.map((event, index) => (index < before.length ? { ...event, sealed: [] } : event));
    bench = new Workbench({ projections, catalogue, writerKey }).project(events, 13);
  });
  afterAll(() => bench.close());

  it('is what a rebuild from the emptied store makes', () => {
    const rebuilt = bench.rebuilt(emptied);
    expect(dump(bench.database)).toEqual(dump(rebuilt));
    rebuilt.close();
  });

  it('holds none of them, in no version of any row', () => {
    const texts = new Set(events.slice(0, -1).flatMap(({ sealed }) => sealed.map(({ value }) => JSON.stringify(value))));
    expect(texts.size).toBeGreaterThan(50);
    const openIn = (database: Database): string[] => {
      const rows = JSON.stringify(Object.values(dump(database)).map((table) => table.map((row) => row.map(String).join('\n'))));
      return [...texts].filter((text) => rows.includes(JSON.stringify(text).slice(1, -1)));
    };
    expect(openIn(bench.database)).toEqual([]);
    const withTexts = bench.rebuilt(events.slice(0, -2));
    expect(openIn(withTexts).length).toBeGreaterThan(50);
    withTexts.close();
    const shown = JSON.stringify([...replay(projections, catalogue, emptied).values()].map((table) => [...table.values()]));
    expect([...texts].filter((text) => shown.includes(`"text":${text}`))).toEqual([]);
  });
});
