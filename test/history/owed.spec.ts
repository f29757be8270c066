// What is owed goes from meeting to meeting, whenever process managers come to it, and whoever looks again.
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { derivedId, type CommandCommons, type CommandOf, type Uuid } from '#kernel';
import { takeDecision } from '../../libs/decisions/src/take-decision.js';
import { assignFollowUp } from '../../libs/follow-ups/src/assign-follow-up.js';
import { cancelMeeting, concludeMeeting, openMeeting, postponeMeeting, scheduleMeeting } from '../../libs/meetings/src/schedule.js';
import { recordOf } from './histories.js';
import type { KeptRecord } from './record.js';

const text = (english: string) => [{ lang: 'en', text: english }];
const id = (name: string): Uuid => derivedId('history', name);
const [body, meeting, followUp] = [id('conference'), id('meeting'), id('owed')];
const day = (date: string): CommandCommons => ({ occurredAt: date as never });

let record: KeptRecord;
beforeEach(async () => {
  record = await recordOf([]);
});
afterEach(() => record.close());

async function recorded<Input>(definition: CommandOf<Input>, entity: Uuid, input: Input, commons: CommandCommons = {}): Promise<void> {
  expect(await record.send(definition, entity, input, commons)).toMatchObject({ kind: 'recorded' });
}

const scheduled = (name: string, starts?: string) =>
  recorded(scheduleMeeting, id(name), { bodies: [body], title: text(name), ...(starts && { starts: starts as never }) });

/** Owed by a decision of that meeting. */
async function owed(due: object, at = meeting): Promise<void> {
  await recorded(takeDecision, id('decision'), {
    body,
    meeting: at,
    outcome: 'noted',
    wording: text('Noted'),
    method: 'consensus',
    evidence: { words: text('noted') },
  });
  await record.settle();
  const { decision } = JSON.parse(record.events.findLast(({ type }) => type === 'decision-taken')!.data) as { decision: Uuid };
  await recorded(assignFollowUp, followUp, {
    body,
    owner: { body },
    action: text('Report'),
    due,
    from: { decision, proposal: id('decision') },
  });
  await record.settle();
}

async function held(name: string, on: string): Promise<void> {
  await recorded(openMeeting, id(name), {}, day(on));
  await recorded(concludeMeeting, id(name), {}, day(on));
  await record.settle();
}

interface Said {
  meeting?: Uuid;
  to?: Uuid;
  waitsFor?: Uuid;
}
const NAMES = ['meeting', 'stale', 'first', 'second', 'later', 'undated'];
const nameOf = (of: Uuid | undefined): string => NAMES.find((name) => id(name) === of) ?? 'waits';

/** What became of it: where it was due, in turn. */
const went = (): string[] =>
  record.events
    .filter(({ stream, type }) => stream === `followup-${followUp}` && type !== 'follow-up-assigned')
    .map(({ type, data }) => {
      const said = JSON.parse(data) as Said;
      return `${type}: ${nameOf(said.meeting ?? said.to)}`;
    });

it('is the same where a manager looks again at what it left alone when it came late', async () => {
  await owed({ nextMeetingOf: body });
  await scheduled('first');
  await scheduled('second');
  await record.settle();
  await held('first', '2026-03-02');
  await held('second', '2026-03-02');
  const before = went();
  expect(before).toEqual(['follow-up-due-set: first', 'follow-up-carried-over: second', 'follow-up-carried-over: waits']);
  await record.addNode();
  expect(went()).toEqual(before);
});

it('is carried over to the next meeting, not to one that was to be held before and never was', async () => {
  await scheduled('stale', '2024-01-15');
  await scheduled('first', '2025-04-29');
  await scheduled('undated');
  await scheduled('later', '2030-01-01');
  await owed({ meeting: id('first') });
  await held('first', '2025-04-29');
  expect(went()).toEqual(['follow-up-carried-over: later']);
});

it('is carried over to one without a date, where none follows', async () => {
  await scheduled('stale', '2024-01-15');
  await scheduled('first', '2025-04-29');
  await scheduled('undated');
  await owed({ meeting: id('first') });
  await held('first', '2025-04-29');
  expect(went()).toEqual(['follow-up-carried-over: undated']);
});

it('waits where none follows, until one is scheduled that does, or is moved there', async () => {
  await scheduled('stale', '2024-01-15');
  await scheduled('first', '2025-04-29');
  await owed({ meeting: id('first') });
  await held('first', '2025-04-29');
  expect(went()).toEqual(['follow-up-carried-over: waits']);
  await scheduled('second', '2025-04-28');
  await record.settle();
  expect(went()).toHaveLength(1);
  await recorded(postponeMeeting, id('second'), { starts: '2025-05-06' as never, reason: { code: 'other' } });
  await record.settle();
  expect(went().slice(1)).toEqual(['follow-up-due-set: second']);
});

it('goes from one that was cancelled to one in its place, also to an earlier one, not to one before what was held', async () => {
  await scheduled('stale', '2024-01-15');
  await scheduled('first', '2025-04-29');
  await owed({ meeting: id('first') });
  await held('first', '2025-04-29');
  await scheduled('second', '2025-12-20');
  await record.settle();
  await recorded(cancelMeeting, id('second'), { reason: { code: 'other' } });
  await record.settle();
  expect(went()).toEqual(['follow-up-carried-over: waits', 'follow-up-due-set: second', 'follow-up-due-moved: waits']);
  await scheduled('undated', '2025-04-28');
  await scheduled('later', '2025-12-10');
  await record.settle();
  expect(went().slice(3)).toEqual(['follow-up-due-set: later']);
});

it('goes from one that was cancelled to an earlier one that is scheduled already, after the one at which it was decided', async () => {
  await scheduled('stale', '2024-01-15');
  await scheduled('first', '2025-04-29');
  await recorded(openMeeting, id('first'), {}, day('2025-04-29'));
  await scheduled('second', '2025-12-20');
  await owed({ nextMeetingOf: body }, id('first'));
  await scheduled('later', '2025-12-10');
  await recorded(cancelMeeting, id('second'), { reason: { code: 'other' } });
  await record.settle();
  expect(went()).toEqual(['follow-up-due-set: second', 'follow-up-due-moved: later']);
});

it.each([['2025-05-06'], [undefined]])(
  'is carried over to the next meeting where that has opened already, scheduled for %s',
  async (starts) => {
    await scheduled('stale', '2024-01-15');
    await scheduled('first', '2025-04-29');
    await owed({ meeting: id('first') });
    await scheduled('second', starts);
    await scheduled('later', '2025-10-01');
    await recorded(openMeeting, id('first'), {}, day('2025-04-29'));
    await recorded(openMeeting, id('stale'), {}, day('2024-01-15'));
    await recorded(openMeeting, id('second'), {}, day('2025-05-06'));
    await recorded(concludeMeeting, id('first'), {}, day('2025-04-29'));
    await record.settle();
    expect(went()).toEqual(['follow-up-carried-over: second']);
    await recorded(concludeMeeting, id('second'), {}, day('2025-05-06'));
    await record.settle();
    expect(went().slice(1)).toEqual(['follow-up-carried-over: later']);
  },
);

it('is due at the next meeting after the one at which it was decided', async () => {
  await scheduled('stale', '2024-01-15');
  await scheduled('first', '2025-04-29');
  await recorded(openMeeting, id('first'), {}, day('2025-04-29'));
  await scheduled('later', '2025-10-01');
  await owed({ nextMeetingOf: body }, id('first'));
  expect(went()).toEqual(['follow-up-due-set: later']);
});
