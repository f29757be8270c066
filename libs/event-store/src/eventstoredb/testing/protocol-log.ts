// What the protocol server stores: one log in memory, by the rules of the server that it stands for. Outlives a server that is stopped.
import { randomUUID } from 'node:crypto';

export interface ProposedEvent {
  id: string;
  type: string;
  contentType: string;
  data: Uint8Array;
  metadata: Uint8Array;
}

export interface LoggedRecord extends ProposedEvent {
  stream: string;
  revision: bigint;
  /** A byte offset: increasing, sparse. Commit and prepare position alike. */
  position: bigint;
  createdMs: number;
}

/** A revision, or -1n for "no stream", -2n for "any", -4n for "the stream exists", as error trailers write them. */
export type Expected = bigint;
export const EXPECT_NO_STREAM = -1n;
export const EXPECT_ANY = -2n;
export const EXPECT_EXISTS = -4n;
export const NO_REVISION = -1n;
/** The revision of the record that ends a stream for good. */
const TOMBSTONE_REVISION = 2n ** 63n - 1n;

export type Written =
  { kind: 'written'; revision: bigint; position: bigint } | { kind: 'wrong-version'; current: bigint } | { kind: 'deleted' };

interface Retention {
  $maxCount?: number;
  $maxAge?: number;
  $tb?: number;
}

export class ProtocolLog {
  readonly records: LoggedRecord[] = [];
  /** Called after each change. */
  readonly listeners = new Set<() => void>();
  private readonly streams = new Map<string, LoggedRecord[]>();
  private nextPosition = 0n;

  constructor() {
    // A real log never begins with a user's event.
    this.write('$users', [
      { id: randomUUID(), type: '$UserCreated', contentType: 'application/json', data: Buffer.from('{}'), metadata: new Uint8Array() },
    ]);
  }

  of(stream: string): readonly LoggedRecord[] {
    return this.streams.get(stream) ?? [];
  }

  lastRevision(stream: string): bigint {
    return this.of(stream).at(-1)?.revision ?? NO_REVISION;
  }

  isTombstoned(stream: string): boolean {
    return this.lastRevision(stream) === TOMBSTONE_REVISION;
  }

  /** Deleted softly: reads find nothing, and numbering goes on when somebody writes again. */
  isSoftDeleted(stream: string): boolean {
    return (this.retention(stream).$tb ?? 0) > Number.MAX_SAFE_INTEGER;
  }

  /** The first revision that can be read. */
  firstReadable(stream: string): bigint {
    const { $maxCount, $maxAge, $tb } = this.retention(stream);
    const all = this.of(stream);
    let first = BigInt($tb ?? 0);
    if ($maxCount !== undefined && this.lastRevision(stream) - BigInt($maxCount) + 1n > first)
      first = this.lastRevision(stream) - BigInt($maxCount) + 1n;
    if ($maxAge !== undefined) {
      const kept = all.find(({ createdMs }) => createdMs >= Date.now() - $maxAge * 1000);
      if (!kept || kept.revision > first) first = kept?.revision ?? this.lastRevision(stream) + 1n;
    }
    return first;
  }

  append(stream: string, expected: Expected, events: readonly ProposedEvent[]): Written {
    const judged = this.judge(stream, expected, events);
    if (judged) return judged;
    const wasDeleted = this.isSoftDeleted(stream);
    const before = this.lastRevision(stream);
    const last = this.write(stream, events);
    if (wasDeleted) this.setMetadata(stream, { ...this.retention(stream), $tb: Number(before + 1n) });
    this.changed();
    return { kind: 'written', revision: last?.revision ?? before, position: last?.position ?? this.nextPosition };
  }

