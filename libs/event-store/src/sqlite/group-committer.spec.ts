import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { newStream, resealed, sealAppend } from '../testing/index.js';
import { GroupCommitter } from './group-committer.js';
import { LogReader } from './log-reader.js';
import type { LogWriter, Write } from './log-writer.js';
import type { FromWriter } from './writer-protocol.js';
import { openDatabase, type Database } from '#sqlite';
import { randomId } from '#kernel';

let directory: string;
let committer: GroupCommitter;

const write = (append = sealAppend(newStream())): Write => ({ kind: 'append', append });
const run = (...writes: Write[]): FromWriter[] => [...committer.run(writes)];
const connection = (): Database => (committer as unknown as { writer: { database: Database } }).writer.database;
const writer = (): LogWriter => (committer as unknown as { writer: LogWriter }).writer;

function storedRecords(): number {
  const reader = new LogReader(join(directory, 'log.db'));
  const last = reader.lastRecord();
  expect(reader.readAfter(0, 10_000)).toHaveLength(last);
  reader.close();
  return last;
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'plenary-group-'));
  committer = new GroupCommitter({ file: join(directory, 'log.db'), newId: randomId() });
  committer.open();
});
afterEach(() => {
  committer.close();
  rmSync(directory, { recursive: true });
});

describe('a group of writes', () => {
  it('is one transaction, in which each append is judged alone', () => {
    const first = sealAppend(newStream());
    const [answer] = run(write(first), write(resealed(first)), write(sealAppend(newStream(), 3)), write(sealAppend(first.stream, 0)), {
      kind: 'note',
      key: 'k',
      value: 'v',
    });
    expect(answer).toMatchObject({
      kind: 'committed',
      outcomes: [
        { kind: 'stored', lastRecord: 1 },
        { kind: 'repeated', first: 0 },
        { kind: 'wrong-revision', actual: 'none' },
        { kind: 'stored', lastRecord: 2 },
        { kind: 'noted' },
      ],
    });
    expect(storedRecords()).toBe(2);
  });

  it('is split where it is too large', () => {
    const answers = run(...Array.from({ length: 2500 }, () => write()));
    expect(answers.map((answer) => (answer.kind === 'committed' ? answer.outcomes.length : 0))).toEqual([1000, 1000, 500]);
    expect(storedRecords()).toBe(2500);
  });

  it('fails whole on a full disk; reads go on, and writing comes back when there is room', () => {
    run(write());
    const pages = Number(connection().pragma('page_count'));
    connection().pragma(`max_page_count = ${pages + 1}`);
    const append = sealAppend(newStream(), 'none', 50, { text: 'x'.repeat(5000) });
    for (let round = 0; round < 2; round++) {
      expect(run(write(), write(append))).toMatchObject([{ kind: 'failed', writes: 2, failure: { reason: 'full' } }]);
      expect(storedRecords()).toBe(1);
    }
    connection().pragma('max_page_count = 1000000');
    expect(run(write(append))).toMatchObject([{ kind: 'committed', outcomes: [{ kind: 'stored', lastRecord: 51 }] }]);
    expect(storedRecords()).toBe(51);
  });

  it.each([
    ['before the commit', false, 'failing'],
    ['at the commit', true, 'unclear'],
  ] as const)('after an error of the disk %s opens the file anew', (_, committing, reason) => {
    run(write());
    const broken = connection();
    jest.spyOn(writer(), 'commit').mockImplementation((__, begin) => {
      if (committing) begin();
      throw Object.assign(new Error('disk I/O error'), { errcode: 1034 });
    });
    expect(run(write())).toMatchObject([{ kind: 'failed', writes: 1, failure: { reason, message: 'disk I/O error' } }]);
    expect(broken.isOpen).toBe(false);
    expect(run(write())).toMatchObject([{ kind: 'committed', outcomes: [{ kind: 'stored', lastRecord: 2 }] }]);
  });

  describe('after an error of the disk', () => {
    const file = (): string => join(directory, 'log.db');
    const remove = (): void => ['', '-wal', '-shm'].forEach((suffix) => rmSync(`${file()}${suffix}`, { force: true }));
    /** What lies at the place of the log when it is opened again. */
    const meanwhile = (change: () => void): void => {
      jest.spyOn(writer(), 'commit').mockImplementation(() => {
        throw Object.assign(new Error('disk I/O error'), { errcode: 1034 });
      });
      run(write());
      change();
    };
    const failing = (message: string) => [
      { kind: 'failed', writes: 1, failure: { reason: 'failing', message: expect.stringContaining(message) } },
    ];

    it('makes no new log where the file is gone, and goes on once it is back', () => {
      run(write(), write());
      meanwhile(() => {
        copyFileSync(file(), join(directory, 'elsewhere.db'));
        remove();
      });
      for (let round = 0; round < 2; round++) expect(run(write())).toMatchObject(failing(`${file()} is gone: it held 2 records`));
      expect(committer.scrub()).toMatchObject({ kind: 'not-scrubbed', failure: { reason: 'failing' } });
      expect(existsSync(file())).toBe(false);
      copyFileSync(join(directory, 'elsewhere.db'), file());
      expect(run(write())).toMatchObject([{ kind: 'committed', outcomes: [{ kind: 'stored', lastRecord: 3 }] }]);
    });

    it('writes nothing into an empty file', () => {
      run(write());
      meanwhile(() => {
        remove();
        writeFileSync(file(), '');
      });
      expect(run(write())).toMatchObject(failing('not a Plenary log'));
    });

    it('writes nothing into an older copy, and goes on in one that holds at least as much', () => {
      run(write());
      committer.close();
      copyFileSync(file(), join(directory, 'older.db'));
      run(write());
      meanwhile(() => {
        copyFileSync(file(), join(directory, 'newest.db'));
        remove();
        copyFileSync(join(directory, 'older.db'), file());
      });
      for (let round = 0; round < 2; round++)
        expect(run(write())).toMatchObject(failing('an older copy of the log: it ends at record 1, and 2 were stored'));
      remove();
      copyFileSync(join(directory, 'newest.db'), file());
      expect(run(write())).toMatchObject([{ kind: 'committed', outcomes: [{ lastRecord: 3 }] }]);
    });

    it('writes nothing into the log of another store', () => {
      const other = new GroupCommitter({ file: join(directory, 'other.db'), newId: randomId() });
      const id = other.open();
      for (const each of [write(), write()]) expect([...other.run([each])]).toHaveLength(1);
      other.close();
      run(write());
      meanwhile(() => {
        remove();
        copyFileSync(join(directory, 'other.db'), file());
      });
      expect(run(write())).toMatchObject(failing(`the log of another store, ${id}`));
    });
  });

  it('fails while another connection holds the file, and writes when that lets go', () => {
    const other = openDatabase(join(directory, 'log.db'), { mode: 'read-write' });
    other.exec('BEGIN IMMEDIATE');
    connection().pragma('busy_timeout = 0');
    expect(run(write())).toMatchObject([{ kind: 'failed', failure: { reason: 'failing', message: 'database is locked' } }]);
    other.close();
    expect(run(write())).toMatchObject([{ kind: 'committed' }]);
  });
});
