import { expect, it } from '@jest/globals';
import type { RegisterThen } from '#process-managers';
import { uuid } from '../../kernel/src/testing/index.js';
import { carryOverManager } from './carry-over.manager.js';
import { carryOver } from './settle-follow-up.js';

const [meeting, owed, council] = [uuid(1), uuid(2), uuid(3)];

/** A register that knows of the meeting only that it is over: the event that scheduled it is lost. */
const incomplete = {
  record: 9,
  detail: () => ({ id: meeting, bodies: null, status: 'concluded', starts: null, opened: '2024-04-29' }),
  list: ({ name }: { name: string }) => Promise.resolve(name === 'follow-ups' ? [{ id: owed, body: council, revision: 0 }] : []),
} as unknown as RegisterThen;

it('what is due at a meeting of which nobody knows whose it was waits for the next one of the body to which it is owed', async () => {
  expect(await carryOverManager.react({ type: 'meeting-concluded', streamId: meeting, data: {} } as never, incomplete)).toEqual([
    { command: carryOver, target: owed, input: { from: meeting, waitsFor: council, seen: 0 } },
  ]);
});

it.each([
  ['2024-04-30', 'Pacific/Auckland'],
  ['2024-04-29', undefined],
])('the next meeting is not one that starts before, by the day that it is where that starts: %s', async (starts, to) => {
  const following = uuid(4);
  const rows: Record<string, object> = {
    [meeting]: { id: meeting, bodies: [council], status: 'concluded', starts: '2024-04-29T22:30:00Z', zone: 'Pacific/Auckland' },
    [following]: { id: following, bodies: [council], status: 'scheduled', starts, zone: 'UTC' },
  };
  const register = {
    record: 9,
    detail: (_table: object, id: string) => rows[id],
    list: ({ name }: { name: string }, { status }: { status: string }) =>
      Promise.resolve(
        name === 'follow-ups'
          ? [{ id: owed, body: council, revision: 0 }]
          : Object.values(rows).filter((row) => (row as { status: string }).status === status),
      ),
  } as unknown as RegisterThen;
  expect(await carryOverManager.react({ type: 'meeting-concluded', streamId: meeting, data: {} } as never, register)).toMatchObject([
    { command: carryOver, target: owed, input: to ? { to: following } : { waitsFor: council } },
  ]);
});
