// The network and the server fail; appends are stored once or say that they may not be, and followers lose and double nothing.
import { setImmediate } from 'node:timers/promises';
import grpc from '@grpc/grpc-js';
import { describe, expect, it, jest } from '@jest/globals';
import { OutcomeUnclear, StoreUnavailable, TailWithdrawn, WrongExpectedRevision } from '../errors.js';
import type { Append, EventStore, LogNotice } from '../port.js';
import { eventsIn, follow, logOf, newStream, resealed, sealAppend, streamOf, testWriterKey } from '../testing/index.js';
import { findForgery } from '../sealer.js';
import type { EventStoreDbEventStore } from './eventstoredb-event-store.js';
import { accessDenied, protocolError, ProtocolServer, unavailable, useFaultHarness, type FaultHarness } from './testing/index.js';

let harness: FaultHarness;
useFaultHarness((started) => (harness = started));

const MAX_ATTEMPTS = 20;

/** As a client does that has an idempotency key: sends it again until it is told. Anything but a clear failure ends the test. */
async function untilStored(store: EventStore, append: Append, onFailure: () => void): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await store.append(attempt === 0 ? append : resealed(append));
      return;
    } catch (error) {
      if (attempt === MAX_ATTEMPTS || !(error instanceof StoreUnavailable || error instanceof OutcomeUnclear)) throw error;
      onFailure();
    }
  }
}

interface Fault {
  name: string;
  begin: (harness: FaultHarness) => Promise<void> | void;
  /** What ends it, once an append has failed under it. */
  end?: (harness: FaultHarness) => Promise<void> | void;
}

const restart = async ({ server }: FaultHarness): Promise<void> => {
  await server.stop();
  await server.start();
};

/** Until the appends that are under way have all arrived, and one more call. */
async function delay({ server, proxy }: FaultHarness): Promise<void> {
  const calls = server.seen.length;
  proxy.toClient = 'hold';
  await server.until(() => server.seen.length > calls);
  proxy.heal();
}

/** What a network that comes back does with connections that it has forgotten. */
const comeBack = ({ proxy }: FaultHarness): void => {
  proxy.heal();
  proxy.reset();
};

const faults: Fault[] = [
  { name: 'a black hole', begin: ({ proxy }) => proxy.blackHole(), end: comeBack },
  { name: 'connections that are reset', begin: ({ proxy }) => proxy.reset() },
  { name: 'connections that are half closed', begin: ({ proxy }) => proxy.halfClose() },
  { name: 'a delay', begin: delay },
  { name: 'a delay beyond every limit', begin: ({ proxy }) => void (proxy.toClient = 'hold'), end: ({ proxy }) => proxy.heal() },
  { name: 'answers that are lost', begin: ({ proxy }) => void (proxy.toClient = 'drop'), end: comeBack },
  {
    name: 'a server that stores and answers with an error',
    begin: ({ server }) =>
      server.next({ method: 'Append', error: unavailable(), stored: true }, { method: 'Append', error: unavailable() }),
  },
  { name: 'a restart', begin: restart },
  {
    name: 'a server that is away for a while',
    begin: ({ server }) => server.stop(),
    end: async ({ server }) => void (await server.start()),
  },
  { name: 'subscriptions that are dropped', begin: ({ server }) => server.drop(unavailable()) },
];

describe.each(faults)('under $name', ({ begin, end }) => {
  it('appends are stored once, and whoever follows gets each event once', async () => {
    const store = await harness.open();
    const streams = Array.from({ length: 4 }, newStream);
    const following = follow(await harness.open({ mode: 'reader' }), {}, (notices) => eventsIn(notices).length >= 48);
    following.catch(() => undefined);
    let done = 0;
    let beginning: Promise<void> | undefined;
    let ending: Promise<void> | undefined;
    const onFailure = (): void => {
      ending ??= beginning?.then(() => end?.(harness));
    };
    const write = async (stream: Append['stream']): Promise<void> => {
      for (let round = 0; round < 6; round++) {
        const sending = untilStored(store, sealAppend(stream, round === 0 ? 'none' : round * 2 - 1, 2), onFailure);
        // While some are under way and others are still to come.
        if (done === 7) beginning ??= (async () => begin(harness))();
        await sending;
        done += 1;
      }
    };
    await Promise.all(streams.map(write));
    await beginning;
    await ending;
    const log = await logOf(store);
    expect(log.map(({ revision }) => revision).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 12 }, (_, revision) => [revision, revision, revision, revision]).flat(),
    );
    expect(new Set(log.map(({ id }) => id)).size).toBe(48);
    expect(log.filter((event) => findForgery(testWriterKey, event))).toEqual([]);
    expect(eventsIn(await following)).toEqual(log);
  });
});

