// The whole log through the port, against a plain SELECT of the same two tables by the same driver; both parse what they read.
import { join } from 'node:path';
import { LOG_FILE, SqliteEventStore } from '#event-store';
import { openDatabase } from '#sqlite';
import { prepare } from '../prepared.js';
import { compare, perSecond } from '../rounds.js';
import { check, type Scenario } from '../scenario.js';

const BATCH = 1000;

interface Read {
  events: number;
  texts: number;
  /** Of everything that was parsed: that both read the same. */
  keys: number;
}

export const logRead: Scenario = {
  names: ['log-read'],
  async run(context) {
    const { directory } = await prepare(context, context.sizes.logEvents);
    const store = await SqliteEventStore.open({ directory, mode: 'reader' });
    const reads: Read[] = [];
    const timed = async (read: () => Promise<Read> | Read): Promise<number> => {
      const start = performance.now();
      const done = await read();
      reads.push(done);
      return (done.events * 1000) / (performance.now() - start);
    };
    try {
      const { first, second, ratio } = await compare(
        context.sizes.rounds,
        () => timed(() => byPort(store)),
        () => timed(() => bySelect(join(directory, LOG_FILE))),
      );
      check(new Set(reads.map((each) => JSON.stringify(each))).size === 1, 'the port and the plain SELECT did not read the same');
      check(reads[0]!.events === store.lastRecord(), 'not all events were read');
      return [
        {
          name: 'log-read',
          value: ratio,
          bound: { is: 'at-least', value: 0.8 },
          says: 'The log read through the port to a plain SELECT of its tables, both with JSON.parse of data and metadata',
          figures: [
            ['through the port', `${perSecond(first)} events`],
            ['plain SELECT', `${perSecond(second)} events`],
            ['events', reads[0]!.events.toLocaleString('en')],
          ],
        },
      ];
    } finally {
      await store.close();
    }
  },
};

async function byPort(store: SqliteEventStore): Promise<Read> {
  const read: Read = { events: 0, texts: 0, keys: 0 };
  for await (const events of store.readLog({ batch: BATCH })) {
    for (const event of events) {
      read.events += 1;
      read.texts += event.sealed.length;
      read.keys += keysIn(event.data) + keysIn(event.meta);
    }
  }
  return read;
}

function bySelect(file: string): Read {
  const database = openDatabase(file, { mode: 'read-only' });
  const read: Read = { events: 0, texts: 0, keys: 0 };
  const events = database.prepareArrays<[number, ...string[]]>('SELECT * FROM events WHERE record > ? ORDER BY record LIMIT ?');
  const texts = database.prepareArrays<[number, string, string, string]>(
    'SELECT * FROM sealed WHERE record > ? AND record <= ? ORDER BY record, hash',
  );
  for (let after = 0; ; after += BATCH) {
    const rows = events.all(after, BATCH);
    read.texts += texts.all(after, after + BATCH).length;
    read.events += rows.length;
    for (const row of rows) read.keys += keysIn(row[7]!) + keysIn(row[8]!);
    if (rows.length < BATCH) break;
  }
  database.close();
  return read;
}

const keysIn = (json: string): number => Object.keys(JSON.parse(json) as object).length;
