// What the client of the database does that nobody would expect, and that the adapter does not pass on.
import { describe, expect, it } from '@jest/globals';
import { binaryEvent, EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { canonicalJson, randomId } from '#kernel';
import { AppendRefused, OutcomeUnclear, StoreNotOpened, StoreUnavailable } from '../errors.js';
import { eventsIn, follow, logOf, newStream, sealAppend, streamOf } from '../testing/index.js';
import type { Append, Appended, LogNotice } from '../port.js';
import { Connection, type Call } from './connection.js';
import { protocolError, unavailable, useFaultHarness, type FaultHarness } from './testing/index.js';

let harness: FaultHarness;
useFaultHarness((started) => (harness = started));

describe('appends', () => {
  it('do not share their fate with those of other clients of the process, whose batches fail', async () => {
    const { server } = harness;
    const store = await harness.open();
    const other = EventStoreDBClient.connectionString(server.connectionString);
    server.next({ method: 'BatchAppend', error: unavailable() });
    const failing = other.appendToStream('of-another', jsonEvent({ type: 'anything', data: {} }));
    const appends = Array.from({ length: 8 }, () => store.append(sealAppend(newStream())));
    await expect(failing).rejects.toThrow();
    await Promise.all(appends);
    expect(await logOf(store)).toHaveLength(8);
    await other.dispose();
    // One call an append, and never the table that all clients of a process share.
    expect([server.count('BatchAppend'), server.count('Append')]).toEqual([1, 1 + 8]);
  });

  it('end where a server says nothing', async () => {
    const store = await harness.open();
    const append = sealAppend(newStream());
    harness.server.next(...Array.from({ length: 50 }, () => ({ method: 'Append' as const })));
    await expect(store.append(append)).rejects.toBeInstanceOf(OutcomeUnclear);
  });

  it('send bytes: nothing is left to a serialiser that may fail', async () => {
    const store = await harness.open();
    const append = sealAppend(newStream(), 'none', 1, { text: 'naïve “quotes” \\ \n' });
    await store.append(append);
    const record = harness.server.log.records.find(({ stream }) => stream === `plenary:${append.stream}`)!;
    const text = Buffer.from(record.data).toString();
    expect([record.id, record.contentType, record.metadata.length]).toEqual([append.events[0]!.id, 'application/octet-stream', 0]);
    expect(canonicalJson(JSON.parse(text))).toBe(text);
    expect(Object.keys(JSON.parse(text) as object)).toEqual(['at', 'data', 'meta', 'salts', 'seal', 'sealed', 'tv']);
  });

  it('that begin while another one fails are not begun on a channel that is being closed', async () => {
    const { server } = harness;
    const connection = new Connection(server.connectionString, 1_500);
    const append: Call<unknown> = (client, options) =>
      client.appendToStream('of-another', binaryEvent({ id: randomId(), type: 'anything', data: new Uint8Array() }), {
        ...options,
        expectedRevision: 'any',
      });
    let beginning: Promise<unknown> | undefined;
    await connection.call((client, options) => {
      // Just then, and at no other time, the client's own handling would close the channel under the call.
      const inside = client as unknown as { handleError: (...args: unknown[]) => Promise<void> };
      const own = inside.handleError;
      inside.handleError = (...args) => {
        const handling = own(...args);
        beginning ??= connection.call(append);
        return handling;
      };
      return append(client, options);
    });
    server.next({ method: 'Append', error: unavailable() });
    await expect(connection.call(append)).rejects.toThrow();
    await beginning;
    await connection.close();
  });

  it('are read back, but for those that nobody can have sent before', async () => {
    const { server } = harness;
    const store = await harness.open({ mode: 'reader' });
    const calls = async (append: Append): Promise<[appended: Appended, reads: number]> => {
      const reads = server.count('Read');
      const appended = await store.append(append);
      return [appended, server.count('Read') - reads];
    };
    const stream = newStream();
    const [first, readsOfFirst] = await calls({ ...sealAppend(stream, 'none', 1, { moreTexts: ['b', 'a'] }), isFirst: true });
    const [, readsOfKeyed] = await calls(sealAppend(stream, 0));
    // Only of a single event does the answer tell the place.
    const [, readsOfMany] = await calls({ ...sealAppend(stream, 1, 2), isFirst: true });
    expect([readsOfFirst, readsOfKeyed, readsOfMany]).toEqual([0, 1, 1]);
    expect(first).toEqual({
      events: (await streamOf(store, stream)).slice(0, 1),
      position: (await logOf(store))[0]!.position,
      repeated: false,
    });
  });

  it('hold at least one event', async () => {
    const store = await harness.open();
    await expect(store.append({ stream: newStream(), expected: 'none', events: [] })).rejects.toBeInstanceOf(AppendRefused);
  });

  it('are told when a server is down, in one way, whether or not the client connected before', async () => {
    const store = await harness.open();
    await harness.server.stop();
    harness.proxy.refuses = true;
    harness.proxy.reset();
    for (const append of [sealAppend(newStream()), sealAppend(newStream())]) {
      const failure = await store.append(append).catch((error: unknown) => error);
      // Bytes that went into a connection that then ended may have arrived.
      expect(failure instanceof StoreUnavailable || failure instanceof OutcomeUnclear).toBe(true);
    }
  });
});

describe('opening', () => {
  it('refuses a connection string under which failed appends would look like done ones', async () => {
    await expect(harness.open({ url: `${harness.url}&throwOnAppendFailure=false` })).rejects.toThrow(
      /EVENTSTORE_URL .*throwOnAppendFailure/,
    );
  });

  it('refuses one with TLS and without a name: every append carries its own credentials', async () => {
    await expect(harness.open({ url: 'esdb://127.0.0.1:2113' })).rejects.toThrow(/EVENTSTORE_URL .*user:password@/);
  });

  it('says that nobody is there', async () => {
    await harness.server.stop();
    await expect(harness.open()).rejects.toBeInstanceOf(StoreNotOpened);
  });

  it('does not ask what the server can do, whose answer may spoil a client for good', async () => {
    const { server } = harness;
    server.next({ method: 'GetSupportedMethods', error: protocolError(13, 'internal') });
    const store = await harness.open();
    await store.append(sealAppend(newStream()));
    expect(server.count('GetSupportedMethods')).toBe(0);
  });
});

describe('subscriptions', () => {
  it('are ended at the server when the loop is left', async () => {
    const { server } = harness;
    const store = await harness.open({ mode: 'reader' });
    await store.append(sealAppend(newStream()));
    const { signal } = new AbortController();
    for await (const notice of store.subscribe({ signal })) if (notice.kind === 'events') break;
    await server.until(() => server.openCalls === 0);
  });

  it('survive a server that is down before anybody listens', async () => {
    const store = await harness.open({ mode: 'reader' });
    await harness.server.stop();
    const ending = new AbortController();
    const subscription = store.subscribe({ signal: ending.signal })[Symbol.asyncIterator]();
    const first = subscription.next();
    await expect(store.append(sealAppend(newStream()))).rejects.toThrow();
    await harness.server.start();
    expect((await first).value).toEqual({ kind: 'caught-up' });
    ending.abort();
    expect((await subscription.next()).done).toBe(true);
  });

  it('go on from the last event that was handed on, whatever else lies in the log', async () => {
    const { server } = harness;
    const store = await harness.open({ mode: 'reader' });
    await store.append(sealAppend(newStream(), 'none', 3));
    const ending = new AbortController();
    const notices: LogNotice[] = [];
    for await (const notice of store.subscribe({ signal: ending.signal })) {
      notices.push(notice);
      const rounds = server.count('Read');
      if (eventsIn(notices).length >= 9) ending.abort();
      else if (notice.kind === 'caught-up') {
        // What others write is considered and passed over: no position of it is ever gone on from.
        for (let count = 0; count < 100; count++)
          server.log.append('of-another', -2n, [
            {
              id: `00000000-0000-4000-8000-${String(rounds * 1000 + count).padStart(12, '0')}`,
              type: 'noise',
              contentType: 'application/json',
              data: Buffer.from('{}'),
              metadata: new Uint8Array(),
            },
          ]);
        server.drop(unavailable());
        await store.append(sealAppend(newStream(), 'none', 3));
      }
    }
    expect(eventsIn(notices)).toEqual(await logOf(store));
  });

  it('begin anew where a server takes them and says nothing', async () => {
    const { server } = harness;
    const store = await harness.open({ mode: 'reader' });
    server.next({ method: 'Read' });
    const reads = server.count('Read');
    expect(await follow(store, {}, (all) => all.length === 1)).toEqual([{ kind: 'caught-up' }]);
    expect(server.count('Read')).toBe(reads + 2);
  });

  it('begin anew where the server ends them without an error', async () => {
    const { server } = harness;
    const store = await harness.open({ mode: 'reader' });
    const stream = newStream();
    const ending = new AbortController();
    const following = follow(store, {}, (all) => {
      if (all.at(-1)?.kind === 'caught-up' && eventsIn(all).length === 0) server.drop();
      return eventsIn(all).length === 2;
    });
    await server.until(() => server.count('Read') >= 3);
    await store.append(sealAppend(stream, 'none', 2));
    expect(eventsIn(await following)).toMatchObject(await streamOf(store, stream));
    ending.abort();
  });
});
