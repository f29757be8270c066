// What somebody with access to the database does to the record's streams: it rises as an alarm, and nothing is decided on what is left.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EventStoreDBClient } from '@eventstore/db-client';
import { LOG_STREAM, randomId, sealed, utcTime, type RecordNumber, type Revision } from '#kernel';
import { StoreUnavailable } from '../errors.js';
import { findForgery } from '../sealer.js';
import { logOf, newStream, sealAppend, streamOf, testSealer, testWriterKey } from '../testing/index.js';
import type { EventStoreDbEventStore } from './eventstoredb-event-store.js';
import { decode, encode } from './stored-form.js';
import { namesIn } from './names.js';
import { accessDenied, FaultHarness } from './testing/index.js';

let harness: FaultHarness;
let operator: EventStoreDBClient;
let store: EventStoreDbEventStore;
let alarms: { next: () => Promise<string> };

beforeEach(async () => {
  harness = await FaultHarness.start();
  operator = EventStoreDBClient.connectionString(harness.server.connectionString);
  const waiting: ((message: string) => void)[] = [];
  const risen: string[] = [];
  alarms = { next: () => new Promise((resolve) => (risen.length > 0 ? resolve(risen.shift()!) : waiting.push(resolve))) };
  store = await harness.open({ onEndangered: (message) => (waiting.length > 0 ? waiting.shift()!(message) : risen.push(message)) });
});

afterEach(async () => {
  await operator.dispose();
  await harness.stop();
});

describe('an alarm rises, and appends stop, when a stream of the record', () => {
  const ways: [string, RegExp, (name: string) => Promise<unknown>][] = [
    ['is deleted', /forget by \$tb/, (name) => operator.deleteStream(name)],
    ['is deleted for good', /deleted for good/, (name) => operator.tombstoneStream(name)],
    ['gets a $maxCount', /\$maxCount/, (name) => operator.setStreamMetadata(name, { maxCount: 1 })],
    ['gets a $maxAge', /\$maxAge/, (name) => operator.setStreamMetadata(name, { maxAge: 3600 })],
    ['is truncated', /\$tb/, (name) => operator.setStreamMetadata(name, { truncateBefore: 1 })],
  ];
  it.each(ways)('%s', async (_, message, change) => {
    const append = sealAppend(newStream(), 'none', 3);
    await store.append(append);
    await change(`plenary:${append.stream}`);
    expect(await alarms.next()).toMatch(message);
    expect(store.trouble).toMatchObject({ reason: 'failing', message: expect.stringMatching(message) });
    await expect(store.append(sealAppend(newStream()))).rejects.toMatchObject({ constructor: StoreUnavailable, message: expect.stringContaining(append.stream) });
    // A start finds it too.
    const another = await harness.open();
    expect(another.trouble).toMatchObject({ message: expect.stringMatching(message) });
  });

  it('and goes when the metadata are put right', async () => {
    const append = sealAppend(newStream(), 'none', 3);
    await store.append(append);
    await operator.setStreamMetadata(`plenary:${append.stream}`, { maxCount: 10 });
    await alarms.next();
    await operator.setStreamMetadata(`plenary:${append.stream}`, { note: 'of no consequence' });
    // The next alarm comes after the metadata before it.
    await operator.setStreamMetadata('plenary:meeting-other', { maxCount: 1 });
    await alarms.next();
    await operator.setStreamMetadata('plenary:meeting-other', {});
    await operator.setStreamMetadata('plenary:meeting-third', { maxAge: 5 });
    expect(await alarms.next()).toMatch(/meeting-third/);
    expect(store.trouble!.message).toMatch(/meeting-third/);
  });

  it('but not for streams of others', async () => {
    await operator.setStreamMetadata('of-another', { maxCount: 1 });
    await operator.setStreamMetadata('plenary-note:anything', { maxCount: 1 });
    await operator.setStreamMetadata('plenary:meeting-x', { maxCount: 1 });
    expect(await alarms.next()).toMatch(/meeting-x/);
  });
});

