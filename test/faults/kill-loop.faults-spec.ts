// A process that appends is killed at random moments: nothing acknowledged is lost, nothing is there twice or in part.
// Run: node --experimental-vm-modules node_modules/jest/bin/jest.js --testRegex '\.faults-spec\.ts$'
// PLENARY_KILL_ROUNDS: 10 where absent; 200 for a long run.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SqliteEventStore } from '#event-store';
import { sourceCommand, startProcess, type SourceProcess } from '../support/source-process.js';
import type { AppendingOrder } from './appending-process.js';
import { HistoryCheck } from './stored-history.js';

const ROUNDS = Number(process.env.PLENARY_KILL_ROUNDS ?? 10);
const ROUND_LIMIT_MS = 15_000;
let directory: string;
let victim: SourceProcess | undefined;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'plenary-kill-'));
});
afterEach(async () => {
  await victim?.kill();
  rmSync(directory, { recursive: true });
});

async function killOneWriter(acknowledgements: string): Promise<void> {
  const order: AppendingOrder = { directory, acknowledgements, writers: 8, walAutocheckpointPages: 200 };
  victim = startProcess(sourceCommand(new URL('./appending-process.ts', import.meta.url), [JSON.stringify(order)]));
  await victim.line();
  // The moment of the kill is the fault itself, not a wait for something.
  await setTimeout(5 + Math.random() * 495);
  victim.child.kill('SIGKILL');
  expect(await victim.ended).toBe('SIGKILL');
}

/** A kill may cut the last line short. */
const acknowledgedIn = (file: string): string[] => (existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : []);

describe('a process that is killed while it appends', () => {
  it(
    `loses nothing that it acknowledged, ${ROUNDS} times`,
    async () => {
      const acknowledgements = join(directory, 'acknowledged.txt');
      const history = new HistoryCheck();
      for (let round = 0; round < ROUNDS; round++) {
        await killOneWriter(acknowledgements);
        const store = await SqliteEventStore.open({ directory, mode: 'writer' });
        expect(await history.continue(store)).toEqual([]);
        await store.close();
        expect(acknowledgedIn(acknowledgements).filter((id) => !history.ids.has(id))).toEqual([]);
      }
      const acknowledged = acknowledgedIn(acknowledgements);
      expect(acknowledged.length).toBeGreaterThan(0);
      const again = new HistoryCheck();
      const store = await SqliteEventStore.open({ directory, mode: 'reader' });
      expect(await again.continue(store)).toEqual([]);
      await store.close();
      expect(Buffer.from(again.edge.root())).toEqual(Buffer.from(history.edge.root()));
      console.log(`${ROUNDS} kills: ${acknowledged.length} events acknowledged, ${history.ids.size} stored`);
    },
    ROUNDS * ROUND_LIMIT_MS,
  );
});
