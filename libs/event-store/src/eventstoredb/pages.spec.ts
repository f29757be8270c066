// Pages that take longer than a call may: read in parts, each event once, and none is missing.
import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import type { EventStoreDBClient } from '@eventstore/db-client';
import { StoreUnavailable, TailWithdrawn } from '../errors.js';
import type { Call, Connection } from './connection.js';
import { Pages } from './pages.js';

const LIMIT_MS = 40;
const LENGTH = 7;

interface Asked {
  maxCount: number;
  direction: 'forwards' | 'backwards';
  fromRevision?: bigint | 'start' | 'end';
  fromPosition?: { commit: bigint } | 'start' | 'end';
}

const eventAt = (index: number): { event: object } => ({
  event: {
    id: `event-${index}`,
    streamId: 'plenary:log',
    revision: BigInt(index),
    type: 'anything',
    data: new Uint8Array(),
    position: { commit: BigInt(index * 100) },
  },
});

/** Of a log of a few events, on a way so slow that a call brings no more than some of them. */
class SlowDatabase {
  calls = 0;

  constructor(
    private readonly perCall: number,
    /** What lies at a place when it is read for the second time. */
    private readonly later = eventAt,
  ) {}

  get pages(): Pages {
    const client = {
      readStream: (_: string, asked: Asked) => this.read(asked),
      readAll: (asked: Asked) => this.read(asked),
    } as unknown as EventStoreDBClient;
    const connection = {
      call: <Result>(run: Call<Result>) =>
        run(client, { credentials: { username: '', password: '' }, requiresLeader: true, deadline: LIMIT_MS }),
    } as Connection;
    const timing = { callLimitMs: LIMIT_MS, giveUpAfterMs: 0, pause: () => Promise.resolve(), now: () => 0 };
    return new Pages(connection, { timing, signal: new AbortController().signal });
  }

  private read({ maxCount, direction, fromRevision, fromPosition }: Asked): Readable {
    this.calls += 1;
    const from = fromRevision ?? (typeof fromPosition === 'object' ? fromPosition.commit / 100n : fromPosition!);
    const forwards = direction === 'forwards';
    // From a position backwards, what lies there is left out.
    const first = from === 'start' ? 0 : from === 'end' ? LENGTH - 1 : Number(from) - (!forwards && fromRevision === undefined ? 1 : 0);
    const indices = Array.from({ length: maxCount }, (_, step) => first + (forwards ? step : -step)).filter(
      (index) => index >= 0 && index < LENGTH,
    );
    const isSlow = indices.length > this.perCall;
    const events = indices.slice(0, this.perCall).map(this.calls > 1 ? this.later : eventAt);
    const reading = new Readable({ objectMode: true, read: () => undefined });
    for (const event of events) reading.push(event);
    if (!isSlow) reading.push(null);
    return Object.assign(reading, { cancel: () => Promise.resolve(void reading.destroy(new Error('cancelled'))) });
  }
}

const ids = (events: readonly { id: string }[]): number[] => events.map(({ id }) => Number(id.slice('event-'.length)));
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe('what takes longer than a call may', () => {
  it('is read in parts: the whole log, forwards and from its end', async () => {
    const database = new SlowDatabase(3);
    expect(ids(await database.pages.all('start', 100))).toEqual(upTo(LENGTH));
    expect(database.calls).toBe(3);
    expect(ids(await new SlowDatabase(3).pages.all(200n, 4))).toEqual([2, 3, 4, 5]);
    expect(ids(await new SlowDatabase(3).pages.all('end', 5))).toEqual([6, 5, 4, 3, 2]);
  });

  it('is read in parts: a stream, both ways', async () => {
    expect(ids(await new SlowDatabase(3).pages.stream('plenary:log', 'start', 'forwards', 100))).toEqual(upTo(LENGTH));
    expect(ids(await new SlowDatabase(3).pages.stream('plenary:log', 'end', 'backwards', 100))).toEqual(upTo(LENGTH).reverse());
    expect(ids(await new SlowDatabase(2).pages.stream('plenary:log', 1n, 'forwards', 4))).toEqual([1, 2, 3, 4]);
  });

  it('is not taken for whole where another event came to lie where the last part ended', async () => {
    const database = new SlowDatabase(3, (index) => ({ event: { ...eventAt(index).event, id: `other-${index}` } }));
    await expect(database.pages.all('start', 100)).rejects.toBeInstanceOf(TailWithdrawn);
  });

  it('and of which nothing new comes is an answer that is missing', async () => {
    await expect(new SlowDatabase(0).pages.all('start', 100)).rejects.toBeInstanceOf(StoreUnavailable);
    await expect(new SlowDatabase(1).pages.all('start', 100)).rejects.toBeInstanceOf(StoreUnavailable);
  });
});
