// The log as the signer and the bundles read it.
import {
  findForgery,
  leafEntryOf,
  SqliteEventStore,
  TailWithdrawn,
  type EventStore,
  type LoggedEvent,
  type LogOpened,
  type Position,
  type SigningKeyChanged,
} from '#event-store';
import { isCanonicalJson, Malformed, openKeyChange } from '#ledger/core';
import { checkpointSignedBy, sha256, verifySignature } from '#ledger/verify';
import { LOG_STREAM, type RecordNumber } from '#kernel';
import type { LogSource, SignableEntry } from '#ledger/writer';

/** @param ending ends what is being read: between two batches it throws the signal's reason */
export const logSourceOf = (store: EventStore, writerKey: Buffer, ending?: AbortSignal): LogSource =>
  store instanceof SqliteEventStore ? numbered(store, writerKey, ending) : new CountedLog(store, writerKey, ending);

/**
 * Notes of the changes of keys that the log holds, in its order, up to the one that replaced the key by which the checkpoint is signed: that
 * one was recorded after what it covers. One that was altered beyond reading is left to the verifier, which names the record.
 */
export async function keyChangesBefore(checkpoint: string, store: Pick<EventStore, 'readStream'>): Promise<string[]> {
  const notes: string[] = [];
  for await (const events of store.readStream(LOG_STREAM)) {
    for (const event of events) {
      const note = event.type === 'signing-key-changed' && !event.lost ? noteIn(event.data) : undefined;
      if (note !== undefined && replacesKeyOf(checkpoint, note)) return notes;
      if (note !== undefined) notes.push(note);
    }
  }
  return notes;
}

function replacesKeyOf(checkpoint: string, change: string): boolean {
  try {
    const { from } = openKeyChange(sha256, verifySignature, change);
    return checkpointSignedBy(checkpoint, [from]) !== undefined;
  } catch (error) {
    if (error instanceof Malformed) return false;
    throw error;
  }
}

/** The verifier keys that the log names, in its order. That it is this installation's log is not looked at: a checkpoint that one of them signed proves that only together with its root. */
export async function verifierKeysIn(store: Pick<EventStore, 'readStream'>): Promise<string[]> {
  const keys: unknown[] = [];
  for await (const events of store.readStream(LOG_STREAM)) {
    for (const { type, data, lost } of events) {
      if (type === 'log-opened' && !lost) keys.push(said<LogOpened['data']>(data).verifierKey);
      if (type === 'signing-key-changed' && !lost) keys.push(said<SigningKeyChanged['data']>(data).to);
    }
  }
  return keys.filter((key) => typeof key === 'string');
}

function noteIn(data: string): string | undefined {
  const { note } = said<SigningKeyChanged['data']>(data);
  return typeof note === 'string' ? note : undefined;
}

const said = <Data>(data: string): Partial<Data> => (isCanonicalJson(data) ? (JSON.parse(data) as Partial<Data> | null) : null) ?? {};

const numbered = (store: SqliteEventStore, writerKey: Buffer, ending?: AbortSignal): LogSource => ({
  size: () => Promise.resolve(store.lastRecord()),
  async *entriesAfter(size) {
    const after = size > 0 ? { after: store.positionAt(size as RecordNumber) } : {};
    for await (const events of store.readLog(after)) {
      ending?.throwIfAborted();
      yield events.map((event) => entryOf(event, writerKey));
    }
  },
});

function entryOf(event: LoggedEvent, writerKey: Buffer): SignableEntry {
  const forged = findForgery(writerKey, event);
  return { entry: leafEntryOf(event), ...(forged && { forged }) };
}

/** How many events lie between two places from which it can read on. */
const MARK_EVERY = 500;

/** The log of a store that numbers nothing: counted from the beginning, once. */
export class CountedLog implements LogSource {
  /** Where so many records end: the last one is as far as was counted. */
  private marks: { size: number; position: Position }[] = [];

  constructor(
    private readonly store: EventStore,
    private readonly writerKey: Buffer,
    private readonly ending?: AbortSignal,
  ) {}

  async size(): Promise<number> {
    for (;;) {
      try {
        let size = this.marks.at(-1)?.size ?? 0;
        for await (const { events } of this.readFrom(size)) size += events.length;
        return size;
      } catch (error) {
        if (!(error instanceof TailWithdrawn) || this.marks.length === 0) throw error;
        // Counted again, from where the store still holds what it held.
        this.marks.pop();
      }
    }
  }

  async *entriesAfter(size: number): AsyncGenerator<readonly SignableEntry[]> {
    for await (const { events, from } of this.readFrom(size)) {
      const wanted = events.slice(Math.max(0, size - from));
      if (wanted.length > 0) yield wanted.map((event) => entryOf(event, this.writerKey));
    }
  }

  /** From the last mark at or before a size on; marks what it passes. */
  private async *readFrom(size: number): AsyncGenerator<{ events: readonly LoggedEvent[]; from: number }> {
    const mark = this.marks.findLast((each) => each.size <= size);
    let from = mark?.size ?? 0;
    for await (const events of this.store.readLog({ batch: MARK_EVERY, ...(mark && { after: mark.position }) })) {
      this.ending?.throwIfAborted();
      yield { events, from };
      from += events.length;
      if (from > (this.marks.at(-1)?.size ?? 0)) this.mark(from, events.at(-1)!.position);
    }
  }

  /** The last mark moves on until it lies far enough behind the one before it: a log that grows one by one has no more of them. */
  private mark(size: number, position: Position): void {
    const last = this.marks.at(-1);
    if (last && last.size - (this.marks.at(-2)?.size ?? 0) < MARK_EVERY) this.marks.pop();
    this.marks.push({ size, position });
  }
}
