// The same lists and details at a past record and as they stand.
import { ids, type Layout } from '../history.js';
import { prepare } from '../prepared.js';
import { ask, asOf, makeReaders, now, type Latencies, type Readers } from '../reads.js';
import { compare, median, milliseconds } from '../rounds.js';
import { check, type Scenario } from '../scenario.js';
import { Served, withServed } from '../served.js';

/** Records of a meeting after which it is scheduled, open, concluded. */
const STAGES = [
  [1, 'scheduled'],
  [2, 'open'],
  [11, 'open'],
  [12, 'concluded'],
] as const;

export const asOf1m: Scenario = {
  names: ['asof-1m', 'asof-p99-1m'],
  async run(context) {
    const { sizes } = context;
    const { directory, layout } = await prepare(context, sizes.manyEvents, sizes.hotVersions);
    return withServed(Served.product(directory), async (served) => {
      const readers = await makeReaders(served);
      await checkMoments(served, readers, layout);
      const taken: Record<'then' | 'now', Latencies[]> = { then: [], now: [] };
      const side = (name: 'then' | 'now', addresses: readonly string[]) => async (): Promise<number> => {
        const latencies = await ask(served, readers, addresses, sizes.roundMs);
        taken[name].push(latencies);
        return latencies.medianMs;
      };
      const { first, second, ratio } = await compare(sizes.rounds, side('then', asOf(layout)), side('now', now(layout)));
      const counted = { then: taken.then.slice(1), now: taken.now.slice(1) };
      const p99 = median(counted.then.map(({ p99Ms }, round) => p99Ms / counted.now[round]!.p99Ms));
      const at = `${layout.events.toLocaleString('en')} events, 64 connections, same pages`;
      return [
        {
          name: 'asof-1m',
          value: ratio,
          bound: { is: 'at-most', value: 1.2 },
          says: `Median of lists and details at a past record to now; ${at}`,
          figures: [
            ['at a past record', milliseconds(first)],
            ['now', milliseconds(second)],
          ],
        },
        {
          name: 'asof-p99-1m',
          value: p99,
          bound: { is: 'at-most', value: 1.5 },
          says: `99th percentile of lists and details at a past record to now; ${at}`,
          figures: [
            ['at a past record', milliseconds(median(counted.then.map(({ p99Ms }) => p99Ms)))],
            ['now', milliseconds(median(counted.now.map(({ p99Ms }) => p99Ms)))],
          ],
        },
      ];
    });
  },
};

/** That a meeting is answered as it stood at each stage of its life, and is unknown before. */
async function checkMoments(served: Served, { auditor }: Readers, layout: Layout): Promise<void> {
  for (const share of [0, 0.3, 0.6, 0.99]) {
    const meeting = Math.floor(layout.plan.meetings * share);
    const before = layout.before(meeting);
    for (const [record, status] of STAGES) {
      const shown = await served.ask('GET', `/meetings/${ids.meeting(meeting)}?asOf=${before + record}`, auditor);
      check(
        shown['status'] === status,
        `meeting ${meeting} was ${String(shown['status'])} as of its record ${record}, and should be ${status}`,
      );
    }
    const { items } = await served.ask('GET', `/meetings?sort=-recorded&asOf=${before + 1}`, auditor);
    const [last] = items as { id: string }[];
    check(
      last?.id === ids.meeting(meeting),
      `the last meeting as of record ${before + 1} is ${last?.id}, and should be ${ids.meeting(meeting)}`,
    );
  }
}
