// Default lists and details of a long history, against those of a history of a thousand events, pages of the same size.
import { prepare } from '../prepared.js';
import { ask, makeReaders, now } from '../reads.js';
import { compare, median, milliseconds, perSecond } from '../rounds.js';
import { check, type Scenario } from '../scenario.js';
import { Served, withServed } from '../served.js';

const FEW_EVENTS = 1_000;
const PAGE = 50;
const FULL_PAGES = ['/meetings', '/proposals', '/decisions', '/follow-ups', '/persons', '/organisations'];

export const p99: Scenario = {
  names: ['p99-1m'],
  async run(context) {
    const { sizes } = context;
    const few = await prepare(context, FEW_EVENTS);
    const many = await prepare(context, sizes.manyEvents, sizes.hotVersions);
    return withServed(Served.product(few.directory), (small) =>
      withServed(Served.product(many.directory), async (large) => {
        const sides = [
          { served: large, layout: many.layout },
          { served: small, layout: few.layout },
        ];
        const measured = await Promise.all(
          sides.map(async ({ served, layout }) => ({
            served,
            readers: await makeReaders(served),
            addresses: now(layout),
            rates: [] as number[],
          })),
        );
        for (const { served, readers } of measured) {
          for (const path of FULL_PAGES) {
            const { items } = await served.ask('GET', path, readers.delegate);
            check((items as unknown[]).length === PAGE, `${path} has a page of ${(items as unknown[]).length}`);
          }
        }
        const [ofMany, ofFew] = measured.map(({ served, readers, addresses, rates }) => async () => {
          const { p99Ms, rate } = await ask(served, readers, addresses, sizes.roundMs);
          rates.push(rate);
          return p99Ms;
        });
        const { first, second, ratio } = await compare(sizes.rounds, ofMany!, ofFew!);
        const events = (count: number): string => `${count.toLocaleString('en')} events`;
        return [
          {
            name: 'p99-1m',
            value: ratio,
            bound: { is: 'at-most', value: 2 },
            says: `99th percentile of default lists and details, 64 connections, at ${events(many.layout.events)} to that at ${events(few.layout.events)}`,
            figures: [
              [`p99 at ${events(many.layout.events)}`, milliseconds(first)],
              [`p99 at ${events(few.layout.events)}`, milliseconds(second)],
              ['reads', `${perSecond(median(measured[0]!.rates))} and ${perSecond(median(measured[1]!.rates))}`],
            ],
          },
        ];
      }),
    );
  },
};
