// What somebody with access to the database does to the record's streams: it rises as an alarm, and nothing is decided on what is left.
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EventStoreDBClient } from '@eventstore/db-client';
import fc from 'fast-check';
import { LOG_STREAM, randomId, sealed, utcTime, type RecordNumber, type Revision } from '#kernel';
import { inHashOrder } from '../append-rules.js';
import { findForgery } from '../sealer.js';
import { logOf, newStream, sealAppend, streamOf, testSealer, testWriterKey } from '../testing/index.js';
import type { EventStoreDbEventStore } from './eventstoredb-event-store.js';
import { decode, encode, type RawEvent } from './stored-form.js';
import { namesIn } from './names.js';
import { accessDenied, describeDeletions, FaultHarness } from './testing/index.js';

let harness: FaultHarness;
let store: EventStoreDbEventStore;

beforeEach(async () => {
  harness = await FaultHarness.start();
  store = await harness.open();
});

afterEach(() => harness.stop());

describeDeletions('the protocol server', async () => {
  const started = await FaultHarness.start();
  return {
    connectionString: started.server.connectionString,
    names: namesIn(),
    open: (options) => started.open(options),
    close: () => started.stop(),
  };
});

it('a server that refuses says so', async () => {
  const writer = await harness.open({ mode: 'reader' });
  harness.server.next({ method: 'Append', error: accessDenied() });
  await expect(writer.append(sealAppend(newStream()))).rejects.toMatchObject({
    reason: 'failing',
    message: expect.stringMatching(/refuses/),
  });
});

it('a stream that was scavenged while it was made to forget is missed, also once its metadata are put right', async () => {
  const { server } = harness;
  const operator = EventStoreDBClient.connectionString(server.connectionString);
  const { stream } = await store.append(sealAppend(newStream(), 'none', 5)).then(({ events }) => events[0]!);
  const name = `plenary:${stream}`;
  await operator.setStreamMetadata(name, { truncateBefore: 3 });
  server.log.scavenge(name);
  await operator.setStreamMetadata(name, {});
  while (!harness.endangered.some((message) => message.includes('has lost its first events'))) await setImmediate();
  await expect(store.append(sealAppend(newStream()))).rejects.toMatchObject({
    reason: 'failing',
    message: expect.stringContaining(stream),
  });
  // A start finds it too.
  const another = await harness.open();
  expect(another.trouble).toMatchObject({ reason: 'failing', message: expect.stringMatching(/lost its first events/) });
  await operator.dispose();
});

