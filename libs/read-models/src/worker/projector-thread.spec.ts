import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Position } from '#event-store';
import { SqliteEventStore } from '../../../event-store/src/sqlite/index.js';
import { streamName, type RecordNumber, type Revision } from '#kernel';
import { openDatabase, type Database } from '#sqlite';
import { tsWorkerExecArgv } from '../../../../test/support/ts-worker.js';
import { dump } from '../dump.js';
import { currentFile } from '../read-models-file.js';
import { History, idOf, typed } from '../testing/index.js';
import type { Alarm } from './protocol.js';
import { startProjector, type ProjectorHandle } from './start-projector.js';

const LONG_MS = 60_000;
let directory: string;
let store: SqliteEventStore;
let handle: ProjectorHandle | undefined;
let alarms: Alarm[];
let onAlarm: () => void;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'plenary-projector-'));
  store = await SqliteEventStore.open({ directory, mode: 'writer' });
  alarms = [];
});
afterEach(async () => {
  await handle?.stop();
  handle = undefined;
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

const start = (version = 1, log = directory, more: { heldBack?: SharedArrayBuffer; outOfReach?: boolean } = {}): ProjectorHandle =>
  (handle = startProjector({
    dataDirectory: directory,
    worker: new URL('../testing/made-up.worker.ts', import.meta.url),
    workerData: { directory, log, version, ...more },
    execArgv: tsWorkerExecArgv,
    onAlarm: (alarm) => {
      alarms.push(alarm);
      onAlarm?.();
    },
  }));

/** Stores the events of a history that are not stored yet, one append each; answers the last position. */
async function append(history: Pick<History, 'events'>, from: number): Promise<Position> {
  let position: Position | undefined;
  for (const event of history.events.slice(from)) {
    const expected = event.revision === 0 ? 'none' : ((event.revision - 1) as Revision);
    ({ position } = await store.append({ stream: event.stream, expected, events: [event] }));
  }
  return position!;
}

const openHalls = (history: History, count: number): History => {
  const from = history.events.length;
  for (let n = from; n < from + count; n++) {
    history.record({ stream: streamName('body', idOf(`hall ${n}`)), type: 'hall-opened', data: { name: typed(`Hall ${n}`) } });
  }
  return history;
};

const dumped = (): ReturnType<typeof dump> => {
  const database: Database = openDatabase(currentFile(directory)!, { mode: 'read-only' });
  try {
    return dump(database);
  } finally {
    database.close();
  }
};

it('builds what is missing, follows the log, and goes on from its checkpoint', async () => {
  const history = openHalls(new History(), 20);
  await append(history, 0);
  start();
  await handle!.ready;
  expect(await handle!.waitFor(20 as RecordNumber, LONG_MS)).toBe(true);
  const position = await append(openHalls(history, 5), 20);
  expect(await handle!.waitFor(position, LONG_MS)).toBe(true);
  expect(await handle!.waitFor(25 as RecordNumber, LONG_MS)).toBe(true);
  const file = currentFile(directory);
  await handle!.stop();

  const later = await append(openHalls(history, 3), 25);
  start();
  expect(await handle!.waitFor(later, LONG_MS)).toBe(true);
  expect(await handle!.waitFor(28 as RecordNumber, LONG_MS)).toBe(true);
  expect(currentFile(directory)).toBe(file);
  expect(alarms).toEqual([]);
});

it('waits no longer than it is told', async () => {
  start();
  await handle!.ready;
  expect(await handle!.waitFor(1 as RecordNumber, 1)).toBe(false);
  handle!.appended('elsewhere:1' as Position, 10);
  expect(await handle!.waitForLag(10, 1)).toBe(true);
  handle!.appended('elsewhere:2' as Position, 10);
  expect(await handle!.waitForLag(10, 1)).toBe(false);
});

it('rebuilds beside the file that serves, and goes over to the same tables', async () => {
  const history = openHalls(new History(), 30);
  await append(history, 0);
  start();
  await handle!.ready;
  const position = await append(openHalls(history, 10), 30);
  await handle!.waitFor(position, LONG_MS);
  const [before, file] = [dumped(), currentFile(directory)];
  const [last] = await Promise.all([append(openHalls(history, 1), 40), handle!.rebuild()]);
  await handle!.waitFor(last, LONG_MS);
  expect(currentFile(directory)).not.toBe(file);
  expect(files()).toHaveLength(1);
  const after = dumped();
  expect(after['halls']).toHaveLength(41);
  expect(after['log']!.slice(0, 40)).toEqual(before['log']);
  await handle!.rebuild();
  expect(dumped()).toEqual(after);
});

const files = (): string[] => readdirSync(join(directory, 'read-models')).filter((name) => name.endsWith('.db'));

it('stops while a rebuild ends, and leaves nothing of it', async () => {
  await append(openHalls(new History(), 5), 0);
  const heldBack = new SharedArrayBuffer(8);
  const gate = new Int32Array(heldBack);
  start(1, directory, { heldBack });
  await handle!.ready;
  const rebuilt = expect(handle!.rebuild()).rejects.toThrow('the projector ended');
  await Atomics.waitAsync(gate, 0, 0).value;
  const stopped = handle!.stop();
  await (handle as unknown as { ended: Promise<void> }).ended;
  Atomics.store(gate, 1, 1);
  Atomics.notify(gate, 1);
  await Promise.all([rebuilt, stopped]);
  expect(files()).toEqual([basename(currentFile(directory)!)]);
});

it('leaves nothing of a rebuild that it cannot go over to', async () => {
  const history = openHalls(new History(), 5);
  await append(history, 0);
  start(1, directory, { outOfReach: true });
  await handle!.ready;
  const file = currentFile(directory);
  await expect(handle!.rebuild()).rejects.toThrow('the database does not answer');
  expect(files()).toEqual([basename(file!)]);
  expect(currentFile(directory)).toBe(file);
  expect(await handle!.waitFor(await append(openHalls(history, 1), 5), LONG_MS)).toBe(true);
});

it('ends a start whose read models can lie nowhere, and names their folder', async () => {
  writeFileSync(join(directory, 'read-models'), 'a file where the folder should be');
  start();
  await expect(handle!.ready).rejects.toThrow(
    `the read models in ${join(directory, 'read-models')}, below PLENARY_DATA, cannot be read or written: ENOTDIR`,
  );
  expect(alarms).toMatchObject([{ reason: 'unwritable', isLasting: true }]);
});

it('tries again where what is in the way of a start may pass, and leaves nothing of what it could not use', async () => {
  await append(openHalls(new History(), 3), 0);
  const inTheWay = join(directory, 'read-models', 'current.next');
  mkdirSync(inTheWay, { recursive: true });
  const raised = new Promise<void>((resolve) => (onAlarm = resolve));
  start();
  await raised;
  expect(alarms[0]).toEqual({ reason: 'unwritable', message: expect.stringContaining('cannot be read or written: EISDIR') });
  expect(files()).toEqual([]);
  rmdirSync(inTheWay);
  await handle!.ready;
  expect(dumped()['halls']).toHaveLength(3);
  expect(await handle!.waitFor(3 as RecordNumber, LONG_MS)).toBe(true);
});

it('builds anew what was made under other projections', async () => {
  await append(openHalls(new History(), 3), 0);
  start(1);
  await handle!.ready;
  await handle!.stop();
  const file = currentFile(directory);
  start(2);
  await handle!.ready;
  expect(currentFile(directory)).not.toBe(file);
  expect(await handle!.waitFor(3 as RecordNumber, LONG_MS)).toBe(true);
});

it('stops before a forged event, names it, and keeps what came before', async () => {
  const history = openHalls(new History(), 2);
  await append(history, 0);
  start();
  await handle!.ready;
  const forged = openHalls(new History(Buffer.alloc(32, 8)), 3);
  const raised = new Promise<void>((resolve) => (onAlarm = resolve));
  await append(forged, 2);
  await raised;
  expect(alarms).toEqual([expect.objectContaining({ reason: 'forged', record: 3, eventId: forged.events[2]!.id })]);
  expect(handle!.alarm()).toContain('record 3');
  expect(handle!.progress.record).toBe(2);
  await handle!.stop();
  // Also where they are built from the beginning.
  rmSync(join(directory, 'read-models'), { recursive: true });
  const again = new Promise<void>((resolve) => (onAlarm = resolve));
  start();
  await Promise.all([handle!.ready, again]);
  expect(dumped()['halls']).toHaveLength(2);
  expect(alarms).toHaveLength(2);
});

it('goes over to read models that were built anew, also after it had stopped for good', async () => {
  const history = openHalls(new History(), 3);
  await append(history, 0);
  start();
  await handle!.ready;
  await handle!.waitFor(3 as RecordNumber, LONG_MS);
  const damaged = openDatabase(currentFile(directory)!, { mode: 'read-write' });
  damaged.exec('DROP TABLE halls');
  damaged.close();
  const raised = new Promise<void>((resolve) => (onAlarm = resolve));
  const last = await append(openHalls(history, 1), 3);
  await raised;
  expect(alarms).toMatchObject([{ reason: 'failed', record: 4 }]);
  await handle!.rebuild();
  expect(await handle!.waitFor(last, LONG_MS)).toBe(true);
  // By its number: of a position the file alone can tell, before the thread has said that all is well.
  await append(openHalls(history, 1), 4);
  expect(await handle!.waitFor(5 as RecordNumber, LONG_MS)).toBe(true);
  expect([dumped()['halls']!.length, handle!.alarm()]).toEqual([5, undefined]);
});

it('cuts back what the store no longer holds', async () => {
  const history = openHalls(new History(), 9);
  await append({ events: history.events.slice(0, 4) }, 0);
  await store.close();
  const older = join(directory, 'older');
  mkdirSync(older);
  copyFileSync(join(directory, 'log.db'), join(older, 'log.db'));
  store = await SqliteEventStore.open({ directory, mode: 'writer' });
  await append(history, 4);
  start();
  await handle!.ready;
  await handle!.stop();
  const file = currentFile(directory)!;

  await store.close();
  store = await SqliteEventStore.open({ directory: older, mode: 'writer' });
  start(1, older);
  await handle!.ready;
  const position = await append(openHalls(history, 1), 9);
  expect(await handle!.waitFor(position, LONG_MS)).toBe(true);
  expect(currentFile(directory)).toBe(file);
  expect(await handle!.waitFor(5 as RecordNumber, LONG_MS)).toBe(true);
  expect(dumped()['halls']).toHaveLength(5);
  expect(alarms).toEqual([]);
});
