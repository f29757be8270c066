// The server is killed under load, again and again: what was acknowledged over HTTP is stored, once, in a log without gaps.
// Run: node --experimental-vm-modules node_modules/jest/bin/jest.js --testRegex 'server-kill\.faults-spec\.ts$'
// PLENARY_KILL_ROUNDS: 10 where absent; 200 for a long run.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { temporaryDirectory } from '../support/server.js';
import { killRepeatedly } from '../support/server-faults.js';

const ROUNDS = Number(process.env.PLENARY_KILL_ROUNDS ?? 10);
const ROUND_LIMIT_MS = 30_000;
let directory: string;

beforeEach(() => {
  directory = temporaryDirectory();
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('a server that is killed under load', () => {
  it(
    `loses nothing that it acknowledged and doubles nothing that is sent again, ${ROUNDS} times`,
    async () => {
      const { wrong, acknowledged, stored } = await killRepeatedly(
        { data: join(directory, 'data'), keys: join(directory, 'keys') },
        ROUNDS,
      );
      expect(wrong).toEqual([]);
      expect(stored).toEqual(acknowledged);
      console.log(`${ROUNDS} kills: ${acknowledged.length} commands acknowledged, ${stored.length} stored`);
    },
    ROUNDS * ROUND_LIMIT_MS,
  );
});
