// Who counts for a quorum: by the table by which the verifier, which shares no code with this, counts again.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { body, person, type BodyState } from '#bodies/contracts';
import { utcTime, type DomainEvent, type FoldedEvent, type Look, type Occurred } from '#kernel';
import { meeting } from '#meetings/contracts';
import { DECIDING, neededCases, quorumCases } from '../../../test/ledger/support/quorum-vectors.js';
import { lookAtPersons, quorumTaken } from './quorum.js';

type AnyDecider<State> = { initial(): State; evolve(state: State, event: FoldedEvent<never>): State };
const folded = <State>(decider: AnyDecider<State>, events: readonly { event: DomainEvent; occurredAt?: string }[]): State =>
  events.reduce(
    (state, { event, occurredAt }, revision) => decider.evolve(state, { ...event, revision, occurredAt, recordedAt: occurredAt } as never),
    decider.initial(),
  );

it.each(quorumCases)('the quorum counts $says', async ({ at, body: ofBody, persons, attendance, present }) => {
  const table = folded(meeting, attendance);
  const look: Pick<Look, 'at'> = {
    at: (decider, id) => {
      const found = persons.find((each) => each.id === id);
      return Promise.resolve(
        decider.category === person.category && found
          ? (folded(
              decider,
              found.events.map((event) => ({ event })),
            ) as never)
          : undefined,
      );
    },
  };
  const state: BodyState = folded(
    body,
    ofBody.map((event) => ({ event })),
  );
  expect(
    quorumTaken({ body: state, bodyId: DECIDING, meeting: table, worksFor: await lookAtPersons(table, look) }, 'noted', at).present,
  ).toBe(present);
});

it.each(neededCases)('the quorum needs $says', ({ at, body: ofBody, attendance, outcome, needed }) => {
  const state: BodyState = folded(
    body,
    ofBody.map((event) => ({ event })),
  );
  const seen = { body: state, bodyId: DECIDING, meeting: folded(meeting, attendance), worksFor: new Map() };
  expect(quorumTaken(seen, outcome, at).needed).toBe(needed);
});

describe('a moment has one quorum', () => {
  const council = folded(
    body,
    ['a', 'b', 'c', 'd'].flatMap((name, index) => [
      { event: admitted(name, `2024-03-${10 + index}`) },
      { event: ruled(index + 1, `2024-03-${10 + index}`) },
    ]),
  );
  const tables = ['Pacific/Auckland', 'America/New_York', 'Pacific/Honolulu', 'Asia/Kathmandu', 'UTC'].map((zone) =>
    folded(meeting, [
      { event: { type: 'meeting-scheduled', data: { bodies: [DECIDING], zone } } },
      ...['a', 'b', 'c', 'd'].map((name, index) => ({
        event: {
          type: 'attendance-recorded',
          data: {
            attendance: name,
            party: { organisation: name },
            as: 'member',
            ...(index % 2 === 1 && { arrived: '2024-03-12' }),
          },
        },
      })),
      { event: { type: 'attendance-ended', data: { attendance: 'a', left: '2024-03-11' } } },
    ]),
  );
  // The clocks go forward in New York on 10 March; the time is within hours of a midnight somewhere.
  const moment = fc.integer({ min: Date.parse('2024-03-09T00:00:00Z'), max: Date.parse('2024-03-14T00:00:00Z') });
  const offsets = fc.uniqueArray(fc.integer({ min: -23 * 60 - 59, max: 23 * 60 + 59 }), { minLength: 1, maxLength: 5 });

  it('however it is spelled', () =>
    fc.assert(
      fc.property(fc.constantFrom(...tables), moment, offsets, (table, ms, minutes) => {
        const counted = (at: Occurred) =>
          quorumTaken({ body: council, bodyId: DECIDING, meeting: table, worksFor: new Map() }, 'adopted', at);
        const spellings = minutes.map((each) => counted(spelled(ms, each)));
        for (const each of spellings) expect(each).toEqual(counted(spelled(ms, 0)));
      }),
    ));
});

function admitted(organisation: string, from: string): DomainEvent {
  return { type: 'member-admitted', data: { membership: organisation, organisation, as: 'member', from } };
}

function ruled(count: number, inForceFrom: string): DomainEvent {
  return { type: 'body-rules-stated', data: { inForceFrom, quorum: [{ for: 'deciding', count }] } };
}

function spelled(ms: number, offsetMinutes: number): Occurred {
  const [hours, minutes] = [Math.floor(Math.abs(offsetMinutes) / 60), Math.abs(offsetMinutes) % 60].map((each) =>
    String(each).padStart(2, '0'),
  );
  return utcTime(ms + offsetMinutes * 60_000).replace('Z', `${offsetMinutes < 0 ? '-' : '+'}${hours}:${minutes}`) as Occurred;
}
