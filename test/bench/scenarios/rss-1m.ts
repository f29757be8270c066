// Resident memory of a server that has answered readers of a long history for a while, over 300 MiB.
import { prepare } from '../prepared.js';
import { ask, asOf, makeReaders, now } from '../reads.js';
import { check, type Scenario } from '../scenario.js';
import { Served, withServed } from '../served.js';

const BOUND_MIB = 300;

export const rss1m: Scenario = {
  names: ['rss-1m'],
  async run(context) {
    const { sizes } = context;
    const { directory, layout } = await prepare(context, sizes.manyEvents, sizes.hotVersions);
    return withServed(Served.product(directory), async (served) => {
      const readers = await makeReaders(served);
      const started = served.residentMiB().now;
      for (let round = 0; round < sizes.rounds; round++) {
        for (const addresses of [now(layout), asOf(layout)]) await ask(served, readers, addresses, sizes.roundMs);
      }
      const { now: resident, most } = served.residentMiB();
      check((await served.caughtUp()) >= layout.events, 'not everything is projected');
      const mib = (size: number): string => `${Math.round(size)} MiB`;
      return [
        {
          name: 'rss-1m',
          value: resident / BOUND_MIB,
          bound: { is: 'at-most', value: 1 },
          says: `Resident memory of the server at ${layout.events.toLocaleString('en')} events after reads at many moments, over ${BOUND_MIB} MiB`,
          figures: [
            ['resident', mib(resident)],
            ['at its most', mib(most)],
            ['before the reads', mib(started)],
          ],
        },
      ];
    });
  },
};
