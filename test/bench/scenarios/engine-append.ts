// Appends a second through the adapter, against the bare client with the same call, credentials, deadline and bytes. The protocol server
// keeps everything in memory: what is measured there is no statement about the speed of a database.
import { binaryEvent, NO_STREAM } from '@eventstore/db-client';
import { CALL, newMeeting, ON_WHAT, openEngine, remarks, type Engine } from '../engine.js';
import { compare, perSecond } from '../rounds.js';
import { check, type RatioName, type Scenario } from '../scenario.js';

export const engineAppend1 = scenario('engine-append-1', 1);
export const engineAppend64 = scenario('engine-append-64', 64);

function scenario(name: RatioName, writers: number): Scenario {
  return {
    names: [name],
    async run({ sizes }) {
      const engine = await openEngine();
      const each = Math.ceil(sizes.engineAppends / writers);
      try {
        const { first, second, ratio } = await compare(
          sizes.rounds,
          () => byAdapter(engine, writers, each),
          () => byClient(engine, writers, each),
        );
        let stored = 0;
        for await (const events of engine.store.readLog()) stored += events.length;
        check(stored === 2 * (sizes.rounds + 1) * writers * each, `${stored} events are stored`);
        return [
          {
            name,
            value: ratio,
            bound: { is: 'at-least', value: 0.8 },
            says: `Appends of one event through the adapter to the bare client's, ${writers} at once, ${ON_WHAT}`,
            figures: [
              ['through the adapter', perSecond(first)],
              ['bare client', perSecond(second)],
            ],
          },
        ];
      } finally {
        await engine.close();
      }
    },
  };
}

async function byAdapter({ store }: Engine, writers: number, each: number): Promise<number> {
  const work = Array.from({ length: writers }, () => remarks(newMeeting(), 0, each));
  return rate(work, (append) => store.append(append));
}

async function byClient({ client, prefix }: Engine, writers: number, each: number): Promise<number> {
  const work = Array.from({ length: writers }, () => {
    return remarks(newMeeting(), 0, each).map(({ stream, expected, events: [event] }) => {
      const { id, type, ...form } = event!;
      // As many bytes as the stored form has.
      return {
        stream: prefix + stream,
        expected,
        event: binaryEvent({ id, type, data: Buffer.from(JSON.stringify({ ...form, leaf: undefined })) }),
      };
    });
  });
  return rate(work, ({ stream, expected, event }) =>
    client.appendToStream(stream, event, { ...CALL, expectedRevision: expected === 'none' ? NO_STREAM : BigInt(expected) }),
  );
}

async function rate<Item>(work: readonly (readonly Item[])[], send: (item: Item) => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await Promise.all(
    work.map(async (items) => {
      for (const item of items) await send(item);
    }),
  );
  return (work.reduce((sum, items) => sum + items.length, 0) * 1000) / (performance.now() - start);
}
