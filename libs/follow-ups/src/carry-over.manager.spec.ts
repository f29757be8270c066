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
