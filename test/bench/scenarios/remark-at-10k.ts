// A remark into a meeting that has 10,000 already, against one into a meeting that has none: one of each in turn.
import { join } from 'node:path';
import { drive } from '../http-load.js';
import { openMeeting, remarks, setUp } from '../recording.js';
import { median, milliseconds } from '../rounds.js';
import { check, type Scenario } from '../scenario.js';
import { Served, withServed } from '../served.js';

/** So many remarks a round on each side: the empty meeting stays as good as empty. */
const REMARKS = 100;

export const remarkAt10k: Scenario = {
  names: ['remark-at-10k'],
  run: ({ sizes, scratch }) =>
    withServed(Served.withNoOp(join(scratch, 'remark-at-10k')), async (served) => {
      const secretariat = await setUp(served);
      const full = await openMeeting(served, secretariat);
      await fill(served, remarks(secretariat, `/meetings/${full}/remarks`), sizes.longMeetingRemarks);
      const before = await served.caughtUp();
      const rounds: { full: number; empty: number }[] = [];
      let sent = 0;
      for (let round = 0; round <= sizes.rounds; round++) {
        const empty = await openMeeting(served, secretariat);
        const into = {
          full: remarks(secretariat, `/meetings/${full}/remarks`, REMARKS),
          empty: remarks(secretariat, `/meetings/${empty}/remarks`, REMARKS),
        };
        const took: Record<'full' | 'empty', number[]> = { full: [], empty: [] };
        let at = 0;
        await drive({
          address: served.address,
          connections: 1,
          forMs: 60_000,
          next: () => (at < 2 * REMARKS ? into[at % 2 ? 'full' : 'empty'][at++ >> 1] : undefined),
          onAnswer({ status }, _connection, latencyMs) {
            check(status === 201, `a remark was answered with ${status}`);
            took[at % 2 ? 'empty' : 'full'].push(latencyMs);
          },
        });
        sent += took.full.length + took.empty.length;
        // Scheduling and opening the empty meeting are two records more.
        sent += 2;
        rounds.push({ full: median(took.full), empty: median(took.empty) });
      }
      const after = await served.caughtUp();
      check(after - before === sent, `${sent} commands were acknowledged, and the log grew by ${after - before} records`);
      const counted = rounds.slice(1);
      return [
        {
          name: 'remark-at-10k',
          value: median(counted.map((each) => each.full / each.empty)),
          bound: { is: 'at-most', value: 1.5 },
          says: `A remark into a meeting of ${sizes.longMeetingRemarks.toLocaleString('en')} remarks to one into an empty meeting`,
          figures: [
            ['into the long one', milliseconds(median(counted.map((each) => each.full)))],
            ['into the empty one', milliseconds(median(counted.map((each) => each.empty)))],
          ],
        },
      ];
    }),
};

async function fill(served: Served, prepared: readonly Buffer[], count: number): Promise<void> {
  let at = 0;
  const { answered } = await drive({
    address: served.address,
    connections: 64,
    forMs: 120_000,
    next: () => (at < count ? prepared[at++ % prepared.length] : undefined),
    onAnswer: ({ status }) => check(status === 201, `a remark was answered with ${status}`),
  });
  check(answered === count, `${answered} of ${count} remarks were recorded`);
}
