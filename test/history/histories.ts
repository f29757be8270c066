// Random histories: what happens, in what order, and when the process managers get their turn. All by commands that were accepted.
import fc from 'fast-check';
import { fileURLToPath } from 'node:url';
import { MemoryEventStore, openLog } from '#event-store';
import { derivedId } from '#kernel';
import { registerOrganisation } from '../../libs/bodies/src/organisation.js';
import { establishBody } from '../../libs/bodies/src/establish-body.js';
import { admitMember, defineRegion } from '../../libs/bodies/src/membership.js';
import { defineTerm, setSeatQuota } from '../../libs/bodies/src/seats-of-body.js';
import { openMeeting, scheduleMeeting } from '../../libs/meetings/src/schedule.js';
import { Draw } from './draw.js';
import { bodies } from './happenings/bodies.js';
import { decisions } from './happenings/decisions.js';
import { documents, meetings } from './happenings/meetings.js';
import { Scene, type Happenings } from './happenings/scene.js';
import { Known } from './known.js';
import { KeptRecord, START_MS } from './record.js';

/** The keys under which the histories of these tests are sealed. Nobody else uses them. */
export const TEST_KEYS = fileURLToPath(new URL('../fixtures/keys', import.meta.url));
export const TEST_ORIGIN = 'plenary.invalid/histories';

export interface Happened {
  what: string;
  /** Of its choices. */
  seed: number;
  /** Whether the process managers get their turn before the next one. */
  settles: boolean;
}
export type Story = readonly Happened[];

const happenings: Happenings = { ...bodies, ...meetings, ...documents, ...decisions };

const storiesOf = (whats: readonly string[], settles: readonly boolean[], maxLength: number): fc.Arbitrary<Story> =>
  fc.array(
    fc.record({
      what: fc.oneof(...whats.map((what) => ({ weight: happenings[what]![0], arbitrary: fc.constant(what) }))),
      seed: fc.nat(),
      settles: fc.constantFrom(...settles),
    }),
    { minLength: 1, maxLength, size: 'max' },
  );

/** Of everything that can happen. */
export const stories = (maxLength = 300): fc.Arbitrary<Story> => storiesOf(Object.keys(happenings), [true, true, true, false], maxLength);

/** Of what is owed from meeting to meeting, while the process managers are late. */
export const storiesOfWhatIsOwed = (maxLength = 60): fc.Arbitrary<Story> =>
  storiesOf(
    [
      'a meeting is scheduled',
      'a meeting is postponed',
      'a meeting is cancelled',
      'a meeting opens',
      'a meeting concludes',
      'a decision is taken',
      'a follow-up is assigned',
      'a follow-up is completed',
    ],
    [true, false, false],
    maxLength,
  );

/** Of seats, and of what decides on them. */
export const storiesOfSeats = (maxLength = 80): fc.Arbitrary<Story> =>
  storiesOf(
    [
      'a member is admitted',
      'a region is defined',
      'a quota is set',
      'seats are proposed',
      'a decision is taken',
      'a holder is named',
      'a seat is vacated',
    ],
    [true, true, false],
    maxLength,
  );

/** Writes the record of a story. The caller closes it. */
export async function recordOf(story: Story, nodes = 1): Promise<KeptRecord> {
  const store = new MemoryEventStore();
  const { keys } = await openLog(store, TEST_KEYS, TEST_ORIGIN, START_MS);
  const record = await KeptRecord.open({ store, writerKey: keys.writer, nodes });
  const known = new Known();
  await begin(record, known);
  for (const [index, { what, seed, settles }] of story.entries()) {
    await happenings[what]![1](new Scene(record, known, new Draw(seed), `happening ${index}`));
    if (settles) await record.settle();
  }
  await record.settle();
  return record;
}

/** Two bodies, one of which divides its members, a few of these, a term, and a meeting that is open: so that things can happen. */
async function begin(record: KeptRecord, known: Known): Promise<void> {
  const id = (name: string) => derivedId('history', name);
  const text = (english: string) => [{ lang: 'en', text: english }];
  const learnt = async (sent: ReturnType<KeptRecord['send']>): Promise<void> => {
    const outcome = await sent;
    if (outcome.kind !== 'recorded') throw new Error(`the beginning was not recorded: ${JSON.stringify(outcome)}`);
    known.learn(outcome.events);
  };
  const [conference, council, meeting] = [id('conference'), id('council'), id('meeting')];
  await learnt(record.send(establishBody, council, { kind: 'council', name: text('Council') }));
  await learnt(
    record.send(establishBody, conference, { kind: 'conference', name: text('Conference'), parent: council, audience: { kind: 'public' } }),
  );
  await learnt(record.send(defineRegion, conference, { name: text('Europe') }));
  await learnt(record.send(defineTerm, council, { name: text('First'), from: '2026-07-01' as never, until: '2027-06-30' as never }));
  await learnt(record.send(setSeatQuota, council, { region: known.body(conference).regions[0]!, regionOf: conference, seats: 4 }));
  for (const name of ['Norway', 'Malta', 'Kenya']) {
    await learnt(record.send(registerOrganisation, id(name), { kind: 'state-administration', name: text(name) }));
    await learnt(
      record.send(admitMember, conference, {
        organisation: id(name),
        as: 'member',
        from: '2020-01-01' as never,
        region: known.body(conference).regions[0]!,
      }),
    );
  }
  await learnt(
    record.send(scheduleMeeting, meeting, { bodies: [conference], title: text('Meeting'), zone: 'Europe/Brussels', format: 'hybrid' }),
  );
  await learnt(record.send(openMeeting, meeting, {}));
  await record.settle();
}