describe('an append that nobody answered', () => {
  it('is found where it was stored, although others have written since', async () => {
    const { server } = harness;
    const store = await harness.open();
    const append = sealAppend(newStream(), 'none', 2);
    server.next({ method: 'Append', error: unavailable(), stored: true });
    const { repeated, events } = await store.append(append);
    expect([repeated, events.map(({ id }) => id)]).toEqual([false, append.events.map(({ id }) => id)]);
    expect(await logOf(store)).toHaveLength(2);
  });

  it('is a conflict only once the stream was read', async () => {
    const { server } = harness;
    const store = await harness.open();
    const stream = newStream();
    await store.append(sealAppend(stream));
    server.next({ method: 'Append', error: unavailable() });
    await expect(store.append(sealAppend(stream, 'none'))).rejects.toMatchObject({ constructor: WrongExpectedRevision, actual: 0 });
  });

  it('and of which no connection could be made says that nothing was stored', async () => {
    const store = await harness.open({ mode: 'reader' });
    await harness.server.stop();
    await harness.proxy.stop();
    // The connection that there was is found out by this.
    await expect(logOf(store)).rejects.toMatchObject({ constructor: StoreUnavailable, reason: 'unreachable' });
    await expect(store.append(sealAppend(newStream()))).rejects.toMatchObject({ reason: 'unreachable' });
    expect(store.trouble).toMatchObject({ reason: 'unreachable' });
    await harness.server.start();
    await harness.proxy.start();
    await store.append(sealAppend(newStream()));
    expect(store.trouble).toBeUndefined();
  });

  it('is trouble until the database answers anything: a node in trouble may be sent no other command', async () => {
    const store = await harness.open({ mode: 'reader' });
    harness.server.next(...Array.from({ length: 50 }, () => ({ method: 'Append' as const })));
    await expect(store.append(sealAppend(newStream()))).rejects.toBeInstanceOf(OutcomeUnclear);
    expect(store.trouble).toMatchObject({ reason: 'unclear' });
    await store.bookkeeping.read('anything');
    expect(store.trouble).toBeUndefined();
  });
});

