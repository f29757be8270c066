// Which quorums a correction of who was there puts in question: not those that rest on a count.
import { expect, it } from '@jest/globals';
import type { RegisterThen } from '#process-managers';
import { uuid } from '../../kernel/src/testing/index.js';
import { questionQuorums } from './quorum-review.js';

const [meeting, council, named, decision, proposal] = [uuid(1), uuid(2), uuid(3), uuid(4), uuid(5)];

const questioned = async (takenOn: string, zones: { meeting?: string; body?: string }): Promise<boolean> => {
  const register = {
    record: 9,
    detail: (_table: object, id: string) =>
      id === named ? { kind: 'named' } : { zone: (id === meeting ? zones.meeting : zones.body) ?? null },
    list: ({ name }: { name: string }) =>
      Promise.resolve(
        name === 'attendance'
          ? [{ first: 3, occurredAt: '2024-04-30', bodies: null }]
          : [{ id: decision, body: council, first: 5, proposal, quorum: { present: 30 }, takenOn }],
      ),
  } as unknown as RegisterThen;
  return (await questionQuorums({ streamId: meeting, data: { attendance: named, left: '2024-04-30' } } as never, register)).length > 0;
};

it.each<[string, string, { meeting?: string; body?: string }, boolean]>([
  ['of a day by which nobody was counted', '2024-04-29T12:30:00Z', {}, true],
  ['of that day at the meeting, on which they were', '2024-04-29T12:30:00Z', { meeting: 'Pacific/Auckland', body: 'UTC' }, false],
  ['of that day where the body is', '2024-04-29T12:30:00Z', { body: 'Pacific/Auckland' }, false],
  ['of the day before at the meeting', '2024-04-30T00:30:00+12:00', { meeting: 'Europe/Brussels', body: 'Pacific/Auckland' }, true],
])('a quorum %s', async (_, takenOn, zones, expected) => expect(await questioned(takenOn, zones)).toBe(expected));
