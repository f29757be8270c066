// What is made is there for good, also in a directory that may be written and not read.
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

const NOBODY = 65534;
const synced: string[][] = [];
let syncThere = true;
// Stands for the program: whether a disk was synced shows nowhere (power-loss.faults-spec.ts sees the system calls).
jest.unstable_mockModule('node:child_process', () => ({
  execFile: (program: string, args: string[], done: (error: Error | null) => void) => {
    synced.push([program, ...args]);
    done(syncThere ? null : new Error('ENOENT'));
  },
}));
const { makeDirectory, makeDirectoryUnsynced } = await import('./index.js');

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'plenary-durable-'));
  [synced.length, syncThere] = [0, true];
});
afterEach(() => rmSync(directory, { recursive: true }));

it('what is missing above a directory is made with it, and each whose entries changed is told', () => {
  const [above, made] = [join(directory, 'above'), join(directory, 'above', 'made')];
  expect(makeDirectoryUnsynced(made)).toEqual([above, directory]);
  expect(makeDirectoryUnsynced(made)).toEqual([]);
  expect(existsSync(made)).toBe(true);
});

it('what is no directory is in the way', () => {
  writeFileSync(join(directory, 'file'), '');
  for (const [path, code] of [
    [join(directory, 'file'), 'EEXIST'],
    [join(directory, 'file', 'below'), 'ENOTDIR'],
  ] as const)
    expect(() => makeDirectoryUnsynced(path)).toThrow(code);
});

// By a process of its own, which can be stopped: one that goes round for ever hears nothing.
const inProc = existsSync('/proc/self') ? it.each : it.skip.each;
inProc(['plenary', 'plenary/below'])('where a directory takes no entry and says that there is none, it ends: /proc/%s', (below) => {
  const making = `import { makeDirectoryUnsynced } from '#durable'; makeDirectoryUnsynced('/proc/${below}');`;
  const { status, stderr, signal } = spawnSync(
    process.execPath,
    ['--conditions=plenary-src', '--import', './test/support/swc-register.mjs', '--input-type=module', '--eval', making],
    { encoding: 'utf8', timeout: 20_000, killSignal: 'SIGKILL' },
  );
  expect([status, signal, stderr]).toEqual([1, null, expect.stringContaining("ENOENT: no such file or directory, mkdir '/proc/plenary'")]);
});

it('a directory is made once, and its names are synced without another program', async () => {
  await makeDirectory(join(directory, 'above', 'made'));
  await makeDirectory(join(directory, 'above', 'made'));
  expect([existsSync(join(directory, 'above', 'made')), synced]).toEqual([true, []]);
});

describe('in a directory that may be written and not read', () => {
  let closed: string;
  beforeEach(() => {
    closed = join(directory, 'closed');
    mkdirSync(closed);
    // Root may read everything: it becomes somebody else for the time of the call.
    if (process.getuid!() === 0) for (const path of [directory, closed]) chownSync(path, NOBODY, NOBODY);
    chmodSync(closed, 0o300);
    if (process.getuid!() === 0) process.seteuid!(NOBODY);
  });
  afterEach(() => {
    if (process.getuid!() === 0) process.seteuid!(0);
    chmodSync(closed, 0o700);
  });

  it('the file system is synced in its stead', async () => {
    const made = join(closed, 'made');
    await makeDirectory(made);
    expect([existsSync(made), synced]).toEqual([true, [['sync', '-f', made]]]);
  });

  it('and where that cannot be done, it says which directory is to be read', async () => {
    syncThere = false;
    await expect(makeDirectory(join(closed, 'made'))).rejects.toThrow(`${closed} may be written, but not read`);
  });
});