  delete(stream: string, expected: Expected, forGood: boolean): Written {
    const judged = this.judge(stream, expected, []);
    if (judged) return judged;
    const record = forGood
      ? this.write(
          stream,
          [
            {
              id: randomUUID(),
              type: '$streamDeleted',
              contentType: 'application/octet-stream',
              data: new Uint8Array(),
              metadata: new Uint8Array(),
            },
          ],
          TOMBSTONE_REVISION,
        )
      : this.setMetadata(stream, { $tb: Number(TOMBSTONE_REVISION) });
    this.changed();
    return { kind: 'written', revision: record!.revision, position: record!.position };
  }

  /** A leader that loses its place takes records back that it had shown. */
  withdraw(count: number): void {
    for (const record of this.records.splice(this.records.length - count)) {
      const stream = this.streams.get(record.stream)!;
      stream.pop();
      if (stream.length === 0) this.streams.delete(record.stream);
    }
    const last = this.records.at(-1);
    this.nextPosition = last ? last.position + sizeOf(last) : 0n;
    this.changed();
  }

  /** Destroys what a stream may forget, all but its last event. */
  scavenge(stream: string): void {
    const kept = this.of(stream).filter(({ revision }) => revision >= this.firstReadable(stream) || revision === this.lastRevision(stream));
    for (const record of this.of(stream)) if (!kept.includes(record)) this.records.splice(this.records.indexOf(record), 1);
    this.streams.set(stream, kept);
    this.changed();
  }

  /** Changes what is stored, as somebody with the disk in his hands could. */
  tamper(index: number, data: Uint8Array): void {
    this.records[index]!.data = data;
  }

  /** The index of the first record at or after a position. */
  indexAt(position: bigint): number {
    let [from, to] = [0, this.records.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.records[middle]!.position < position) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  get end(): bigint {
    return this.nextPosition;
  }

  /** What an append comes to where nothing is to be written. */
  private judge(stream: string, expected: Expected, events: readonly ProposedEvent[]): Written | undefined {
    if (this.isTombstoned(stream)) return { kind: 'deleted' };
    const current = this.lastRevision(stream);
    const wrong: Written = { kind: 'wrong-version', current };
    if (expected === EXPECT_ANY) return undefined;
    if (expected === EXPECT_EXISTS) return current === NO_REVISION || this.isSoftDeleted(stream) ? wrong : undefined;
    if (expected === current) return undefined;
    if (expected > current) return wrong;
    const stored = this.of(stream).slice(Number(expected) + 1, Number(expected) + 1 + events.length);
    if (events.length > 0 && stored.length === events.length && stored.every(({ id }, index) => id === events[index]!.id)) {
      const last = stored.at(-1)!;
      return { kind: 'written', revision: last.revision, position: last.position };
    }
    return expected === EXPECT_NO_STREAM && this.isSoftDeleted(stream) ? undefined : wrong;
  }

  private write(stream: string, events: readonly ProposedEvent[], revision?: bigint): LoggedRecord | undefined {
    const own = this.streams.get(stream) ?? [];
    this.streams.set(stream, own);
    for (const event of events) {
      const record = {
        ...event,
        stream,
        revision: revision ?? (own.at(-1)?.revision ?? NO_REVISION) + 1n,
        position: this.nextPosition,
        createdMs: Date.now(),
      };
      this.nextPosition += sizeOf(record);
      this.records.push(record);
      own.push(record);
    }
    return own.at(-1);
  }

  private setMetadata(stream: string, metadata: object): LoggedRecord | undefined {
    return this.write(`$$${stream}`, [
      {
        id: randomUUID(),
        type: '$metadata',
        contentType: 'application/json',
        data: Buffer.from(JSON.stringify(metadata)),
        metadata: new Uint8Array(),
      },
    ]);
  }

  private retention(stream: string): Retention {
    const last = this.of(`$$${stream}`).at(-1);
    return last ? (JSON.parse(Buffer.from(last.data).toString()) as Retention) : {};
  }

  private changed(): void {
    for (const listener of [...this.listeners]) listener();
  }
}

const sizeOf = ({ stream, type, data, metadata }: LoggedRecord): bigint =>
  BigInt(97 + stream.length + 2 * type.length + data.length + metadata.length);
