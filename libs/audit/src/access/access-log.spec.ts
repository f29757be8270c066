import { createHash } from 'node:crypto';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { accessesIn, AccessLog, type Access } from './access-log.js';

let directory: string;
let now: number;
const logs: AccessLog[] = [];

function open(): AccessLog {
  const log = AccessLog.open(directory, () => now);
  logs.push(log);
  return log;
}

const refused = (request: string): Access => ({
  what: 'refused-login',
  method: 'GET',
  address: '/api/v1/bodies',
  status: 401,
  request,
  from: '192.0.2.1',
});
const at = (time: string): void => void (now = Date.parse(time));
const requestsOf = (log: AccessLog, day: string): string[] =>
  (log.bytesOf(day)?.toString() ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as Access).request);

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'plenary-access-'));
  at('2024-04-29T22:00:00Z');
});
afterEach(() => {
  for (const log of logs.splice(0)) log.close();
  rmSync(directory, { recursive: true, force: true });
});

describe('the access log', () => {
  it('has a file for each day, in UTC, and goes on after a restart', () => {
    const before = open();
    before.note(refused('a'));
    before.close();
    const log = open();
    expect(log.node).toBe(before.node);
    log.note(refused('b'));
    at('2024-04-30T00:00:00Z');
    log.note(refused('c'));
    expect([requestsOf(log, '2024-04-29'), requestsOf(log, '2024-04-30')]).toEqual([['a', 'b'], ['c']]);
    expect(log.days()).toEqual(['2024-04-30', '2024-04-29']);
  });

  it('seals what is over, never today', async () => {
    const log = open();
    log.note(refused('a'));
    await log.sealDays();
    expect(log.unrecordedDays()).toEqual([]);
    at('2024-05-02T08:00:00Z');
    log.note(refused('b'));
    await log.sealDays();
    expect(log.unrecordedDays()).toEqual(['2024-04-29']);
    const bytes = readFileSync(join(directory, '2024-04-29.ndjson'));
    expect(log.sealed('2024-04-29')).toEqual({ day: '2024-04-29', entries: 1, hash: createHash('sha256').update(bytes).digest('hex') });
    log.markRecorded('2024-04-29');
    expect(log.unrecordedDays()).toEqual([]);
  });

  it('offers all sealed days again where the mark is lost', async () => {
    const log = open();
    for (const day of ['2024-04-29', '2024-04-30', '2024-05-01']) {
      at(`${day}T10:00:00Z`);
      log.note(refused(day));
    }
    await log.sealDays();
    log.markRecorded('2024-04-30');
    rmSync(join(directory, 'recorded'));
    expect(log.unrecordedDays()).toEqual(['2024-04-29', '2024-04-30']);
  });

  it('never writes into a day that is sealed, where the clock is set back', async () => {
    const log = open();
    log.note(refused('a'));
    at('2024-04-30T01:00:00Z');
    await log.sealDays();
    const before = log.sealed('2024-04-29');
    at('2024-04-29T23:00:00Z');
    const later = open();
    later.note(refused('b'));
    expect(later.sealed('2024-04-29')).toEqual(before);
    expect(requestsOf(later, '2024-04-30')).toEqual(['b']);
  });

  it('counts and hashes a line that a crash cut off as it stands', async () => {
    const log = open();
    log.note(refused('a'));
    appendFileSync(join(directory, '2024-04-29.open.ndjson'), '{"at":');
    at('2024-04-30T01:00:00Z');
    await log.sealDays();
    expect(log.sealed('2024-04-29')).toMatchObject({ entries: 1 });
  });

  it('goes on in a line of its own behind one that a crash cut off, and passes that over', () => {
    appendFileSync(join(directory, '2024-04-29.open.ndjson'), '{"at":"2024-04-29T21:59:59.000Z","what":"export"}\n{"at":');
    const log = open();
    log.note(refused('a'));
    log.note(refused('b'));
    appendFileSync(join(directory, '2024-04-29.open.ndjson'), 'null\n{"torn}');
    const bytes = log.bytesOf('2024-04-29')!;
    expect(bytes.toString().split('\n')).toHaveLength(6);
    expect(accessesIn(bytes).map(({ what, request }) => [what, request])).toEqual([
      ['export', undefined],
      ['refused-login', 'a'],
      ['refused-login', 'b'],
    ]);
  });

  it('says what keeps it from noting, and throws nothing', () => {
    const log = open();
    rmSync(directory, { recursive: true });
    log.note(refused('a'));
    expect(log.trouble).toMatch(/ENOENT/);
    expect([log.days(), log.unrecordedDays(), log.bytesOf('2024-04-29')]).toEqual([[], [], undefined]);
  });

  it('goes on to say that a day could not be recorded, whatever is noted meanwhile', () => {
    const log = open();
    log.looked('the store is away');
    log.note(refused('a'));
    expect(log.trouble).toBe('the store is away');
    log.looked();
    expect(log.trouble).toBeUndefined();
  });

  describe('on the disk', () => {
    let synced: string[];
    let failure: string | undefined;
    let letGo: (() => void)[];
    const held = (): AccessLog => {
      const log = AccessLog.open(
        directory,
        () => now,
        async (path) => {
          synced.push(basename(path));
          await new Promise<void>((resolve) => letGo.push(resolve));
          if (failure !== undefined) throw new Error(failure);
        },
      );
      logs.push(log);
      return log;
    };
    /** Each sync is let go as it comes. */
    const settled = async (log: AccessLog): Promise<void> => {
      let isOver = false;
      const done = log.synced().then(() => (isOver = true));
      while (!isOver) {
        for (const go of letGo.splice(0)) go();
        await setImmediate();
      }
      await done;
    };
    beforeEach(() => {
      [synced, letGo, failure] = [[], [], undefined];
    });
    const OPENED = '2024-04-29.open.ndjson';

    it('puts the lines of a turn there at once, with the name of a new file', async () => {
      const log = held();
      for (const request of ['a', 'b', 'c']) log.note(refused(request));
      expect(synced).toEqual([]);
      await settled(log);
      expect(synced).toEqual([basename(directory), OPENED]);
      log.note(refused('d'));
      await settled(log);
      expect(synced.slice(2)).toEqual([OPENED]);
      await settled(log);
      expect(synced).toHaveLength(3);
    });

    it('puts a line there by a sync that began after it, not by one that was under way', async () => {
      const log = held();
      log.note(refused('a'));
      await settled(log);
      log.note(refused('b'));
      void log.synced();
      while (letGo.length === 0) await setImmediate();
      log.note(refused('c'));
      let isThere = false;
      const there = log.synced().then(() => (isThere = true));
      letGo.splice(0)[0]!();
      while (letGo.length === 0) await setImmediate();
      expect([isThere, synced.slice(2)]).toEqual([false, [OPENED, OPENED]]);
      letGo.splice(0)[0]!();
      await there;
    });

    it('puts the lines of a moment there by one sync, also where nobody waits for it', async () => {
      const log = held();
      for (const request of ['a', 'b', 'c']) {
        log.note(refused(request));
        await setImmediate();
      }
      expect(synced).toEqual([]);
      while (synced.length === 0) await setImmediate();
      await settled(log);
      expect(synced).toEqual([basename(directory), OPENED]);
    });

    it('says what keeps it from being there, until it is', async () => {
      const log = held();
      failure = 'the disk failed';
      log.note(refused('a'));
      await settled(log);
      expect(log.trouble).toBe('the disk failed');
      failure = undefined;
      log.note(refused('b'));
      await settled(log);
      expect(log.trouble).toBeUndefined();
    });

    it('tries again what could not be put there, also where nothing more is noted', async () => {
      const log = held();
      failure = 'the disk failed';
      log.note(refused('a'));
      await settled(log);
      failure = undefined;
      await settled(log);
      expect([log.trouble, synced.slice(2)]).toEqual([undefined, [basename(directory), OPENED]]);
    });

    it('seals a day only once its file is there', async () => {
      const log = held();
      log.note(refused('a'));
      await settled(log);
      at('2024-04-30T01:00:00Z');
      const sealing = log.sealDays();
      expect([synced.at(-1), log.sealed('2024-04-29')]).toEqual([OPENED, undefined]);
      letGo.splice(0)[0]!();
      await sealing;
      expect(log.sealed('2024-04-29')).toMatchObject({ entries: 1 });
    });
  });

  it('begins a new file where the one of today was moved away, and says where there is no place for one', () => {
    const log = open();
    log.note(refused('a'));
    renameSync(join(directory, '2024-04-29.open.ndjson'), join(directory, 'moved'));
    log.note(refused('b'));
    expect(requestsOf(log, '2024-04-29')).toEqual(['b']);
    rmSync(directory, { recursive: true });
    log.note(refused('c'));
    expect(log.trouble).toMatch(/ENOENT/);
  });

  it('reads no other file than that of a day', () => {
    const log = open();
    expect(readdirSync(directory)).toEqual(['node']);
    for (const day of ['node', '../node', '2024-04-29/../node', '']) expect(log.bytesOf(day)).toBeUndefined();
  });
});
