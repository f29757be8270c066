// What lies in a source and was not signed so: it is not put back, it is told, and what stands beside it is taken all the same.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { LOG_FILE } from '#event-store';
import type { EventLine } from '#ledger/core';
import { openDatabase } from '#sqlite';
import { recover } from '../../apps/api/src/ledger/recovery/recover.js';
import { sourceAt } from '../../apps/api/src/ledger/recovery/sources.js';
import { call, REMOVED, tell, withOlderCopy, type Place, type Told } from './support/lost-tail.js';

const LIMIT_MS = 120_000;

let told: Told;
let place: Place;
beforeAll(async () => {
  told = await tell();
}, LIMIT_MS);
afterAll(() => told.whole.remove());
beforeEach(() => {
  place = withOlderCopy(told);
});
afterEach(() => place.remove());

/** The log as it stands: leaves, and texts with their hashes. */
async function stored(of: Place): Promise<unknown> {
  return (await of.events()).map(({ leaf, sealed }) => ({ leaf, sealed: sealed.map(({ hash, value }) => ({ hash, value })) }));
}

/** The whole bundle, its events changed, or with others before them. */
function crafted(change: (event: EventLine) => readonly EventLine[], from = told.bundle, name = 'crafted'): string {
  const file = join(place.directory, `${name}.ndjson`);
  const lines = readFileSync(from, 'utf8').trimEnd().split('\n');
  const written = lines.flatMap((text) => {
    const line = JSON.parse(text) as { kind: string };
    return line.kind === 'event' ? change(line as EventLine).map((each) => JSON.stringify(each)) : [text];
  });
  writeFileSync(file, `${written.join('\n')}\n`);
  return file;
}

const inFiles = (text: string): boolean =>
  readdirSync(place.data).some((name) => name.startsWith(LOG_FILE) && readFileSync(join(place.data, name)).includes(text));

/** The bundle without the texts of these records, or without some of them. */
const stripped = (records: readonly number[], keep: (at: number) => boolean = () => false, name = 'stripped'): string =>
  crafted(
    (event) => [records.includes(event.index + 1) ? { ...event, sealed: event.sealed.filter((_, at) => keep(at)) } : event],
    told.bundle,
    name,
  );

const recordOf = async (type: string): Promise<number> =>
  (await told.whole.events()).findIndex((event, index) => index >= told.before && event.type === type) + 1;

describe('a source that lacks texts', () => {
  it.each<[string, (without: string) => string[]]>([
    ['before', (without) => [without, told.bundle]],
    ['behind', (without) => [told.bundle, without]],
    ['before a directory', (without) => [without, told.whole.data]],
  ])(
    'gives nothing that another has whole, where it stands %s',
    async (_, sources) => {
      const without = stripped([told.before + 2, told.size]);
      expect(await place.recoverFrom(...sources(without))).toMatchObject({ lost: [], textless: [], completed: [] });
      expect(await stored(place)).toEqual(await stored(told.whole));
    },
    LIMIT_MS,
  );

  it(
    'is completed by another that lacks others of the same record',
    async () => {
      const record = await recordOf('value-removed');
      const [first, second] = [stripped([record], (at) => at === 0, 'first'), stripped([record], (at) => at > 0, 'second')];
      expect(await place.recoverFrom(first, second)).toMatchObject({ lost: [], textless: [] });
      expect(await stored(place)).toEqual(await stored(told.whole));
    },
    LIMIT_MS,
  );

  it.each([
    ['a bundle', () => stripped([told.before + 2, told.size])],
    [
      'a directory',
      () => {
        const other = told.whole.copy();
        others.push(other);
        const log = openDatabase(join(other.data, LOG_FILE), { mode: 'read-write' });
        log.exec(`DELETE FROM sealed WHERE record IN (${told.before + 2}, ${told.size})`);
        log.close();
        return other.data;
      },
    ],
  ])(
    'where nothing else is at hand, as %s, is taken, named, and made up for by whatever has them later',
    async (_, source) => {
      const records = [told.before + 2, told.size].map((record) => ({ from: record, to: record }));
      expect(await place.recoverFrom(source())).toMatchObject({ lost: [], textless: records });
      expect(await place.recoverFrom()).toMatchObject({ restored: [], textless: records, completed: [] });
      // Made of the record as it stood.
      const reader = await place.serve();
      await reader.node.projector.waitFor(reader.node.lastRecord() as never, 60_000);
      await reader.stop();
      expect(await place.recoverFrom(told.bundle)).toMatchObject({ restored: [], textless: [], completed: records });
      expect(await stored(place)).toEqual(await stored(told.whole));
      expect(await place.recoverFrom(told.bundle)).toMatchObject({ restored: [], textless: [], completed: [] });
      const serving = await place.serve();
      await serving.node.projector.waitFor(serving.node.lastRecord() as never, 60_000);
      for (const [path, body] of Object.entries(told.lists))
        expect((await call(serving, told.tokens.auditor, 'GET', path)).body).toEqual(body);
      await serving.stop();
    },
    LIMIT_MS,
  );

  const others: Place[] = [];
  afterAll(() => {
    for (const other of others) other.remove();
  });
});