describe('without the watch', () => {
  it('a stream that forgot its beginning is not read as if it were whole', async () => {
    const reader = await harness.open({ mode: 'reader' });
    const { stream } = await store.append(sealAppend(newStream(), 'none', 5)).then(({ events }) => events[0]!);
    await operator.setStreamMetadata(`plenary:${stream}`, { maxCount: 2 });
    await expect(streamOf(reader, stream)).rejects.toThrow(/lost events/);
    await expect(streamOf(reader, stream, { direction: 'backwards' })).rejects.toThrow(/lost events/);
    await expect(streamOf(reader, stream, { from: 1 as Revision })).rejects.toThrow(/lost events/);
    expect(await streamOf(reader, stream, { direction: 'backwards', limit: 1 })).toHaveLength(1);
  });

  it('an append whose stream was deleted before ends where it should not, and is the last one', async () => {
    const writer = await harness.open({ mode: 'reader' });
    const { stream } = await store.append(sealAppend(newStream(), 'none', 3)).then(({ events }) => events[0]!);
    await operator.deleteStream(`plenary:${stream}`);
    await expect(writer.append(sealAppend(stream, 'none'))).rejects.toThrow(/should end at revision 0 ended at 3/);
    await expect(writer.append(sealAppend(newStream()))).rejects.toMatchObject({ reason: 'failing' });
    expect(writer.trouble).toMatchObject({ reason: 'failing' });
  });

  it('an append to a stream that was deleted for good stores nothing, and says why', async () => {
    const writer = await harness.open({ mode: 'reader' });
    const { stream } = await store.append(sealAppend(newStream(), 'none', 1)).then(({ events }) => events[0]!);
    await operator.tombstoneStream(`plenary:${stream}`);
    await expect(writer.append(sealAppend(stream, 0))).rejects.toMatchObject({ reason: 'failing', message: expect.stringMatching(/deleted/) });
  });

  it('a server that refuses says so', async () => {
    const writer = await harness.open({ mode: 'reader' });
    harness.server.next({ method: 'Append', error: accessDenied() });
    await expect(writer.append(sealAppend(newStream()))).rejects.toMatchObject({ reason: 'failing', message: expect.stringMatching(/refuses/) });
  });
});

describe('bytes that are not what was sealed', () => {
  const rewritten: [string, (text: string) => string][] = [
    ['with white space', (text) => text.replace(',', ', ')],
    ['with a key doubled', (text) => text.replace('"tv":1', '"tv":1,"tv":1')],
    ['in another order', (text) => text.replace(/^\{("at":"[^"]*"),(.*)\}$/, '{$2,$1}')],
    ['with data in another order', (text) => text.replace(/"data":\{("number":\d+),("remark":"[^"]*")/, '"data":{$2,$1')],
    ['with a number written otherwise', (text) => text.replace('"number":0', '"number":0.0')],
    ['with another time', (text) => text.replace(/"at":"2024/, '"at":"2023')],
    ['with another salt', (text) => text.replace(/"salts":\{"data":"../, '"salts":{"data":"00')],
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
  const removal = testSealer.seal(LOG_STREAM, 0 as Revision, utcTime(0), { id: randomId(), event: { type: 'value-removed', data: { values: [{ record: 1, hash }], reason: [{ lang: 'en', text: sealed('why') }] } }, schemaVersion: 1, metadata: { occurredAt: '2024-04-29' as never, actor: { subject: randomId(), role: 'admin' }, commandId: randomId(), correlation: randomId() } });
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

it('the stored form is the ledger’s, to the byte', () => {
  const event = { recordedAt: utcTime(0), data: '{"a":1}', meta: '{"b":2}', dataSalt: '0d', metaSalt: '0e', seal: '05', schemaVersion: 3, sealed: [{ hash: 'bb', salt: '02', value: 'ü"\n' }, { hash: 'aa', salt: '01', value: '' }] };
  const text = '{"at":"1970-01-01T00:00:00.000Z","data":{"a":1},"meta":{"b":2},"salts":{"data":"0d","meta":"0e"},"seal":"05","sealed":{"aa":{"salt":"01","value":""},"bb":{"salt":"02","value":"ü\\"\\n"}},"tv":3}';
  expect(Buffer.from(encode(event)).toString()).toBe(text);
  expect(decode({ id: 'x', type: 't', streamId: 'plenary:log', revision: 4n, data: Buffer.from(text) }, namesIn())).toMatchObject({ ...event, sealed: [event.sealed[1], event.sealed[0]], stream: 'log', revision: 4 });
});
