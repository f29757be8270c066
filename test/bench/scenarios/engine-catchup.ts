// How fast a follower catches up: events a second through the adapter's subscription, each with its leaf, against the bare client's with
// the same filter, which parses what it gets. The protocol server keeps everything in memory.
import { START, streamNameFilter } from '@eventstore/db-client';
import { CALL, newMeeting, ON_WHAT, openEngine, remarks, type Engine } from '../engine.js';
import { compare, perSecond } from '../rounds.js';
import { check, type Scenario } from '../scenario.js';

const STREAMS = 50;

export const engineCatchUp: Scenario = {
  names: ['engine-catchup'],
  async run({ sizes }) {
    const engine = await openEngine();
    const each = Math.ceil((sizes.engineAppends * 5) / STREAMS);
    try {
      await Promise.all(
        Array.from({ length: STREAMS }, async () => {
          for (const append of remarks(newMeeting(), 0, each)) await engine.store.append(append);
        }),
      );
      const { first, second, ratio } = await compare(
        sizes.rounds,
        () => byAdapter(engine, STREAMS * each),
        () => byClient(engine, STREAMS * each),
      );
      return [
        {
          name: 'engine-catchup',
          value: ratio,
          bound: { is: 'at-least', value: 0.8 },
          says: `A follower that catches up through the adapter to the bare client's subscription with JSON.parse, ${ON_WHAT}`,
          figures: [
            ['through the adapter', `${perSecond(first)} events`],
            ['bare client', `${perSecond(second)} events`],
            ['events', (STREAMS * each).toLocaleString('en')],
          ],
        },
      ];
    } finally {
      await engine.close();
    }
  },
};

async function byAdapter({ store }: Engine, events: number): Promise<number> {
  const start = performance.now();
  let received = 0;
  for await (const notice of store.subscribe({ signal: new AbortController().signal })) {
    if (notice.kind === 'events') received += notice.events.length;
    if (received >= events) break;
  }
  check(received === events, `${received} events were delivered`);
  return (received * 1000) / (performance.now() - start);
}

async function byClient({ client, prefix }: Engine, events: number): Promise<number> {
  const start = performance.now();
  const subscription = client.subscribeToAll({ ...CALL, fromPosition: START, filter: streamNameFilter({ prefixes: [prefix] }) });
  let received = 0;
  let keys = 0;
  for await (const { event } of subscription) {
    keys += Object.keys(JSON.parse(Buffer.from(event!.data as Uint8Array).toString('utf8')) as object).length;
    received += 1;
    if (received === events) break;
  }
  await subscription.unsubscribe();
  check(keys === 7 * events, `${keys} members were parsed`);
  return (received * 1000) / (performance.now() - start);
}
