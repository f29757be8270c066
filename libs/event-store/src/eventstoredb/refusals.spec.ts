// What the database refuses its user stands in the store's trouble until it is granted, without a command that finds it out.
import { setImmediate } from 'node:timers/promises';
import grpc from '@grpc/grpc-js';
import { describe, expect, it } from '@jest/globals';
import { StoreUnavailable } from '../errors.js';
import { logOf, newStream, sealAppend, streamOf } from '../testing/index.js';
import type { EventStoreDbEventStore } from './eventstoredb-event-store.js';
import { accessDenied, protocolError, useFaultHarness, type FaultHarness, type Method } from './testing/index.js';

let harness: FaultHarness;
useFaultHarness((started) => (harness = started));

const granted = async (store: EventStoreDbEventStore): Promise<void> => {
  while (store.trouble) await setImmediate();
};

const refuse = (method: Method, times: number): void =>
  harness.server.next(...Array.from({ length: times }, () => ({ method, error: accessDenied() })));

describe('a database that refuses its user', () => {
  it('the reading of streams is trouble until it lets it read again', async () => {
    const { server } = harness;
    const store = await harness.open();
    const { stream } = (await store.append(sealAppend(newStream()))).events[0]!;
    const before = server.count('Read');
    refuse('Read', 3);
    await expect(streamOf(store, stream)).rejects.toMatchObject({
      reason: 'failing',
      message: expect.stringMatching(/refuses to be read/),
    });
    expect(store.trouble).toMatchObject({ reason: 'failing', message: expect.stringMatching(/refuses to be read: 7 PERMISSION_DENIED/) });
    await granted(store);
    // The one that met it, two that were refused as well, and one that was not.
    expect(server.count('Read') - before).toBe(4);
  });

  it('the reading of the whole log is trouble as well', async () => {
    const store = await harness.open();
    refuse('Read', 1);
    await expect(logOf(store)).rejects.toBeInstanceOf(StoreUnavailable);
    expect(store.trouble).toMatchObject({ reason: 'failing', message: expect.stringMatching(/refuses to be read/) });
    await granted(store);
  });

  it('the reading of a stream is met by whoever reads a note: no command is needed', async () => {
    const store = await harness.open();
    refuse('Read', 1);
    await expect(store.bookkeeping.read('anything')).rejects.toBeInstanceOf(StoreUnavailable);
    expect(store.trouble).toMatchObject({ reason: 'failing' });
    await granted(store);
  });

  it('appends is offered nothing until it would take them, and stores nothing of it', async () => {
    const { server } = harness;
    const store = await harness.open();
    const append = sealAppend(newStream());
    const [before, stored] = [server.count('Append'), server.log.records.length];
    refuse('Append', 3);
    await expect(store.append(append)).rejects.toMatchObject({ reason: 'failing', message: expect.stringMatching(/refuses appends/) });
    expect(store.trouble).toMatchObject({ reason: 'failing', message: expect.stringMatching(/refuses appends: 7 PERMISSION_DENIED/) });
    await granted(store);
    expect([server.count('Append') - before, server.log.records.length - stored]).toEqual([4, 0]);
    await store.append(append);
  });

  it('appends to a stream that moves meanwhile is asked no longer than the others', async () => {
    const store = await harness.open();
    const other = await harness.open({ mode: 'reader' });
    const stream = newStream();
    refuse('Append', 1);
    const refused = store.append(sealAppend(stream));
    await expect(refused).rejects.toBeInstanceOf(StoreUnavailable);
    await other.append(sealAppend(stream));
    await granted(store);
  });

  it('is asked no more once the store is closed', async () => {
    const store = await harness.open();
    refuse('Read', 1_000);
    await expect(streamOf(store, newStream())).rejects.toBeInstanceOf(StoreUnavailable);
    await store.close();
    const { length } = harness.server.seen;
    await setImmediate();
    expect(harness.server.seen).toHaveLength(length);
  });
});

it('of what is wrong with the way to the database, the newest is told', async () => {
  const store = await harness.open({ mode: 'reader' });
  const fail = async (method: Method, why: string, work: () => Promise<unknown>): Promise<void> => {
    harness.server.next(...Array.from({ length: 1_000 }, () => ({ method, error: protocolError(grpc.status.UNAVAILABLE, why) })));
    await expect(work()).rejects.toBeInstanceOf(Error);
  };
  await fail('Append', 'not ready', () => store.append(sealAppend(newStream())));
  expect(store.trouble).toMatchObject({ reason: 'unclear', message: expect.stringMatching(/not ready/) });
  await fail('Read', 'certificate has expired', () => store.bookkeeping.read('anything'));
  expect(store.trouble).toMatchObject({ reason: 'unreachable', message: expect.stringMatching(/certificate has expired/) });
});
