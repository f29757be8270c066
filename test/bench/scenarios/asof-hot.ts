// A page on which one remark has as many versions as all else has events: at a past record, against now.
import { ids, type Layout } from '../history.js';
import { prepare } from '../prepared.js';
import { ask, atMoments, makeReaders, type Readers } from '../reads.js';
import { compare, milliseconds } from '../rounds.js';
import { check, type Scenario } from '../scenario.js';
import { Served, withServed } from '../served.js';

const ADDRESS = `/meetings/${ids.hotMeeting}/remarks`;
const DIFFERENT_MOMENTS = 500;

export const asOfHot: Scenario = {
  names: ['asof-hot'],
  async run(context) {
    const { sizes } = context;
    const { directory, layout } = await prepare(context, sizes.manyEvents, sizes.hotVersions);
    return withServed(Served.product(directory), async (served) => {
      const readers = await makeReaders(served);
      await checkVersions(served, readers, layout);
      const then = atMoments(
        layout,
        Array.from({ length: DIFFERENT_MOMENTS }, () => ADDRESS),
      );
      const medianOf = (addresses: readonly string[]) => async (): Promise<number> =>
        (await ask(served, readers, addresses, sizes.roundMs)).medianMs;
      const { first, second, ratio } = await compare(sizes.rounds, medianOf(then), medianOf([ADDRESS]));
      return [
        {
          name: 'asof-hot',
          value: ratio,
          bound: { is: 'at-most', value: 1.5 },
          says: `Median of a page of remarks, one of which has ${sizes.hotVersions.toLocaleString('en')} versions, at a past record to now, 64 connections`,
          figures: [
            ['at a past record', milliseconds(first)],
            ['now', milliseconds(second)],
          ],
        },
      ];
    });
  },
};

/** That the version that stood is the one that is shown. */
async function checkVersions(served: Served, { auditor }: Readers, layout: Layout): Promise<void> {
  for (const share of [0.1, 0.5, 0.9, 1]) {
    const meeting = Math.floor(layout.plan.meetings * share);
    const { items } = await served.ask('GET', `${ADDRESS}?asOf=${layout.before(meeting)}`, auditor);
    const [hot] = items as { id: string; record: number }[];
    const expected = layout.hotVersionBefore(meeting);
    check(
      hot?.id === ids.hotRemark && hot.record === expected,
      `the version of record ${hot?.record} is shown, and that of record ${expected} stood`,
    );
  }
}
