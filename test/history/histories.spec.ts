// Whole histories, as the product itself records them, over all contexts: by commands that were accepted, process managers running.
// HISTORY_SEED repeats a run, HISTORY_RUNS makes it longer.
import fc from 'fast-check';
import { expect, it } from '@jest/globals';
import { openEvent } from '#read-models';
import { catalogue } from '../../apps/api/src/composition.js';
import { Draw } from './draw.js';
import { recordOf, stories, storiesOfSeats, storiesOfWhatIsOwed, type Story } from './histories.js';
import {
  asCutBack,
  asDecisionsAreCompleted,
  asFollowUpsAreDue,
  asIfMatchCompares,
  asItStood,
  asProposalsAreDecided,
  asRebuilt,
  asSeatsAreHeld,
  asSeatsAreWithinQuotas,
  endingRecords,
  inForceAsItStood,
} from './properties.js';
import type { KeptRecord } from './record.js';

const SEED = Number(process.env['HISTORY_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const RUNS = Number(process.env['HISTORY_RUNS'] ?? 20);
const MINUTE = 60_000;
const LONGEST = 2 * MINUTE + RUNS * 6_000;

/** Runs a property on random records, and says how to meet the one that broke it again. */
async function forRecords(
  property: (record: KeptRecord, story: Story) => Promise<void> | void,
  numRuns = RUNS,
  told = stories(),
): Promise<void> {
  const alone = fc.asyncProperty(told, async (story) => {
    const record = await recordOf(story);
    try {
      await property(record, story);
    } finally {
      await record.close();
    }
  });
  // Looking for a shorter story ends here at the latest.
  await fc.assert(alone, { seed: SEED, numRuns, reporter: reportWith, interruptAfterTimeLimit: MINUTE + numRuns * 3_000 });
}

function reportWith(details: fc.RunDetails<[Story]>): void {
  if (!details.failed) return;
  if (!details.counterexample) throw new Error(`HISTORY_SEED=${SEED} did not come to an end within the time`);
  const story = details.counterexample[0].map(({ what, seed, settles }) => `${what} (${seed}${settles ? ', settles' : ''})`);
  throw new Error(
    `HISTORY_SEED=${SEED} breaks it, at best by:\n${story.join('\n')}\n\n${String((details.errorInstance as Error | undefined)?.stack)}`,
    { cause: details.errorInstance },
  );
}

/** Some records, always the last and the one before it. */
function momentsOf({ events }: KeptRecord, [first]: Story): number[] {
  const draw = new Draw(first?.seed ?? 1);
  return [...new Set([events.length, events.length - 1, ...Array.from({ length: 4 }, () => 1 + draw.number(events.length))])];
}

it(
  'stands as a replay makes it, at any record; rebuilt and cut back alike; If-Match compares what is shown; no reaction is refused',
  async () => {
    const tally = { records: 0, ending: 0 };
    await forRecords(async (record, story) => {
      for (const moment of momentsOf(record, story)) await asItStood(record, moment);
      await asIfMatchCompares(record, record.runner);
      asSeatsAreHeld(record);
      asDecisionsAreCompleted(record);
      asProposalsAreDecided(record);
      asFollowUpsAreDue(record);
      expect(record.refused).toEqual([]);
      asRebuilt(record);
      asCutBack(record, momentsOf(record, story));
      tally.records += record.events.length;
      tally.ending += endingRecords(record);
    });
    // A history that only begins things proves little.
    expect(tally.ending / tally.records).toBeGreaterThan(1 / 3);
  },
  LONGEST,
);

it(
  'leaves nothing behind that is owed, however late process managers are',
  () => forRecords(asFollowUpsAreDue, RUNS * 3, storiesOfWhatIsOwed()),
  LONGEST,
);

it(
  'seats stand by a decision in force, and are one each',
  () =>
    forRecords(
      async (record, story) => {
        asDecisionsAreCompleted(record);
        asSeatsAreHeld(record);
        asSeatsAreWithinQuotas(record);
        for (const moment of momentsOf(record, story)) await inForceAsItStood(record, moment);
      },
      RUNS * 2,
      storiesOfSeats(),
    ),
  LONGEST,
);

const said = ({ events }: KeptRecord): object[] =>
  events.map((event, index) => {
    const { stream, revision, type, id, data, recordedAt } = openEvent(event, (index + 1) as never, catalogue);
    return { stream, revision, type, id, data, recordedAt };
  });

async function asRunAgain(record: KeptRecord, story: Story): Promise<void> {
  const alone = said(record);
  // Another node, from the beginning of the log, after all was done.
  await record.addNode();
  expect(said(record)).toEqual(alone);
  const together = await recordOf(story, 2);
  try {
    expect(said(together)).toEqual(alone);
  } finally {
    await together.close();
  }
}

it(
  'is the same where process managers run twice, or on two nodes at once',
  () => forRecords(asRunAgain, Math.max(1, Math.floor(RUNS / 2))),
  LONGEST,
);

it(
  'is the same where they run twice over what is owed, which they came to late',
  () => forRecords(asRunAgain, RUNS * 3, storiesOfWhatIsOwed()),
  LONGEST,
);