describe('a record that stands without a text', () => {
  beforeEach(() => {
    place.remove();
    place = withOlderCopy(told, told.beforeRemoval);
    const log = openDatabase(join(place.data, LOG_FILE), { mode: 'read-write' });
    log.prepare('DELETE FROM sealed WHERE value = ?').run(REMOVED);
    log.close();
  });

  it(
    'does not get it back where a removal by law names it, wherever that is found',
    async () => {
      expect(await place.recoverFrom(told.earlierBundle, told.bundle)).toMatchObject({ lost: [], completed: [], textless: [] });
      expect(await stored(place)).toEqual(await stored(told.whole));
      expect(await place.recoverFrom(told.earlierBundle)).toMatchObject({ restored: [], completed: [], textless: [] });
      expect(inFiles(REMOVED)).toBe(false);
    },
    LIMIT_MS,
  );

  it(
    'does not get it back where a removal by law is lost, which may have named it',
    async () => {
      const statement = [{ lang: 'en', text: 'x' }];
      const declared = await recover({
        data: place.data,
        keys: place.keys,
        signer: place.signer,
        sources: [sourceAt(told.earlierBundle)],
        declareLost: { reason: statement, authority: statement },
        nowMs: Date.now(),
      });
      const without = [{ from: told.removedFrom, to: told.removedFrom }];
      expect(declared).toMatchObject({ completed: [], textless: without });
      expect(await place.recoverFrom(told.earlierBundle)).toMatchObject({ completed: [], textless: without });
      expect(inFiles(REMOVED)).toBe(false);
    },
    LIMIT_MS,
  );
});

it(
  'a text that came back with an older copy is gone again, and counted, once, however many sources name its removal',
  async () => {
    place.remove();
    place = withOlderCopy(told, told.beforeRemoval);
    expect(await place.recoverFrom(told.bundle, told.bundle, told.whole.data)).toMatchObject({ lost: [], destroyed: 1 });
    expect(inFiles(REMOVED)).toBe(false);
  },
  LIMIT_MS,
);

it(
  'a seal is never taken from a source: what is put back is sealed anew',
  async () => {
    await place.recoverFrom(crafted((event) => [{ ...event, seal: '0'.repeat(64) }]));
    const seals = async (of: Place): Promise<string[]> => (await of.events()).map(({ seal }) => seal);
    expect(await seals(place)).toEqual(await seals(told.whole));
  },
  LIMIT_MS,
);

describe('another data directory in which a text was altered', () => {
  let other: Place;
  beforeEach(() => {
    other = told.whole.copy();
    const log = openDatabase(join(other.data, LOG_FILE), { mode: 'read-write' });
    log.exec("UPDATE sealed SET value = 'The last one, as somebody else has it' WHERE value = 'The last one'");
    log.close();
  });
  afterEach(() => other.remove());

  it(
    'does not give it',
    async () => {
      await expect(place.recoverFrom(other.data)).rejects.toThrow(
        /record \d+ is nowhere; record \d+ in .* carries a sealed value that is not the one that was sealed/,
      );
      expect(await place.events()).toHaveLength(told.before);
    },
    LIMIT_MS,
  );

  it(
    'gives what is beside it, and the next source that one',
    async () => {
      expect(await place.recoverFrom(other.data, told.bundle)).toMatchObject({
        lost: [],
        unusable: [expect.stringContaining(`in ${other.data} carries a sealed value that is not the one that was sealed`)],
      });
      expect(await stored(place)).toEqual(await stored(told.whole));
    },
    LIMIT_MS,
  );
});

