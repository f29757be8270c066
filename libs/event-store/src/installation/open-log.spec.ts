// A start proves that its keys are those with which the history was written, before it does anything with them.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { StoreUnavailable } from '../errors.js';
import { MemoryEventStore, MemoryLog } from '../memory/memory-event-store.js';
import { makeKeys } from './keys.js';
import { openLog, withSigningKey } from './open-log.js';

const NOTE = 'plenary-key-check';
let directory: string;
let keys: string;
let other: string;
let log: MemoryLog;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'plenary-keys-'));
  [keys, other] = [join(directory, 'keys'), join(directory, 'other')];
  log = new MemoryLog();
  await openLog(new MemoryEventStore(log), keys, 'records.example.org/x', 0);
  await makeKeys(other);
});
afterEach(() => rmSync(directory, { recursive: true }));

const start = async (store = new MemoryEventStore(log)) => withSigningKey(await openLog(store, keys, '', 0), keys);
const bringForeign = (file: string): void => cpSync(join(other, file), join(keys, file));

it('the keys of the installation open its history', async () => {
  expect(await start()).toMatchObject({ isNew: false, origin: 'records.example.org/x' });
});

describe('a digest key of another installation', () => {
  it('is refused: repeated commands would take effect twice', async () => {
    bringForeign('digest.key');
    await expect(start()).rejects.toThrow(`digest.key in ${keys} is not the one with which this history was written`);
  });

  it('is refused also where somebody put its own note in place, without the writer key', async () => {
    const foreign = new MemoryLog();
    await openLog(new MemoryEventStore(foreign), other, 'records.example.org/y', 0);
    bringForeign('digest.key');
    for (const note of [foreign.notes.get(NOTE)!, 'nonsense', '{}', 'null']) {
      log.notes.set(NOTE, note);
      await expect(start()).rejects.toThrow('was not sealed with the writer key');
    }
  });
});

it('a history that has no note yet gets one by the first start, and keeps it', async () => {
  const noted = log.notes.get(NOTE);
  log.notes.delete(NOTE);
  await start();
  expect(log.notes.get(NOTE)).toBe(noted);
  bringForeign('digest.key');
  await expect(start()).rejects.toThrow('digest.key');
});

it('the note tells nothing of either key', () => {
  for (const file of ['writer.key', 'digest.key']) expect(log.notes.get(NOTE)).not.toContain(readFileSync(join(keys, file), 'utf8').trim());
});

it('a store that is only read is opened without a note', async () => {
  log.notes.delete(NOTE);
  const store = new MemoryEventStore(log);
  store.bookkeeping.write = () => Promise.reject(new StoreUnavailable('read-only', 'only read'));
  expect(await start(store)).toMatchObject({ isNew: false });
});

describe('the signing key', () => {
  it('of another installation is refused, and the one that the record names is told', async () => {
    const { verifierKey } = await start();
    bringForeign('signing.key');
    await expect(start()).rejects.toThrow(`signing.key in ${keys} is not the key that the record names (${verifierKey})`);
  });

  it('may be missing: the node then does not sign', async () => {
    rmSync(join(keys, 'signing.key'));
    expect((await start()).keys.signing).toBeUndefined();
  });

  it('that is none is refused', async () => {
    writeFileSync(join(keys, 'signing.key'), 'nonsense');
    await expect(start()).rejects.toThrow('does not hold a private key');
  });
});