describe('a database that refuses', () => {
  it('to be watched lets commands stop, until it can be watched again', async () => {
    const { server } = harness;
    const met: unknown[] = [];
    const store: EventStoreDbEventStore = await harness.open({ onInterrupted: () => met.push(store.trouble) });
    server.next({ method: 'Read', error: accessDenied() }, { method: 'Read', error: accessDenied() });
    server.drop(unavailable());
    while (met.length < 3) await setImmediate();
    const refused = {
      reason: 'failing',
      message: expect.stringMatching(/not watched any more: the database refuses to be followed: 7 PERMISSION_DENIED/),
    };
    expect(met).toEqual([undefined, refused, refused]);
    while (store.trouble) await setImmediate();
    await store.append(sealAppend(newStream()));
  });

  it('to be watched at the start is not opened', async () => {
    const { server } = harness;
    await harness.open();
    const before = server.count('Read');
    const opening = harness.open();
    // Its id and its moves are read before.
    await server.until(() => server.count('Read') === before + 2);
    server.next({ method: 'Read', error: accessDenied() });
    await expect(opening).rejects.toThrow(/cannot be opened: the database refuses to be followed: 7 PERMISSION_DENIED/);
  });

  it('the user says so', async () => {
    harness.server.next({ method: 'Read', error: protocolError(grpc.status.UNAUTHENTICATED, 'Unauthenticated') });
    await expect(harness.open()).rejects.toThrow(/it does not know this user with this password \(16 UNAUTHENTICATED/);
  });
});

describe('a cluster of which no host can be talked to', () => {
  it('lets the operator look at what may be wrong', async () => {
    await harness.server.stop();
    const url = harness.url.replace('?', ',127.0.0.1:1?') + '&maxDiscoverAttempts=1';
    await expect(harness.open({ url })).rejects.toThrow(
      /Failed to discover after 1 attempts: no host .*tlsCAFile, .*certificates have run out/,
    );
  });
});

describe('a change of leader', () => {
  it('sends appends, reads and subscriptions to the new one', async () => {
    const { server } = harness;
    const store = await harness.open();
    const following = follow(store, {}, (notices) => eventsIn(notices).length >= 4);
    await store.append(sealAppend(newStream(), 'none', 2));
    const other = await new ProtocolServer(server.log).start();
    server.leader = { host: '127.0.0.1', port: other.port };
    server.drop(unavailable());
    await store.append(sealAppend(newStream(), 'none', 2));
    expect(eventsIn(await following)).toEqual(await logOf(store));
    expect(other.count('Append')).toBe(1);
    // And back, when that one is gone.
    server.leader = undefined;
    await other.stop();
    await store.append(sealAppend(newStream()));
    expect(await logOf(store)).toHaveLength(5);
  });
});

describe('a silent network', () => {
  it('is noticed by whoever follows', async () => {
    // The client warns of an interval that is good for tests alone.
    const warned = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
    const store = await harness.open({ url: `${harness.url}&keepAliveInterval=200&keepAliveTimeout=200`, mode: 'reader' });
    const direct = await harness.open({ url: harness.server.connectionString, mode: 'reader' });
    let caughtUp: () => void = () => undefined;
    const following = new Promise<void>((resolve) => (caughtUp = resolve));
    const followed = follow(store, {}, (notices) => {
      if (notices.length === 1) caughtUp();
      return eventsIn(notices).length >= 1;
    });
    await following;
    harness.proxy.blackHole();
    await direct.append(sealAppend(newStream()));
    const reads = harness.server.count('Read');
    harness.proxy.heal();
    await harness.server.until(() => harness.server.count('Read') > reads);
    expect(eventsIn(await followed)).toEqual(await logOf(direct));
    warned.mockRestore();
  });
});

describe('a tail that was shown and is withdrawn', () => {
  const shown = async (): Promise<{ store: EventStore; iteration: AsyncIterator<LogNotice>; end: () => void }> => {
    const store = await harness.open({ mode: 'reader' });
    await store.append(sealAppend(newStream(), 'none', 3));
    await store.append(sealAppend(newStream(), 'none', 2));
    const ending = new AbortController();
    const iteration = store.subscribe({ signal: ending.signal })[Symbol.asyncIterator]();
    let seen = 0;
    while (seen < 5) seen += eventsIn([(await iteration.next()).value as LogNotice]).length;
    return { store, iteration, end: () => ending.abort() };
  };
  const untilThrown = async (iteration: AsyncIterator<LogNotice>): Promise<unknown> => {
    try {
      for (;;) await iteration.next();
    } catch (error) {
      return error;
    }
  };

  it('ends a subscription that had delivered it', async () => {
    const { server } = harness;
    const { iteration } = await shown();
    server.log.withdraw(2);
    server.drop(unavailable());
    expect(await untilThrown(iteration)).toBeInstanceOf(TailWithdrawn);
  });

  it('also where another event of the same size took its place', async () => {
    const { server } = harness;
    const { iteration } = await shown();
    const [first, last] = server.log.records.slice(-2);
    server.log.withdraw(2);
    server.log.append(last!.stream, -1n, [first!, { ...last!, id: newStream().slice('meeting-'.length) }]);
    expect(server.log.records.at(-1)!.position).toBe(last!.position);
    server.drop(unavailable());
    expect(await untilThrown(iteration)).toBeInstanceOf(TailWithdrawn);
  });

  it('also where the subscription goes on without a break', async () => {
    const { server } = harness;
    const { store, iteration } = await shown();
    server.log.withdraw(2);
    await store.append(sealAppend(newStream(), 'none', 1));
    await store.append(sealAppend(newStream(), 'none', 1));
    expect(await untilThrown(iteration)).toBeInstanceOf(TailWithdrawn);
  });

  it('does not keep a node from recording that watches: it hears the log anew', async () => {
    const { server } = harness;
    const appends = [sealAppend(newStream()), sealAppend(newStream())];
    const heard: string[] = [];
    let onHeard: () => void = () => undefined;
    const onRecorded = (stream: string): void => {
      heard.push(stream);
      onHeard();
    };
    const hearing = (count: number): Promise<void> =>
      new Promise((resolve) => {
        onHeard = () => void (heard.length >= count && resolve());
        onHeard();
      });
    const store = await harness.open({ hears: { types: appends.map(({ events }) => events[0]!.type), onRecorded } });
    for (const append of appends) await store.append(append);
    await hearing(2);
    server.log.withdraw(1);
    server.drop(unavailable());
    await hearing(3);
    expect(heard[2]).toBe(appends[0]!.stream);
    await store.append(sealAppend(newStream()));
    await hearing(4);
    expect(store.trouble).toBeUndefined();
  });

  it('is not one of which the last event is delivered twice', async () => {
    const { server } = harness;
    const { store, iteration, end } = await shown();
    const { records, listeners } = server.log;
    records.push(records.at(-1)!);
    for (const changed of [...listeners]) changed();
    const after = sealAppend(newStream());
    await store.append(after);
    let notice: LogNotice;
    do notice = (await iteration.next()).value as LogNotice;
    while (notice.kind === 'caught-up');
    expect(eventsIn([notice]).map(({ stream }) => stream)).toEqual([after.stream]);
    end();
  });

  it('is told to whoever reads on from there', async () => {
    const { store, end } = await shown();
    const { position } = (await logOf(store)).at(-1)!;
    harness.server.log.withdraw(2);
    await expect(logOf(store, { after: position })).rejects.toBeInstanceOf(TailWithdrawn);
    end();
  });

  it('does not take an append with it that was acknowledged and not read back', async () => {
    const { server } = harness;
    const store = await harness.open({ mode: 'reader' });
    const append = sealAppend(newStream(), 'none', 2);
    const arrived = new Promise<void>((resolve) =>
      server.log.listeners.add(function withdraw() {
        if (server.log.of(`plenary:${append.stream}`).length < 2) return;
        server.log.listeners.delete(withdraw);
        server.log.withdraw(2);
        resolve();
      }),
    );
    const [failure] = await Promise.all([store.append(append).catch((error: unknown) => error), arrived]);
    expect(failure).toBeInstanceOf(OutcomeUnclear);
    await store.append(resealed(append));
    expect(await streamOf(store, append.stream)).toHaveLength(2);
  });
});