describe('bytes that are not what was sealed', () => {
  const rewritten: [string, (text: string) => string][] = [
    ['with white space', (text) => text.replace(',', ', ')],
    ['with a key doubled', (text) => text.replace('"tv":1', '"tv":1,"tv":1')],
    ['in another order', (text) => text.replace(/^\{("at":"[^"]*"),(.*)\}$/, '{$2,$1}')],
    ['with data in another order', (text) => text.replace(/"data":\{("number":\d+),("remark":"[^"]*")/, '"data":{$2,$1')],
    ['with a number written otherwise', (text) => text.replace('"number":0', '"number":0.0')],
    ['with another time', (text) => text.replace(/"at":"2024/, '"at":"2023')],
    ['with another salt', (text) => text.replace(/(?<="salts":\{"data":")../, (first) => (first === '00' ? '01' : '00'))],
    ['that are no JSON', () => 'nothing'],
    ['that are empty', () => ''],
  ];
  it.each(rewritten)('%s fit no seal', async (_, rewrite) => {
    await store.append(sealAppend(newStream()));
    const { records } = harness.server.log;
    const index = records.findIndex(({ stream }) => stream.startsWith('plenary:'));
    harness.server.log.tamper(index, Buffer.from(rewrite(Buffer.from(records[index]!.data).toString())));
    const [event] = await logOf(store);
    expect(findForgery(testWriterKey, event!)).toBeDefined();
  });
});

it('a text that the law took is given to nobody, on any node, although it lies in the database', async () => {
  let heard: () => void = () => undefined;
  const hearing = new Promise<void>((resolve) => (heard = resolve));
  const other = await harness.open({ onRemoved: () => heard() });
  const append = sealAppend(newStream(), 'none', 2, { text: 'of a private person', moreTexts: ['kept'] });
  await store.append(append);
  const { hash } = append.events[0]!.sealed.find(({ value }) => value === 'of a private person')!;
  const removal = testSealer.seal(LOG_STREAM, 0 as Revision, utcTime(0), {
    id: randomId(),
    event: { type: 'value-removed', data: { values: [{ record: 1, hash }], reason: [{ lang: 'en', text: sealed('why') }] } },
    schemaVersion: 1,
    metadata: {
      occurredAt: '2024-04-29' as never,
      actor: { subject: randomId(), role: 'admin' },
      commandId: randomId(),
      correlation: randomId(),
    },
  });
  await store.append({ stream: LOG_STREAM, expected: 'none', events: [removal] });
  const later = await harness.open();
  store.withhold([{ record: 1 as RecordNumber, hash }]);
  await hearing;
  for (const each of [store, other, later]) {
    const [first, second] = await streamOf(each, append.stream);
    expect([first!.sealed.map(({ value }) => value).sort(), second!.sealed.length]).toEqual([['A. Clerk', 'kept'], 3]);
    expect(findForgery(testWriterKey, first!)).toBeUndefined();
  }
});

describe('the stored form', () => {
  const [a, b] = ['aa'.repeat(32), 'bb'.repeat(32)];
  const rawOf = (data: Uint8Array): RawEvent => ({ id: 'x', type: 't', streamId: 'plenary:log', revision: 4n, data });

  it('is the ledger’s, to the byte', () => {
    const event = {
      recordedAt: utcTime(0),
      data: '{"a":1}',
      meta: '{"b":2}',
      dataSalt: '0d',
      metaSalt: '0e',
      seal: '05',
      schemaVersion: 3,
      sealed: [
        { hash: b, salt: b, value: 'ü"\n' },
        { hash: a, salt: b, value: '' },
      ],
    };
    const text = `{"at":"1970-01-01T00:00:00.000Z","data":{"a":1},"meta":{"b":2},"salts":{"data":"0d","meta":"0e"},"seal":"05","sealed":{"${a}":{"salt":"${b}","value":""},"${b}":{"salt":"${b}","value":"ü\\"\\n"}},"tv":3}`;
    expect(Buffer.from(encode(event)).toString()).toBe(text);
    expect(decode(rawOf(Buffer.from(text)), namesIn())).toMatchObject({
      ...event,
      sealed: [event.sealed[1], event.sealed[0]],
      stream: 'log',
      revision: 4,
    });
  });

  const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex'));
  const text = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.array(fc.constantFrom('"', '\\', '{', '}', ',"meta":{', '},"salts":{"data":"', 'ü', '\n', '\u2028')).map((parts) => parts.join('')),
  );
  const object = fc
    .dictionary(text, fc.oneof(text, fc.integer(), fc.array(text), fc.dictionary(text, text)))
    .map((value) => JSON.stringify(value));
  const sealed = fc
    .uniqueArray(fc.record({ hash, salt: hash, value: text }), { selector: (value) => value.hash, maxLength: 3 })
    .map(inHashOrder);

  it('comes back as it was stored, whatever texts it holds', () => {
    fc.assert(
      fc.property(object, object, sealed, hash, fc.nat(99), (data, meta, values, salt, schemaVersion) => {
        const event = {
          recordedAt: utcTime(0),
          data,
          meta,
          dataSalt: salt,
          metaSalt: salt,
          seal: salt,
          schemaVersion,
          sealed: [...values],
        };
        expect(decode(rawOf(encode(event)), namesIn())).toMatchObject(event);
      }),
    );
  });

  it('that is cut off, or has a byte too much, is none', () => {
    const whole = Buffer.from(
      encode({
        recordedAt: utcTime(0),
        data: '{"a":"}"}',
        meta: '{"b":2}',
        dataSalt: a,
        metaSalt: b,
        seal: a,
        schemaVersion: 1,
        sealed: [{ hash: a, salt: b, value: 'said' }],
      }),
    );
    for (let length = 0; length < whole.length; length++)
      expect(decode(rawOf(whole.subarray(0, length)), namesIn())).toMatchObject({ schemaVersion: 0, seal: '' });
    expect(decode(rawOf(Buffer.concat([whole, Buffer.from(' ')])), namesIn())).toMatchObject({ schemaVersion: 0, seal: '' });
  });
});
