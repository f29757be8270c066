// One binary event holds everything that is stored of an event: what is hashed is what lies there, byte for byte.
import type { Revision, SealedValue, StoredEvent, StreamName, UtcTime, Uuid } from '#kernel';
import { inHashOrder } from '../append-rules.js';
import { leafEntryOf, nodeHashes } from '../sealer.js';
import type { Names } from './names.js';

/** RFC 8785 of the stored form: data and metadata are canonical already, and stand in it as they are. */
export const encode = (event: Content): Uint8Array => Buffer.from(textOf(event));

function textOf(event: Content): string {
  const { recordedAt, data, meta, dataSalt, metaSalt, seal, schemaVersion, lost } = event;
  // A placeholder: of what the event said, the hashes are left.
  if (lost) return `{"at":"${recordedAt}","lost":{"data":"${lost.data}","meta":"${lost.meta}"},"seal":"${seal}","tv":${schemaVersion}}`;
  const sealed = inHashOrder(event.sealed).map(({ hash, salt, value }) => `"${hash}":{"salt":"${salt}","value":${JSON.stringify(value)}}`);
  return `{"at":"${recordedAt}","data":${data},"meta":${meta},"salts":{"data":"${dataSalt}","meta":"${metaSalt}"},"seal":"${seal}","sealed":{${sealed.join(',')}},"tv":${schemaVersion}}`;
}

/** An event as the client reads it. */
export interface RawEvent {
  id: string;
  streamId: string;
  revision: bigint;
  type: string;
  /** Bytes of a binary event; whatever else it is, no node of ours wrote it. */
  data: unknown;
}

/**
 * The event as it was appended; its leaf is computed from what lies there. Bytes that are not their own canonical form come back
 * as an event that no seal fits: whoever checks stops before it.
 */
export function decode(raw: RawEvent, { record }: Names): StoredEvent {
  const text =
    raw.data instanceof Uint8Array ? Buffer.from(raw.data.buffer, raw.data.byteOffset, raw.data.byteLength).toString('utf8') : '';
  const { schemaVersion, recordedAt, data, meta, dataSalt, metaSalt, seal, sealed, lost } = parse(text) ?? corrupt(text);
  // Written out, and copied nowhere: copies of what was parsed took a tenth of the time.
  const event: StoredEvent = {
    id: raw.id as Uuid,
    type: raw.type,
    schemaVersion,
    recordedAt,
    data,
    meta,
    dataSalt,
    metaSalt,
    seal,
    leaf: '',
    sealed,
    stream: raw.streamId.slice(record.length) as StreamName,
    revision: Number(raw.revision) as Revision,
  };
  if (lost) event.lost = lost;
  event.leaf = Buffer.from(nodeHashes.leaf(Buffer.from(leafEntryOf(event)))).toString('hex');
  return event;
}

type Content = Omit<StoredEvent, 'leaf' | 'id' | 'type' | 'stream' | 'revision'>;

function parse(text: string): Content | undefined {
  const content = placeholderIn(text) ?? contentIn(text);
  return content && textOf(content) === text ? content : undefined;
}

const PLACEHOLDER = /^\{"at":"([^"]*)","lost":\{"data":"([^"]*)","meta":"([^"]*)"\},"seal":"([^"]*)","tv":(\d+)\}$/;

function placeholderIn(text: string): Content | undefined {
  const [, at, data, meta, seal, version] = PLACEHOLDER.exec(text) ?? [];
  if (version === undefined) return undefined;
  return {
    schemaVersion: Number(version),
    recordedAt: at as UtcTime,
    data: '',
    meta: '',
    dataSalt: '',
    metaSalt: '',
    seal: seal!,
    sealed: [],
    lost: { data: data!, meta: meta! },
  };
}

/** Two objects, each of which may hold any text, lie between parts that are always as long. */
function contentIn(text: string): Content | undefined {
  const dataAt = AT_DATA;
  const metaAt = endOfObject(text, dataAt) + ',"meta":'.length;
  const rest = text.slice(endOfObject(text, metaAt));
  const [, dataSalt, metaSalt, seal, sealed, version] = AFTER_META.exec(rest) ?? [];
  if (version === undefined) return undefined;
  return {
    schemaVersion: Number(version),
    recordedAt: text.slice('{"at":"'.length, AT_DATA - '","data":'.length) as UtcTime,
    // The very bytes: where they are not those that were sealed, the seal does not fit them.
    data: text.slice(dataAt, metaAt - ',"meta":'.length),
    meta: text.slice(metaAt, text.length - rest.length),
    dataSalt: dataSalt!,
    metaSalt: metaSalt!,
    seal: seal!,
    sealed: sealedIn(sealed!),
  };
}

const AT_DATA = '{"at":"1970-01-01T00:00:00.000Z","data":'.length;
const AFTER_META = /^,"salts":\{"data":"([^"]*)","meta":"([^"]*)"\},"seal":"([^"]*)","sealed":(\{.*\}),"tv":(\d+)\}$/s;

/** Behind the brace that closes the one at a place; the end of the text where none does. */
function endOfObject(text: string, from: number): number {
  let open = 0;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === OPENING) open += 1;
    else if (code === CLOSING && --open === 0) return at + 1;
  }
  return text.length;
}

/** Where the string that begins at a place ends. */
function endOfString(text: string, from: number): number {
  for (let at = text.indexOf('"', from + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let escapes = at;
    while (text.charCodeAt(escapes - 1) === BACKSLASH) escapes -= 1;
    if ((at - escapes) % 2 === 0) return at;
  }
  return text.length;
}

const [QUOTE, OPENING, CLOSING, BACKSLASH] = [34, 123, 125, 92];

/** Not by JSON.parse of the whole: it keeps every name that it meets, and each hash is met once. */
function sealedIn(text: string): SealedValue[] {
  const values: SealedValue[] = [];
  for (let at = '{"'.length; at < text.length; at += ',"'.length) {
    const saltAt = at + HASH_LENGTH + '":{"salt":"'.length;
    const valueAt = saltAt + HASH_LENGTH + '","value":'.length;
    const end = endOfString(text, valueAt) + 1;
    values.push({
      hash: text.slice(at, at + HASH_LENGTH),
      salt: text.slice(saltAt, saltAt + HASH_LENGTH),
      value: stringAt(text.slice(valueAt, end)),
    });
    at = end + '}'.length;
  }
  return values;
}

const HASH_LENGTH = 64;

/** What is no string comes back as something that it is not written as. */
function stringAt(literal: string): string {
  if (!literal.includes('\\')) return literal.slice(1, -1);
  try {
    return JSON.parse(literal) as string;
  } catch {
    return '';
  }
}

const corrupt = (text: string): Content => ({
  schemaVersion: 0,
  recordedAt: '1970-01-01T00:00:00.000Z' as UtcTime,
  data: text,
  meta: '',
  dataSalt: '',
  metaSalt: '',
  seal: '',
  sealed: [],
});
