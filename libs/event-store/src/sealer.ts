// Seals events: draws salts, hashes what is stored, and puts the writer's seal on the leaf.
import { createHmac, randomFillSync } from 'node:crypto';
import {
  canonicalJson,
  replaceMarks,
  type DomainEvent,
  type Metadata,
  type Revision,
  type Sealed,
  type SealedEvent,
  type SealedValue,
  type StoredEvent,
  type StreamName,
  type UtcTime,
  type Uuid,
} from '#kernel';
import { leafEntry, ledgerHashes, Malformed, type LeafFields } from '#ledger/core';
import { sha256 } from '#ledger/verify';

const SALT_BYTES = 32;

/** The ledger's hashes on Node's SHA-256. */
export const nodeHashes = ledgerHashes(sha256);
const hex = (bytes: Uint8Array): string => (bytes as Buffer).toString('hex');

/** Random bytes drawn 8 KiB at a time: a call for each salt costs more than the hash that it goes into. */
class SaltPool {
  private readonly pool = Buffer.alloc(8192);
  private next = this.pool.length;

  draw(): Buffer {
    if (this.next === this.pool.length) {
      randomFillSync(this.pool);
      this.next = 0;
    }
    const salt = Buffer.from(this.pool.subarray(this.next, this.next + SALT_BYTES));
    this.next += SALT_BYTES;
    return salt;
  }
}

export interface Unsealed {
  id: Uuid;
  event: DomainEvent;
  schemaVersion: number;
  metadata: Metadata<Sealed>;
}

export class Sealer {
  private readonly draw: () => Buffer;

  /** @param draw answers 32 bytes that nobody can guess, new ones each time; fixed ones are for golden files */
  constructor(
    private readonly writerKey: Buffer,
    draw?: () => Buffer,
  ) {
    const pool = new SaltPool();
    this.draw = draw ?? (() => pool.draw());
  }

  seal(stream: StreamName, revision: Revision, recordedAt: UtcTime, unsealed: Unsealed): SealedEvent {
    const sealed: SealedValue[] = [];
    const mark = (text: string): { $sealed: string } => {
      const salt = this.draw();
      const digest = hex(nodeHashes.sealed(salt, Buffer.from(JSON.stringify(text))));
      sealed.push({ hash: digest, salt: salt.toString('hex'), value: text });
      return { $sealed: digest };
    };
    const data = canonicalJson(replaceMarks(unsealed.event.data, mark));
    const meta = canonicalJson(replaceMarks(unsealed.metadata, mark));
    const dataSalt = this.draw();
    const metaSalt = this.draw();
    const entry = leafEntry({
      stream,
      rev: revision,
      id: unsealed.id,
      type: unsealed.event.type,
      tv: unsealed.schemaVersion,
      at: recordedAt,
      data: hex(nodeHashes.data(dataSalt, Buffer.from(data))),
      meta: hex(nodeHashes.meta(metaSalt, Buffer.from(meta))),
    });
    return {
      id: unsealed.id,
      type: unsealed.event.type,
      schemaVersion: unsealed.schemaVersion,
      recordedAt,
      data,
      meta,
      dataSalt: dataSalt.toString('hex'),
      metaSalt: metaSalt.toString('hex'),
      seal: writerSeal(this.writerKey, entry),
      leaf: leafHash(entry),
      sealed,
    };
  }
}

const writerSeal = (writerKey: Buffer, entry: string): string => createHmac('sha256', writerKey).update(entry).digest('hex');
const leafHash = (entry: string): string => hex(nodeHashes.leaf(Buffer.from(entry)));

type Entered = SealedEvent & Pick<StoredEvent, 'lost'> & { stream: string; revision: number };

/** Recomputed from what is stored, never trusted from a column. Of a placeholder the hashes are what is stored. */
export function leafEntryOf(event: Entered): string {
  return leafEntry({
    stream: event.stream,
    rev: event.revision,
    id: event.id,
    type: event.type,
    tv: event.schemaVersion,
    at: event.recordedAt,
    data: event.lost?.data ?? hex(nodeHashes.data(Buffer.from(event.dataSalt, 'hex'), Buffer.from(event.data))),
    meta: event.lost?.meta ?? hex(nodeHashes.meta(Buffer.from(event.metaSalt, 'hex'), Buffer.from(event.meta))),
  });
}

/**
 * What stands in the place of an event of which only its leaf entry is left: the leaf is the event's own, so the root holds.
 * @throws Malformed where the text is no leaf entry
 */
export function placeholderOf(writerKey: Buffer, entry: string): StoredEvent {
  const { stream, rev, id, type, tv, at, data, meta } = parseEntry(entry);
  return {
    id: id as Uuid,
    type,
    schemaVersion: tv,
    recordedAt: at as UtcTime,
    data: '',
    meta: '',
    dataSalt: '',
    metaSalt: '',
    seal: writerSeal(writerKey, entry),
    leaf: leafHash(entry),
    sealed: [],
    stream: stream as StreamName,
    revision: rev as Revision,
    lost: { data, meta },
  };
}

/** The seal that a node of this installation puts on an event. */
export const sealFor = (writerKey: Buffer, event: Entered): string => writerSeal(writerKey, leafEntryOf(event));

function parseEntry(entry: string): LeafFields {
  let fields: LeafFields;
  try {
    fields = JSON.parse(entry) as LeafFields;
  } catch {
    throw new Malformed('is no leaf entry');
  }
  if (leafEntry(fields) !== entry) throw new Malformed('is not written as a leaf entry is');
  return fields;
}

/** Whether a text is the one that was sealed under its hash. */
export const isAsSealed = ({ hash, salt, value }: SealedValue): boolean =>
  hex(nodeHashes.sealed(Buffer.from(salt, 'hex'), Buffer.from(JSON.stringify(value)))) === hash;

/** What of a stored event does not fit: its bytes their leaf, its leaf entry the writer's seal, or a text that is there its hash. */
export type Forgery = 'leaf' | 'seal' | 'text';

/** Why a stored event is not what a node of this installation wrote, or undefined where it is. A text that is not there is no forgery. */
export function findForgery(writerKey: Buffer, event: Entered): Forgery | undefined {
  const entry = leafEntryOf(event);
  if (leafHash(entry) !== event.leaf) return 'leaf';
  if (writerSeal(writerKey, entry) !== event.seal) return 'seal';
  return event.sealed.every(isAsSealed) ? undefined : 'text';
}
