// Who is a member today: by the day of the body.
import { expect, it } from '@jest/globals';
import { derivedId, type Uuid } from '#kernel';
import type { Row } from '#read-models';
import { MembersToday } from './members-today.js';

const [council, organisation] = [derivedId('members', 'council'), derivedId('members', 'organisation')];

const isMember = async (now: string, zone: string | null, membership: { from: string; until: string | null }): Promise<boolean> => {
  const members = new MembersToday({ now: () => Date.parse(now) });
  await members.refresh(
    {
      resolveMoment: () => ({ record: 1, isNow: true }) as never,
      list: () => Promise.resolve({ rows: [{ as: 'member', body: council, ...membership }] } as never),
      detail: (_table, id: Uuid) => (id === council ? ({ id, zone } as unknown as Row) : undefined),
    } as Parameters<MembersToday['refresh']>[0],
    organisation,
  );
  return members.isMember(council, organisation);
};

it.each<[string, string | null, boolean, boolean]>([
  ['2026-11-30T22:00:00Z', 'Pacific/Auckland', true, false],
  ['2026-11-30T10:00:00Z', 'Pacific/Auckland', false, true],
  ['2026-12-01T09:00:00Z', 'Pacific/Honolulu', false, true],
  ['2026-12-01T11:00:00Z', 'Pacific/Honolulu', true, false],
  ['2026-11-30T23:59:59Z', null, false, true],
  ['2026-12-01T00:00:00Z', null, true, false],
])('at %s in %s: who becomes one on 1 December %s, who is one until the day before %s', async (now, zone, becomes, was) => {
  expect(await isMember(now, zone, { from: '2026-12-01', until: null })).toBe(becomes);
  expect(await isMember(now, zone, { from: '2026-01-01', until: '2026-11-30' })).toBe(was);
});
