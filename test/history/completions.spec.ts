// Process managers complete what a decision names, and say when they have come so far.
import { afterEach, expect, it } from '@jest/globals';
import { MemoryEventStore, openLog } from '#event-store';
import { derivedId } from '#kernel';
import { establishBody } from '../../libs/bodies/src/establish-body.js';
import { takeDecision } from '../../libs/decisions/src/take-decision.js';
import { openMeeting, scheduleMeeting } from '../../libs/meetings/src/schedule.js';
import { TEST_KEYS, TEST_ORIGIN } from './histories.js';
import { KeptRecord, START_MS } from './record.js';

const text = (english: string) => [{ lang: 'en', text: english }];
const [body, meeting, first, second] = ['body', 'meeting', 'first', 'second'].map((name) => derivedId('completions', name)) as [
  never,
  never,
  never,
  never,
];

let record: KeptRecord;
afterEach(() => record.close());

it('what is recorded counts as completed once its reactions are recorded too', async () => {
  const store = new MemoryEventStore();
  const { keys } = await openLog(store, TEST_KEYS, TEST_ORIGIN, START_MS);
  record = await KeptRecord.open({ store, writerKey: keys.writer });
  await record.send(establishBody, body, { kind: 'council', name: text('Council') });
  await record.send(scheduleMeeting, meeting, { bodies: [body], title: text('Meeting') });
  await record.send(openMeeting, meeting, {});
  const ruling = {
    body,
    meeting,
    outcome: 'approved' as const,
    wording: text('Approved'),
    method: 'consensus' as const,
    evidence: { words: text('approved') },
  };
  await record.send(takeDecision, first, ruling);
  await record.settle();
  const decision = (JSON.parse(record.events.at(-1)!.data) as { decision: never }).decision;
  await record.send(takeDecision, second, { ...ruling, supersedes: [{ decision, proposal: first }] });
  const taken = record.events.length + 1;
  expect(await record.areCompleted(taken)).toBe(false);
  const completed = record.whenCompleted(taken);
  await record.settle();
  expect([await completed, await record.areCompleted(taken)]).toEqual([true, true]);
  expect(record.events.slice(taken - 1).map(({ type }) => type)).toEqual(['decision-taken', 'decision-superseded']);
});
