// A placeholder of a lost record, as it lies in a database: to the byte, for ever.
import { expect, it } from '@jest/globals';
import { derivedId, LOG_STREAM, randomId, streamName, type StoredEvent } from '#kernel';
import { findForgery, leafEntryOf, placeholderOf } from '../sealer.js';
import { sealEvents, testWriterKey } from '../testing/sealed-events.js';
import { EventStoreDbEventStore } from './eventstoredb-event-store.js';
import { namesIn } from './names.js';
import { decode, encode } from './stored-form.js';
import { ProtocolServer } from './testing/index.js';

const stream = streamName('meeting', derivedId('stored-form', 'meeting'));
const entry = `{"at":"2024-04-29T07:30:00.000Z","data":"${'d'.repeat(64)}","id":"00000000-0000-8000-8000-00000000000a","meta":"${'e'.repeat(64)}","rev":0,"stream":"${stream}","tv":3,"type":"remark-made","v":1}`;
const read = (data: Uint8Array): StoredEvent =>
  decode({ id: '00000000-0000-8000-8000-00000000000a', streamId: `plenary:${stream}`, revision: 0n, type: 'remark-made', data }, namesIn());

it('is written as its leaf entry, its seal and nothing else', () => {
  const placeholder = placeholderOf(testWriterKey, entry);
  const bytes = Buffer.from(encode(placeholder));
  expect(bytes.toString()).toBe(
    `{"at":"2024-04-29T07:30:00.000Z","lost":{"data":"${'d'.repeat(64)}","meta":"${'e'.repeat(64)}"},"seal":"${placeholder.seal}","tv":3}`,
  );
  expect(read(bytes)).toEqual(placeholder);
});

it.each([
  ['another hash', (text: string) => text.replace('dd', 'ff')],
  ['something beside it', (text: string) => text.replace('"tv":3', '"tv":3,"x":1')],
  ['white space', (text: string) => text.replace('"tv":3', '"tv": 3')],
  ['an event’s parts as well', (text: string) => text.replace('"lost"', '"data":{},"lost"')],
])('fits no seal with %s', (_, changed) => {
  const text = Buffer.from(encode(placeholderOf(testWriterKey, entry))).toString();
  expect(findForgery(testWriterKey, read(Buffer.from(changed(text))))).toBeDefined();
});

it('of a removal keeps no node from starting', async () => {
  const server = await new ProtocolServer().start();
  const [event] = sealEvents(LOG_STREAM, 0, 1, { ids: [randomId()] });
  const lost = placeholderOf(testWriterKey, leafEntryOf({ ...event!, type: 'value-removed', stream: LOG_STREAM, revision: 0 }));
  const before = await EventStoreDbEventStore.open({ url: server.connectionString, mode: 'reader' });
  await before.moving.receive([lost]);
  await before.close();
  const node = await EventStoreDbEventStore.open({ url: server.connectionString, mode: 'node' });
  expect(node.trouble).toBeUndefined();
  await node.close();
  await server.stop();
});
