// Random histories of the made-up context: few entities, so that they change, end and come back often.
import fc from 'fast-check';
import { LOG_STREAM, streamName, type Uuid } from '#kernel';
import { History, idOf, typed } from './history.js';

const HALLS = [idOf('hall 0'), idOf('hall 1')];
const SESSIONS = [0, 1, 2].map((n) => idOf(`session ${n}`));
/** A session's hall is a scope: the same for ever. */
const hallOf = (session: Uuid): Uuid | null => [HALLS[0]!, HALLS[1]!, null][SESSIONS.indexOf(session)]!;
const SPEECHES = Array.from({ length: 8 }, (_, n) => idOf(`speech ${n}`));
const sessionOf = (speech: Uuid): Uuid => SESSIONS[SPEECHES.indexOf(speech) % 3]!;

const session = fc.constantFrom(...SESSIONS);
const speech = fc.constantFrom(...SPEECHES);
const words = fc
  .constantFrom('budget', 'the budget of next year', 'Zürich', 'Zu\u0308rich', 'a plan', 'no')
  .map((english) => typed(english));
const status = fc.constantFrom('planned', 'open', 'closed');
const date = fc.constantFrom('2024-04-29', '2024-05-01', null);
const audience = fc.constantFrom(
  { kind: 'public' as const },
  { kind: 'members' as const },
  { kind: 'restricted' as const, organisations: [idOf('organisation 1')], roles: [] },
  null,
);
const illustrative = fc.constantFrom({}, {}, {}, { illustrative: true });

/** An event's type and data, without its place in the log. */
export interface Happening {
  type: string;
  data: object;
  hall?: Uuid;
}

export const happenings: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({ type: fc.constant('hall-opened'), hall: fc.constantFrom(...HALLS), data: fc.record({ name: words }) }),
  fc.record({
    type: fc.constant('session-planned'),
    data: fc
      .record({ session, title: words, starts: date, seats: fc.constantFrom(null, 5, 40, -1) })
      .map((data) => ({ ...data, hall: hallOf(data.session) })),
  }),
  fc.record({
    type: fc.constant('session-changed'),
    data: fc
      .record(
        { session: fc.constantFrom(...SESSIONS), status, starts: date, open: fc.boolean(), tags: fc.constantFrom([], ['x', 'y']) },
        { requiredKeys: ['session'] },
      )
      .map((data) => ({ ...data, hall: hallOf(data.session) })),
  }),
  fc.record({ type: fc.constant('session-cancelled'), data: fc.record({ session }) }),
  fc.record({
    type: fc.constant('speeches-made'),
    data: fc.record({ session, text: words, count: fc.integer({ min: 0, max: 3 }) }).map(({ session: of, text, count }) => ({
      session: of,
      speeches: SPEECHES.filter((id) => sessionOf(id) === of)
        .slice(0, count)
        .map((id, n) => ({ id, number: `S.${n}`, text })),
    })),
  }),
  fc.record({ type: fc.constant('speech-withdrawn'), data: fc.record({ speech }) }),
  fc.record({
    type: fc.constant('speech-restored'),
    data: fc.record({ speech, text: words }).map((data) => ({ ...data, session: sessionOf(data.speech) })),
  }),
  fc.record({ type: fc.constant('speech-audience-set'), data: fc.record({ speech, audience }) }),
  fc.record({ type: fc.constant('nothing-happened'), data: fc.constant({}) }),
  fc.record({
    type: fc.constant('speech-corrected'),
    data: fc.record({ speech, text: words }).map((data) => ({ ...data, session: sessionOf(data.speech) })),
  }),
  fc.record({
    type: fc.constant('audience-set'),
    data: fc.oneof(
      fc.record({ of: fc.constant('halls'), id: fc.constantFrom(...HALLS), within: fc.constant(null), audience }),
      fc.record({ of: fc.constant('sessions'), id: session, audience }).map((data) => ({ ...data, within: hallOf(data.id) })),
      fc.record({ of: fc.constant('speeches'), id: speech, audience }).map((data) => ({ ...data, within: sessionOf(data.id) })),
    ),
  }),
);

const illustrated = fc.tuple(happenings, illustrative).map(([happening, mark]) => ({ ...happening, data: { ...happening.data, ...mark } }));

/** @param history that goes on with them */
export function historyOf(list: readonly Happening[], history = new History()): History {
  for (const { type, data, hall } of list) {
    const stream = type === 'nothing-happened' ? LOG_STREAM : streamName('meeting', hall ?? HALLS[0]!);
    history.record({ stream, type, data });
  }
  return history;
}

export const histories = (maxLength = 40): fc.Arbitrary<History> => fc.array(illustrated, { minLength: 1, maxLength }).map(historyOf);

const HIDDEN_SESSION = SESSIONS[2]!;
const HIDDEN_SPEECHES = SPEECHES.filter((id) => sessionOf(id) === HIDDEN_SESSION);
const isHidden = ({ data }: Happening): boolean => [HIDDEN_SESSION, ...HIDDEN_SPEECHES].some((id) => JSON.stringify(data).includes(id));
const INSIDERS = { kind: 'restricted' as const, organisations: [idOf('organisation 1')], roles: [] };

/** Two histories that differ in what was recorded of one session, which only the delegates of organisation 1 may see. */
export const differingWhereHidden = (): fc.Arbitrary<[History, History]> => {
  const open = happenings.filter((happening) => !isHidden(happening));
  const hidden = happenings.filter((happening) => isHidden(happening) && !happening.type.endsWith('audience-set'));
  const begin: Happening = {
    type: 'session-planned',
    data: { session: HIDDEN_SESSION, hall: null, title: typed('budget'), starts: null, seats: 3, audience: INSIDERS },
  };
  const slot = fc.oneof(
    open.map((happening) => [happening, happening] as const),
    fc.tuple(hidden, hidden),
  );
  return fc
    .array(slot, { minLength: 5, maxLength: 40 })
    .map((slots) => [0, 1].map((side) => historyOf([begin, ...slots.map((pair) => pair[side]!)])) as [History, History]);
};
