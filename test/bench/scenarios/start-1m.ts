// From the start of the process until health says ready, with everything projected, against the same on an empty directory.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { prepare } from '../prepared.js';
import { compare, milliseconds } from '../rounds.js';
import { check, type Scenario } from '../scenario.js';
import { Served, withServed } from '../served.js';

export const start1m: Scenario = {
  names: ['start-1m'],
  async run(context) {
    const { sizes, scratch } = context;
    const { directory, layout } = await prepare(context, sizes.manyEvents, sizes.hotVersions);
    const empty = join(scratch, 'empty');
    const { first, second, ratio } = await compare(
      sizes.rounds,
      () => startMs(directory, layout.events),
      async () => {
        for (const path of [empty, `${empty}-keys`]) rmSync(path, { recursive: true, force: true });
        return startMs(empty, 1);
      },
    );
    return [
      {
        name: 'start-1m',
        value: ratio,
        bound: { is: 'at-most', value: 1.5 },
        says: `A start on ${layout.events.toLocaleString('en')} projected events to one on an empty directory, from the process until health is ready`,
        figures: [
          ['with the history', milliseconds(first)],
          ['empty', milliseconds(second)],
        ],
      },
    ];
  },
};

async function startMs(directory: string, events: number): Promise<number> {
  const start = performance.now();
  return withServed(Served.product(directory), async (served) => {
    const projected = await served.caughtUp();
    const took = performance.now() - start;
    check(projected >= events, `${projected} of ${events} records are projected`);
    return took;
  });
}
