// The demo as a newcomer runs it: to its end, once more, and killed in the middle.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteEventStore } from '#event-store';
import { plenary, type Ended } from '../support/plenary.js';

const LIMIT_MS = 120_000;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'plenary-demo-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const demo = (killWhen?: (stdout: string) => boolean): Promise<Ended> =>
  plenary(['demo', '--once', '--directory', directory], killWhen && { killWhen });

async function recorded(): Promise<string[]> {
  const store = await SqliteEventStore.open({ directory: join(directory, 'data'), mode: 'reader' });
  const types: string[] = [];
  for await (const events of store.readLog()) types.push(...events.map(({ type }) => type));
  await store.close();
  return types;
}

describe('plenary demo --once', () => {
  it(
    'records the conference, prints the register, and ends with status 0; a second run records nothing twice',
    async () => {
      const first = await demo();
      expect(first).toMatchObject({ status: 0, stderr: '' });
      expect(first.stdout).toContain('88 steps were recorded.');
      for (const title of ['Attendance', 'Decisions', 'Follow-ups', 'Upcoming meetings', 'Seats'])
        expect(first.stdout).toMatch(new RegExp(`^${title}$`, 'm'));
      for (const cell of [
        '49 of 52',
        'Allocation of regional seats',
        'not-stated',
        'not yet known',
        'illustrative',
        'Sample Administration A',
      ])
        expect(first.stdout).toContain(cell);
      const before = await recorded();

      const second = await demo();
      expect(second).toMatchObject({ status: 0, stderr: '' });
      expect(second.stdout).toContain('0 steps were recorded, 88 had been recorded before.');
      expect(await recorded()).toEqual(before);
      expect(first.stdout.slice(first.stdout.indexOf('Attendance'))).toBe(second.stdout.slice(second.stdout.indexOf('Attendance')));
    },
    LIMIT_MS,
  );

  it(
    'goes on where it was killed',
    async () => {
      for (const step of [5, 40, 75]) {
        const killed = await demo((stdout) => stdout.includes(`[${String(step).padStart(2)}/88]`));
        expect(killed.status).toBe('SIGKILL');
      }
      const whole = await demo();
      expect(whole).toMatchObject({ status: 0, stderr: '' });
      const types = await recorded();
      const count = (type: string): number => types.filter((each) => each === type).length;
      expect({
        meetings: count('meeting-scheduled'),
        remarks: count('remark-made'),
        decisions: count('decision-taken'),
        approvals: count('seat-allocation-approved'),
        tokens: count('token-issued'),
      }).toEqual({
        meetings: 3,
        remarks: 4,
        decisions: 1,
        approvals: 2,
        tokens: 5,
      });
    },
    LIMIT_MS,
  );

  it(
    'tells who holds its directory',
    async () => {
      const other = await SqliteEventStore.open({ directory: join(directory), mode: 'writer' }).then((store) => store);
      try {
        const refused = await plenary(['serve'], { env: { PLENARY_DATA: directory, PORT: '0' } });
        expect(refused.status).toBe(1);
        expect(refused.stderr).toContain(`another process holds ${directory}`);
      } finally {
        await other.close();
      }
    },
    LIMIT_MS,
  );
});
