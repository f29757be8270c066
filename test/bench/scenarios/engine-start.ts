// The first start of a node on a database that holds a history: everything read, checked and projected, against the same history in a
// directory. The protocol server keeps everything in memory.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { EventStoreDbEventStore } from '#event-store/eventstoredb';
import { DATABASE, ON_WHAT, startProtocolServer } from '../engine.js';
import { writeHistoryInto } from '../history.js';
import { prepare } from '../prepared.js';
import { compare, milliseconds } from '../rounds.js';
import { check, type Scenario } from '../scenario.js';
import { Served, withServed } from '../served.js';

/** The product takes the whole database: there is no name under which another history could lie beside. */
const NOT_EMPTY = 'the database holds a history already: take an empty one';

export const engineStart: Scenario = {
  names: ['engine-start-100k'],
  async run(context) {
    const { sizes, scratch, tell } = context;
    const { directory, layout } = await prepare(context, sizes.logEvents);
    const server = DATABASE ? { url: DATABASE, kill: () => Promise.resolve() } : await startProtocolServer();
    const data = join(scratch, 'engine-start');
    try {
      const store = await EventStoreDbEventStore.open({ url: server.url, mode: 'reader' });
      check((await store.lastEvent()) === undefined, NOT_EMPTY);
      tell(`writing ${layout.events.toLocaleString('en')} events into the database`);
      await writeHistoryInto(store, `${data}-keys`, layout.plan, 1);
      await store.close();
      const { first, second, ratio } = await compare(
        Math.min(sizes.rounds, 3),
        () => {
          rmSync(data, { recursive: true, force: true });
          return startMs(Served.product(data, { EVENTSTORE_URL: server.url }), layout.events);
        },
        () => {
          rmSync(join(directory, 'read-models'), { recursive: true });
          return startMs(Served.product(directory), layout.events);
        },
      );
      return [
        {
          name: 'engine-start-100k',
          value: ratio,
          bound: { is: 'at-most', value: 2 },
          says: `The first start of a node on a database of ${layout.events.toLocaleString('en')} events, from the process until all is projected, to one on a directory without read models, ${ON_WHAT}`,
          figures: [
            ['on the database', milliseconds(first)],
            ['on the directory', milliseconds(second)],
          ],
        },
      ];
    } finally {
      await server.kill();
    }
  },
};

async function startMs(starting: Promise<Served>, events: number): Promise<number> {
  const start = performance.now();
  return withServed(starting, async (served) => {
    await served.projected(events);
    return performance.now() - start;
  });
}