describe('another data directory that is damaged', () => {
  let other: Place;
  beforeEach(() => {
    other = told.whole.copy();
  });
  afterEach(() => other.remove());

  function damage(...statements: string[]): void {
    const log = openDatabase(join(other.data, LOG_FILE), { mode: 'read-write' });
    for (const sql of statements) log.prepare(sql).run();
    log.close();
  }

  /** Overwrites the page on which the record lies, as a disk might. */
  async function damagePageOf(record: number): Promise<void> {
    const { leaf } = (await other.events())[record - 1]!;
    // Everything lies in the one file then.
    damage('PRAGMA wal_checkpoint(TRUNCATE)');
    const file = join(other.data, LOG_FILE);
    const bytes = readFileSync(file);
    const page = bytes.readUInt16BE(16);
    const at = bytes.indexOf(leaf);
    expect(at).toBeGreaterThan(page);
    bytes.fill(0xff, at - (at % page), at - (at % page) + page);
    writeFileSync(file, bytes);
  }

  const first = (): number => told.before + 1;
  const nextToLast = (): number => told.size - 1;
  it.each<[string, () => string[], () => string]>([
    ['its first record', () => [`DELETE FROM events WHERE record = ${first()}`], () => `record ${first()} in ${other.data} is missing`],
    [
      'several of its records',
      () => [`DELETE FROM events WHERE record BETWEEN ${first() + 1} AND ${first() + 3}`],
      () => `records ${first() + 1} to ${first() + 3} in ${other.data} are missing`,
    ],
    [
      'the number of its last but one, which is far beyond',
      () => [`UPDATE events SET record = 100000000000000 WHERE record = ${nextToLast()}`],
      () => `record ${nextToLast()} in ${other.data} is missing`,
    ],
    [
      'the stream of one of its records',
      () => [
        'PRAGMA foreign_keys = OFF',
        `DELETE FROM streams WHERE key = (SELECT stream_key FROM events WHERE type = 'person-registered' AND record > ${told.before})`,
      ],
      () => `in ${other.data} cannot be read: the log is damaged: an event lies in a stream that does not exist`,
    ],
    [
      'the form of what was typed in one',
      () => [`UPDATE events SET data = '{' WHERE record = ${first()}`],
      () => `record ${first()} in ${other.data} has data that is not written in the canonical form`,
    ],
  ])(
    'gives what is left where it lost %s, and the next source the rest',
    async (_, statements, why) => {
      damage(...statements());
      await expect(place.recoverFrom(other.data)).rejects.toThrow(why());
      expect(await place.events()).toHaveLength(told.before);
      const { lost, unusable } = await place.recoverFrom(other.data, told.bundle);
      expect([lost, unusable[0]]).toEqual([[], expect.stringContaining(why())]);
      expect(await stored(place)).toEqual(await stored(told.whole));
    },
    LIMIT_MS,
  );

  it(
    'names each gap, once, and asks for nothing else',
    async () => {
      damage(`DELETE FROM events WHERE record IN (${first()}, ${first() + 2}, ${nextToLast()})`);
      await expect(place.recoverFrom(other.data)).rejects.toThrow(
        `records ${first()}, ${first() + 2}, ${nextToLast()} are nowhere; record ${first()} in ${other.data} is missing, and 2 more`,
      );
      expect((await place.recoverFrom(other.data, told.bundle)).unusable).toEqual(
        [first(), first() + 2, nextToLast()].map((record) => `record ${record} in ${other.data} is missing`),
      );
    },
    LIMIT_MS,
  );

  it(
    'is never believed what was altered beside what it lost',
    async () => {
      damage(
        `DELETE FROM events WHERE record = ${first()}`,
        `UPDATE events SET recorded_at = '2024-05-01T00:00:00.000Z' WHERE record = ${first() + 1}`,
      );
      const { lost, unusable } = await place.recoverFrom(other.data, told.bundle);
      expect([lost, unusable]).toEqual([
        [],
        [`record ${first()} in ${other.data} is missing`, `record ${first() + 1} in ${other.data} is not the one that was signed`],
      ]);
      expect(await stored(place)).toEqual(await stored(told.whole));
    },
    LIMIT_MS,
  );

  it.each<[string, () => number, () => string]>([
    [
      'in its midst',
      first,
      () => `record ${first()} in ${other.data} cannot be read|records ${first()} to \\d+ in ${other.data} cannot be read`,
    ],
    ['at its end', () => told.size, () => `${other.data} cannot be read`],
  ])(
    'on a page %s gives what can be read',
    async (_, record, why) => {
      await damagePageOf(record());
      await expect(place.recoverFrom(other.data)).rejects.toThrow(new RegExp(why()));
      const { lost, unusable } = await place.recoverFrom(other.data, told.bundle);
      expect([lost, unusable]).toEqual([[], [expect.stringMatching(why())]]);
      expect(await stored(place)).toEqual(await stored(told.whole));
    },
    LIMIT_MS,
  );
});

