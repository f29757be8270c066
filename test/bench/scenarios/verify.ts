// A bundle of a whole history verified offline, against a loop that parses the same lines and makes the same hash calls.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { compare, perSecond } from '../rounds.js';
import { check, type Scenario } from '../scenario.js';
import { heapDuring, leastWork, verified, writeBundle } from '../verifying.js';

/** What a longer bundle may take beyond half of it: the edges of the tree, and what a collection leaves. */
const HEAP_SLACK_MIB = 16;

export const verify: Scenario = {
  names: ['verify'],
  async run({ sizes, scratch, tell }) {
    const events = sizes.manyEvents;
    const file = join(scratch, 'bundle.ndjson');
    tell(`writing a bundle of ${events.toLocaleString('en')} events`);
    await writeBundle(file, events);
    const rateOf = (run: (file: string) => Promise<boolean>) => async (): Promise<number> => {
      const start = performance.now();
      check(await run(file), 'the bundle does not verify');
      return (events * 1000) / (performance.now() - start);
    };
    const { first, second, ratio } = await compare(Math.min(sizes.rounds, 3), rateOf(verified), rateOf(leastWork));
    const heap = await heapDuring(file, events);
    check(
      heap.end < heap.half + HEAP_SLACK_MIB,
      `the heap grows with the bundle: ${heap.half.toFixed(1)} MiB at half of it, ${heap.end.toFixed(1)} MiB at its end`,
    );
    rmSync(file);
    return [
      {
        name: 'verify',
        value: ratio,
        bound: { is: 'at-least', value: 0.6 },
        says: `Events a second of verifying a complete bundle of ${events.toLocaleString('en')} events, to a loop that parses the same lines and makes the same hash calls`,
        figures: [
          ['verified', perSecond(first)],
          ['bare loop', perSecond(second)],
          ['heap at half of it', `${heap.half.toFixed(1)} MiB`],
          ['heap at its end', `${heap.end.toFixed(1)} MiB`],
        ],
      },
    ];
  },
};
