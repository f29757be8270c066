// One binary event holds everything that is stored of an event: what is hashed is what lies there, byte for byte.
import type { LostParts, Revision, SealedEvent, SealedValue, StoredEvent, StreamName, UtcTime, Uuid } from '#kernel';
import { inHashOrder } from '../append-rules.js';
import { leafEntryOf, nodeHashes } from '../sealer.js';
import type { Names } from './names.js';

/** RFC 8785 of the stored form: data and metadata are canonical already, and stand in it as they are. */
export function encode(event: Omit<SealedEvent, 'id' | 'type' | 'leaf'> & Pick<StoredEvent, 'lost'>): Uint8Array {
  const { recordedAt, data, meta, dataSalt, metaSalt, seal, schemaVersion, lost } = event;
  // A placeholder: of what the event said, the hashes are left.
  if (lost) return Buffer.from(`{"at":"${recordedAt}","lost":{"data":"${lost.data}","meta":"${lost.meta}"},"seal":"${seal}","tv":${schemaVersion}}`);
  const sealed = inHashOrder(event.sealed).map(({ hash, salt, value }) => `"${hash}":{"salt":"${salt}","value":${JSON.stringify(value)}}`);
  return Buffer.from(
    `{"at":"${recordedAt}","data":${data},"meta":${meta},"salts":{"data":"${dataSalt}","meta":"${metaSalt}"},"seal":"${seal}","sealed":{${sealed.join(',')}},"tv":${schemaVersion}}`,
  );
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

interface StoredForm {
  at: UtcTime;
  data: object;
  meta: object;
  salts: { data: string; meta: string };
  seal: string;
  sealed: Record<string, { salt: string; value: string }>;
  tv: number;
  lost?: LostParts;
}

/**
 * The event as it was appended; its leaf is computed from what lies there. Bytes that are not their own canonical form come back
 * as an event that no seal fits: whoever checks stops before it.
 */
export function decode(raw: RawEvent, { record }: Names): StoredEvent {
  const place = { id: raw.id as Uuid, type: raw.type, stream: raw.streamId.slice(record.length) as StreamName, revision: Number(raw.revision) as Revision };
  const text = raw.data instanceof Uint8Array ? Buffer.from(raw.data.buffer, raw.data.byteOffset, raw.data.byteLength).toString('utf8') : '';
  const event = { ...(parse(text) ?? corrupt(text)), ...place };
  const leaf = nodeHashes.leaf(Buffer.from(leafEntryOf({ ...event, leaf: '' })));
  return { ...event, leaf: Buffer.from(leaf).toString('hex') };
}

type Content = Omit<StoredEvent, 'leaf' | 'id' | 'type' | 'stream' | 'revision'>;

function parse(text: string): Content | undefined {
  try {
    const form = JSON.parse(text) as StoredForm;
    const content = form.lost ? placeholderIn(form, form.lost) : contentOf(form);
    return Buffer.from(encode(content)).toString('utf8') === text ? content : undefined;
  } catch {
    return undefined;
  }
}

function contentOf({ at, tv, data, meta, salts, seal, sealed }: StoredForm): Content {
  return {
    schemaVersion: tv,
    recordedAt: at,
    // The very bytes, where they are canonical; where they are not, the seal does not fit them.
    data: JSON.stringify(data),
    meta: JSON.stringify(meta),
    dataSalt: salts.data,
    metaSalt: salts.meta,
    seal,
    sealed: Object.entries(sealed).map(([hash, { salt, value }]): SealedValue => ({ hash, salt, value })),
  };
}

const placeholderIn = ({ at, tv, seal }: StoredForm, { data, meta }: LostParts): Content => ({
  schemaVersion: tv, recordedAt: at, data: '', meta: '', dataSalt: '', metaSalt: '', seal, sealed: [], lost: { data, meta },
});

const corrupt = (text: string): Content => ({ schemaVersion: 0, recordedAt: '1970-01-01T00:00:00.000Z' as UtcTime, data: text, meta: '', dataSalt: '', metaSalt: '', seal: '', sealed: [] });
