// The disk is full, or fails, or the process dies within a system call: strace injects it where the writer writes and syncs.
// Run: node --experimental-vm-modules node_modules/jest/bin/jest.js --testRegex '\.faults-spec\.ts$'
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SqliteEventStore } from '#event-store';
import { sourceCommand, startProcess, type SourceProcess } from '../support/source-process.js';
import { isStraceThere, straced } from './disk-trace.js';
import type { RetryingReport } from './retrying-process.js';
import { HistoryCheck } from './stored-history.js';

const APPENDS = 40;
const LIMIT_MS = 120_000;
const strace = isStraceThere();
if (!strace) console.warn('disk errors: SKIPPED, since strace is missing here');
const describeWithStrace = strace ? describe : describe.skip;

let directory: string;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'plenary-disk-'));
  await (await SqliteEventStore.open({ directory, mode: 'writer' })).close();
});
afterEach(() => rmSync(directory, { recursive: true }));

function startUnder(injection: string, files: readonly string[]): SourceProcess {
  const paths = files.map((file) => join(directory, file));
  const command = sourceCommand(new URL('./retrying-process.ts', import.meta.url), [directory, String(APPENDS)]);
  return startProcess(straced('/dev/null', paths, command, ['-e', `inject=${injection}`]));
}

async function historyIn(): Promise<HistoryCheck> {
  const history = new HistoryCheck();
  const store = await SqliteEventStore.open({ directory, mode: 'writer' });
  expect(await history.continue(store)).toEqual([]);
  await store.close();
  return history;
}

describeWithStrace('a disk that fails', () => {
  it.each([
    ['is full', 'pwrite64:error=ENOSPC:when=30..60', ['log.db-wal'], 'full'],
    ['is full while the log is copied into its file', 'pwrite64:error=ENOSPC:when=1..20', ['log.db'], undefined],
    ['does not sync', 'fsync:error=EIO:when=5..9', ['log.db-wal'], 'OutcomeUnclear'],
    ['does not write', 'pwrite64:error=EIO:when=30..40', ['log.db-wal'], 'OutcomeUnclear'],
  ] as const)(
    'and %s: reads go on, writing comes back, nothing is lost or doubled',
    async (_, injection, files, failure) => {
      const child = startUnder(injection, files);
      expect(await child.line()).toBe('ready');
      const report = JSON.parse(await child.line()) as RetryingReport;
      expect(await child.ended).toBe(0);
      if (failure) expect(report.failures[failure]).toBeGreaterThan(0);
      expect(report).toMatchObject({ readsWentOn: true, well: true });
      expect((await historyIn()).ids.size).toBe(APPENDS * 2);
    },
    LIMIT_MS,
  );
});

describeWithStrace('a process that dies within a system call', () => {
  it.each([
    ['fsync', [1, 2, 3, 5, 8, 13]],
    ['pwrite64', [1, 2, 3, 4, 5, 8, 13, 21, 34, 55, 89]],
  ] as const)(
    '%s: what is stored is whole',
    async (call, moments) => {
      let stored = 0;
      for (const moment of moments) {
        const child = startUnder(`${call}:signal=KILL:when=${moment}`, ['log.db', 'log.db-wal']);
        expect(await child.ended).toBe('SIGKILL');
        const { size } = (await historyIn()).ids;
        expect(size % 2).toBe(0);
        expect(size).toBeGreaterThanOrEqual(stored);
        stored = size;
      }
      expect(stored).toBeGreaterThan(0);
    },
    LIMIT_MS,
  );
});
