// What changed between two moments: one change in a long history and in a short one, and the first page over a thousand records.
import { drive, request } from '../http-load.js';
import { prepare, type Prepared } from '../prepared.js';
import { compare, median, milliseconds, quantile } from '../rounds.js';
import { check, type Ratio, type Scenario } from '../scenario.js';
import { Served, withServed } from '../served.js';

const FEW_EVENTS = 1_000;
const RECORDS = 1_000;
const PAGE = 500;
const PAGE_MS = 20;

interface Side {
  served: Served;
  auditor: string;
  /** The last record of the history as it was written. */
  last: number;
}

export const changes: Scenario = {
  names: ['changes-flat', 'changes-1k'],
  async run(context) {
    const few = await prepare(context, FEW_EVENTS);
    const many = await prepare(context, context.sizes.manyEvents, context.sizes.hotVersions);
    return withServed(Served.product(few.directory), (small) =>
      withServed(Served.product(many.directory), async (large) => {
        const [short, long] = [await sideOf(small, few), await sideOf(large, many)];
        return [await flat(short, long, context.sizes), await firstPage(long, context.sizes)];
      }),
    );
  },
};

async function sideOf(served: Served, { layout }: Prepared): Promise<Side> {
  const auditor = await served.makeToken('auditor');
  await served.caughtUp();
  return { served, auditor, last: layout.events };
}

type Sizes = Parameters<Scenario['run']>[0]['sizes'];

async function flat(short: Side, long: Side, { rounds, roundMs }: Sizes): Promise<Ratio> {
  for (const side of [short, long]) check((await pageOf(side, side.last - 1, 1)).length > 0, 'the last record changed nothing');
  const oneChange = (side: Side) => async (): Promise<number> => median(await latencies(side, roundMs, () => side.last - 1, 1));
  const { first, second, ratio } = await compare(rounds, oneChange(long), oneChange(short));
  return {
    name: 'changes-flat',
    value: ratio,
    bound: { is: 'at-most', value: 1.5 },
    says: `Median of what one record changed, one connection, in ${long.last.toLocaleString('en')} records to that in ${short.last.toLocaleString('en')}`,
    figures: [
      [`in ${long.last.toLocaleString('en')} records`, milliseconds(first)],
      [`in ${short.last.toLocaleString('en')}`, milliseconds(second)],
    ],
  };
}

async function firstPage(side: Side, { rounds, roundMs }: Sizes): Promise<Ratio> {
  const rows = (await pageOf(side, side.last - RECORDS, RECORDS)).length;
  check(rows === PAGE, `the first page has ${rows} changes`);
  const p99s: number[] = [];
  const medians: number[] = [];
  let from = 0;
  const nextPlace = (): number => side.last - RECORDS - (from = (from + RECORDS) % (side.last - 2 * RECORDS));
  // Each place once before anything counts: what lies on the disk alone takes as long as that disk does.
  for (let place = 0; place < side.last / RECORDS; place++) await pageOf(side, nextPlace(), RECORDS);
  for (let round = 0; round < rounds; round++) {
    const each = await latencies(side, roundMs, nextPlace, RECORDS);
    p99s.push(quantile(each, 0.99));
    medians.push(median(each));
  }
  return {
    name: 'changes-1k',
    value: median(p99s) / PAGE_MS,
    bound: { is: 'at-most', value: 1 },
    says: `99th percentile of the first page (${PAGE} rows) of what ${RECORDS.toLocaleString('en')} records changed, in ${side.last.toLocaleString('en')} records, one connection, over ${PAGE_MS} ms`,
    figures: [
      ['p99', milliseconds(median(p99s))],
      ['median', milliseconds(median(medians))],
    ],
  };
}

const address = (from: number, records: number): string => `/changes?from=${from}&to=${from + records}&limit=${PAGE}`;

async function pageOf({ served, auditor }: Side, from: number, records: number): Promise<unknown[]> {
  return (await served.ask('GET', address(from, records), auditor))['items'] as unknown[];
}

async function latencies({ served, auditor }: Side, forMs: number, from: () => number, records: number): Promise<number[]> {
  const { latenciesMs } = await drive({
    address: served.address,
    connections: 1,
    forMs,
    next: () => request('GET', address(from(), records), auditor),
    onAnswer: ({ status, body }) => check(status === 200, `changes were answered with ${status}: ${body.toString()}`),
  });
  return latenciesMs;
}
