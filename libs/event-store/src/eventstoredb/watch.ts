// Watches what others do to the record's streams in the database: whoever deletes one, or lets it forget, endangers the record. And
// hears of removals, so that every node withholds what is to be gone.
import { eventTypeFilter } from '@eventstore/db-client';
import { LOG_STREAM } from '#kernel';
import type { FollowingParts } from './following.js';
import { followLog } from './following.js';
import type { Names } from './names.js';
import type { PlacedEvent } from './pages.js';
import { decode } from './stored-form.js';

const REMOVAL = 'value-removed';
const METADATA = '$metadata';
const TOMBSTONE = '$streamDeleted';
/** What makes a stream forget, as its metadata name it. */
const FORGETTING = ['$maxCount', '$maxAge', '$tb'] as const;

export interface WatchParts extends Omit<FollowingParts, 'filter'> {
  names: Names;
  onEndangered?: (message: string) => void;
}

export class Watch {
  /** Resolves once everything that lies in the log is known; rejects where the watch ends before. */
  readonly ready: Promise<void>;
  private readonly endangered = new Map<string, string>();
  private readonly removed = new Set<string>();
  private readonly waiting = new Map<string, () => void>();
  private readonly ended: Promise<void>;
  private failure: string | undefined;

  constructor(
    private readonly parts: WatchParts,
    signal: AbortSignal,
  ) {
    let ready: () => void = () => undefined;
    let failed: (error: unknown) => void = () => undefined;
    this.ready = new Promise((resolve, reject) => {
      ready = resolve;
      failed = reject;
    });
    this.ready.catch(() => undefined);
    this.ended = this.follow(signal, ready).catch((error: unknown) => {
      this.failure = `the streams of the record are not watched any more: ${(error as Error).message}`;
      failed(error);
    });
  }

  /** What endangers the record, for as long as it stands. */
  get danger(): string | undefined {
    const [first] = this.endangered.values();
    return first ?? this.failure;
  }

  /** Resolves once the removal of a sealed value is known here. */
  async knows(hash: string): Promise<void> {
    if (!this.removed.has(hash)) await new Promise<void>((resolve) => this.waiting.set(hash, resolve));
  }

  /** Whether a sealed value is to be gone. */
  isRemoved(hash: string): boolean {
    return this.removed.has(hash);
  }

  stopped(): Promise<void> {
    return this.ended;
  }

  private async follow(signal: AbortSignal, ready: () => void): Promise<void> {
    const filter = eventTypeFilter({ prefixes: [METADATA, TOMBSTONE, REMOVAL] });
    for await (const notice of followLog({ ...this.parts, filter }, undefined, signal)) {
      if (notice.kind === 'caught-up') ready();
      else for (const event of notice.events) this.see(event);
    }
  }

  private see(event: PlacedEvent): void {
    const { type, streamId } = event;
    const { record } = this.parts.names;
    if (type === REMOVAL && streamId === `${record}${LOG_STREAM}`) this.withhold(event);
    if (type === TOMBSTONE && streamId.startsWith(record)) this.endanger(streamId, 'was deleted for good');
    if (type === METADATA && streamId.startsWith(`$$${record}`)) this.judge(streamId.slice(2), event.data);
  }

  private withhold(event: PlacedEvent): void {
    const { values } = JSON.parse(decode(event, this.parts.names).data) as { values: { hash: string }[] };
    for (const { hash } of values) {
      this.removed.add(hash);
      this.waiting.get(hash)?.();
    }
  }

  private judge(stream: string, metadata: unknown): void {
    const found = FORGETTING.filter((name) => (metadata as Record<string, unknown> | null)?.[name] !== undefined);
    if (found.length > 0) this.endanger(stream, `is made to forget by ${found.join(' and ')} (a deletion sets $tb)`);
    else this.endangered.delete(stream);
  }

  private endanger(stream: string, how: string): void {
    const message = `stream ${stream} ${how}: somebody changed it in the database`;
    this.endangered.set(stream, message);
    this.parts.onEndangered?.(message);
  }
}