describe('a source that is of no use', () => {
  const at = (name: string): string => join(place.directory, name);
  const directoryWith = (log: Buffer | undefined): string => {
    mkdirSync(at('useless'));
    if (log) writeFileSync(join(at('useless'), LOG_FILE), log);
    return at('useless');
  };
  const fileWith = (bytes: Buffer | string): string => {
    writeFileSync(at('useless.ndjson'), bytes);
    return at('useless.ndjson');
  };

  it.each<[string, () => string, RegExp]>([
    [
      'a directory with the beginning of a log',
      () => directoryWith(readFileSync(join(told.whole.data, LOG_FILE)).subarray(0, 40_000)),
      /cannot be read/,
    ],
    ['a directory with something else as its log', () => directoryWith(Buffer.alloc(8192, 'garbage')), /cannot be read/],
    ['a directory without a log', () => directoryWith(undefined), /cannot be read: there is no log/],
    ['a file of any bytes', () => fileWith(Buffer.alloc(4096, 0xff)), /holds bytes that are no UTF-8/],
    ['a file that is no bundle', () => fileWith('{}\n{}\n'), /useless\.ndjson: line 1 /],
    ['an empty file', () => fileWith(''), /is empty/],
    ['a file that is not there', () => at('useless'), /cannot be read: ENOENT/],
    ['a log by itself', () => join(told.whole.data, LOG_FILE), /is a log by itself: bring the data directory in which it lies, .*data$/],
  ])(
    '%s is named, and the others are looked through',
    async (_, make, why) => {
      const useless = make();
      await expect(place.recoverFrom(useless)).rejects.toThrow('are nowhere; ');
      expect(await place.events()).toHaveLength(told.before);
      const { lost, unusable } = await place.recoverFrom(useless, told.bundle);
      expect([lost, unusable]).toEqual([[], [expect.stringMatching(why)]]);
      expect(unusable[0]).toContain(useless);
      expect(await stored(place)).toEqual(await stored(told.whole));
    },
    LIMIT_MS,
  );
});

describe('a bundle', () => {
  it(
    'of which the seals were spoiled brings back nothing that the law made go',
    async () => {
      const earlier = readFileSync(told.earlierBundle, 'utf8')
        .split('\n')
        .find((line) => line.startsWith(`{"kind":"event","index":${told.removedFrom - 1},`))!;
      expect(earlier).toContain(REMOVED);
      const file = crafted((event) => [
        event.index === told.removedFrom - 1
          ? (JSON.parse(earlier) as EventLine)
          : { ...event, ...(event.type === 'value-removed' && { seal: '0'.repeat(64) }) },
      ]);
      expect(await place.recoverFrom(file)).toMatchObject({ lost: [], withheld: 1 });
      expect(inFiles(REMOVED)).toBe(false);
      expect(await stored(place)).toEqual(await stored(told.whole));
    },
    LIMIT_MS,
  );

  it.each<[string, (event: EventLine) => EventLine, string]>([
    ['beyond the history', (event) => ({ ...event, index: told.size + 5000 }), 'lies beyond the'],
    ['ahead of its place', (event) => ({ ...event, index: told.size - 1 }), 'is not the one that was signed'],
    ['of its own making', (event) => ({ ...event, data: '{}', sealed: [] }), 'is not the one that was signed'],
  ])(
    'with a record %s gives all that follows',
    async (_, forged, why) => {
      const file = crafted((event) => (event.index === told.before ? [forged(event), event] : [event]));
      expect(await place.recoverFrom(file)).toMatchObject({ lost: [], unusable: [expect.stringContaining(why)] });
      expect(await stored(place)).toEqual(await stored(told.whole));
    },
    LIMIT_MS,
  );

  it(
    'with records that stand behind later ones, or twice, gives what stands in order',
    async () => {
      const [first, second] = [told.before, told.before + 1];
      let held: EventLine | undefined;
      const file = crafted((event) => {
        if (event.index === first) held = event;
        return event.index === first ? [] : event.index === second ? [event, held!, event] : [event];
      });
      await expect(place.recoverFrom(file)).rejects.toThrow(`record ${first + 1} is nowhere; record ${first + 1} in ${file} stands behind`);
      expect(await place.recoverFrom(file, told.whole.data)).toMatchObject({
        lost: [],
        unusable: [expect.stringContaining(`record ${first + 1}`), expect.stringContaining(`record ${second + 1}`)],
      });
      expect(await stored(place)).toEqual(await stored(told.whole));
    },
    LIMIT_MS,
  );
});
