// The thread that signs outlives a store that is out of reach, whenever that is.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LOG_FILE, SqliteEventStore } from '#event-store';
import { openDatabase } from '#sqlite';
import { newStream, sealAppend, testWriterKey } from '#event-store/testing';
import { SignerThread, signingAs } from '../../apps/api/src/ledger/signer-thread.js';
import { tsWorkerExecArgv } from '../support/ts-worker.js';
import { logPrivateKey, ORIGIN } from './support/ledger-history.js';

let directory: string;
let store: SqliteEventStore | undefined;
let thread: SignerThread | undefined;
let alarms: string[];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'plenary-signer-thread-'));
  alarms = [];
});
afterEach(async () => {
  await thread?.stop();
  await store?.close();
  thread = undefined;
  store = undefined;
  rmSync(directory, { recursive: true });
});

const startThread = (
  lastRecord: () => number,
  write = (key: string, value: string) => store!.bookkeeping.write(key, value),
): SignerThread =>
  (thread = new SignerThread({
    data: {
      location: { directory },
      signerDirectory: join(directory, 'signer'),
      origin: ORIGIN,
      writerKey: testWriterKey.toString('hex'),
      ...signingAs(logPrivateKey, []),
    },
    bookkeeping: { read: (key) => store!.bookkeeping.read(key), write },
    lastRecord,
    onAlarm: (message) => alarms.push(message),
    execArgv: tsWorkerExecArgv,
  }));
async function makeLog(records = 3): Promise<void> {
  store = await SqliteEventStore.open({ directory, mode: 'writer' });
  await store.append(sealAppend(newStream(), 'none', records));
}

describe('the thread of the signer', () => {
  it('signs once the store can be opened, where it could not at first', async () => {
    startThread(() => 3);
    for (let asked = 0; asked < 2; asked++) await thread!.sign();
    expect(alarms).toEqual([expect.stringContaining('no checkpoint was signed: there is no log at')]);
    await makeLog();
    await thread!.sign();
    expect(thread!.newest).toMatchObject({ size: 3 });
  });

  it('does not read again what it compared, where a checkpoint could not be published', async () => {
    await makeLog(300);
    let failures = 1;
    startThread(
      () => 300,
      (key, value) => (failures-- > 0 ? Promise.reject(new Error('the database is away')) : store!.bookkeeping.write(key, value)),
    );
    await thread!.sign();
    expect(alarms).toEqual(['no checkpoint was signed: the database is away']);
    // Whoever compares the log with it from the first record on finds it damaged.
    rmSync(join(directory, 'signer', 'tile', '0', '000'));
    await thread!.sign();
    expect([alarms.length, thread!.newest?.size]).toEqual([1, 300]);
  });

  it('ends between two batches of a comparison, where it is told to', async () => {
    await makeLog(300);
    startThread(() => 300);
    await thread!.sign();
    await thread!.stop();
    // Whoever compares the log with it to its end finds it damaged.
    rmSync(join(directory, 'signer', 'tile', '0', '000'));
    startThread(() => 300);
    void thread!.sign();
    await thread!.stop();
    expect(alarms).toEqual([]);
  });

  it('goes on signing where it cannot be read how far the log is, and says so', async () => {
    await makeLog();
    let reads = 0;
    startThread(() => {
      reads += 1;
      if (reads <= 4) throw new Error('disk I/O error');
      return 3;
    });
    for (let asked = 0; asked < 2; asked++) await thread!.sign();
    expect(reads).toBe(4);
    expect(thread!.newest).toMatchObject({ size: 3 });
    expect(thread!.trouble).toBe('how far the log has grown cannot be read: disk I/O error');
    expect(alarms).toEqual([thread!.trouble]);
    await thread!.sign();
    expect(thread!.trouble).toBeUndefined();
  });

  it('says at once that the log is damaged, before any checkpoint is late', async () => {
    await makeLog(300);
    const log = openDatabase(join(directory, LOG_FILE), { mode: 'read-write' });
    log.exec('DELETE FROM events WHERE record = 50');
    log.close();
    startThread(() => 300);
    await thread!.sign();
    expect(thread!.trouble).toBe('no checkpoint can be signed: the log is damaged: record 50 is missing');
  });
});
