// Who counts for a quorum: by the table by which the verifier, which shares no code with this, counts again.
import { expect, it } from '@jest/globals';
import { body, person, type BodyState } from '#bodies/contracts';
import type { DomainEvent, FoldedEvent, Look } from '#kernel';
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
