// What somebody with access to the database does to the record's streams: it rises as an alarm, and nothing is decided on what is left.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LOG_STREAM, randomId, sealed, utcTime, type RecordNumber, type Revision } from '#kernel';
import { findForgery } from '../sealer.js';
import { logOf, newStream, sealAppend, streamOf, testSealer, testWriterKey } from '../testing/index.js';
import type { EventStoreDbEventStore } from './eventstoredb-event-store.js';
import { decode, encode } from './stored-form.js';
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
  return { connectionString: started.server.connectionString, names: namesIn(), open: (options) => started.open(options), close: () => started.stop() };
});

it('a server that refuses says so', async () => {
  const writer = await harness.open({ mode: 'reader' });
  harness.server.next({ method: 'Append', error: accessDenied() });
  await expect(writer.append(sealAppend(newStream()))).rejects.toMatchObject({ reason: 'failing', message: expect.stringMatching(/refuses/) });
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
