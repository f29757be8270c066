// Watches what others do to the record's streams in the database: whoever deletes one, or lets it forget, endangers the record. And
// hears of removals, so that every node withholds what is to be gone, and of a history that moves away.
import { eventTypeFilter } from '@eventstore/db-client';
import { LOG_STREAM, type StreamName } from '#kernel';
import { StoreUnavailable, TailWithdrawn } from '../errors.js';
import { failureOf } from './failures.js';
import type { FollowingParts } from './following.js';
import { FIRST_PAUSE_MS, followLog, LAST_PAUSE_MS } from './following.js';
import { MOVE_NOTED, type Moves } from './moves.js';
import type { Names } from './names.js';
import type { PlacedEvent } from './pages.js';
import { decode } from './stored-form.js';

const REMOVAL = 'value-removed';
const METADATA = '$metadata';
const TOMBSTONE = '$streamDeleted';
/** What makes a stream forget, as its metadata name it. */
const FORGETTING = ['$maxCount', '$maxAge', '$tb'] as const;

export interface Hears {
  types: readonly string[];
  onRecorded: (stream: StreamName) => void;
}

export interface WatchParts extends Omit<FollowingParts, 'filter'> {
  names: Names;
  moves: Moves;
  onEndangered?: (message: string) => void;
  /** Told when texts are to be gone that were not before. */
  onRemoved?: () => void;
  /** Of which other events, by the beginnings of their types, somebody wants to hear when any node records them. */
  hears?: Hears;
}

export class Watch {
  /** Resolves once everything that lies in the log is known; rejects where the watch ends before. */
  readonly ready: Promise<void>;
  private endangered = new Map<string, string>();
  /** What was known before the log is heard anew, until all of it is. */
  private endangeredBefore = new Map<string, string>();
  private readonly removed = new Set<string>();
  private readonly ended: Promise<void>;
  private failure: string | undefined;
  private wasReady = false;

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
      this.failure = unwatched(error);
      failed(error);
    });
  }

  /** What endangers the record, for as long as it stands. */
  get danger(): string | undefined {
    const [first] = [...this.endangered.values(), ...this.endangeredBefore.values()];
    return first ?? this.failure;
  }

  /** Sealed values that are to be gone, where somebody knows before the log is heard. */
  withhold(hashes: readonly string[]): void {
    const before = this.removed.size;
    for (const hash of hashes) this.removed.add(hash);
    if (this.removed.size > before) this.parts.onRemoved?.();
  }

  /** Whether a sealed value is to be gone. */
  isRemoved(hash: string): boolean {
    return this.removed.has(hash);
  }

  stopped(): Promise<void> {
    return this.ended;
  }

  /**
   * Anew from the start where the database took records back: what they said of a stream may never have been so. Also where it refuses
   * after it let itself be watched, or cannot be looked at: commands stop until all is heard again, as an operator puts it right.
   */
  private async follow(signal: AbortSignal, ready: () => void): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.followFromStart(signal, ready);
      } catch (error) {
        const isHeldUp = this.wasReady && error instanceof StoreUnavailable;
        if (!isHeldUp && !(error instanceof TailWithdrawn)) throw error;
        if (isHeldUp) this.failure = unwatched(error);
        this.parts.onInterrupted?.(error);
        // What is to be gone stays withheld: to show a text that the law took is worse than to withhold one for too long.
        this.endangeredBefore = new Map([...this.endangeredBefore, ...this.endangered]);
        this.endangered = new Map();
        await this.parts.timing.pause(isHeldUp ? LAST_PAUSE_MS : FIRST_PAUSE_MS, signal);
      }
    }
  }

  private async followFromStart(signal: AbortSignal, ready: () => void): Promise<void> {
    const filter = eventTypeFilter({ prefixes: [METADATA, TOMBSTONE, REMOVAL, MOVE_NOTED, ...(this.parts.hears?.types ?? [])] });
    for await (const notice of followLog({ ...this.parts, filter }, undefined, signal)) {
      if (notice.kind === 'events') for (const event of notice.events) await this.see(event);
      else {
        this.endangeredBefore.clear();
        this.failure = undefined;
        this.wasReady = true;
        ready();
      }
    }
  }

  private async see(event: PlacedEvent): Promise<void> {
    const { type, streamId } = event;
    const {
      hears,
      names: { record },
    } = this.parts;
    if (streamId.startsWith(record) && hears?.types.some((prefix) => type.startsWith(prefix)))
      hears.onRecorded(streamId.slice(record.length) as StreamName);
    if (type === MOVE_NOTED) this.parts.moves.hear(event);
    if (type === REMOVAL && streamId === `${record}${LOG_STREAM}`) this.hear(event);
    if (type === TOMBSTONE && streamId.startsWith(record)) this.endanger(streamId, 'was deleted for good');
    if (type === METADATA && streamId.startsWith(`$$${record}`)) await this.judge(streamId.slice(2), event.data);
  }

  private hear(event: PlacedEvent): void {
    const { data, lost } = decode(event, this.parts.names);
    // A removal that was lost names nothing any more.
    if (lost) return;
    const { values } = JSON.parse(data) as { values: { hash: string }[] };
    this.withhold(values.map(({ hash }) => hash));
  }

  private async judge(stream: string, metadata: unknown): Promise<void> {
    const found = FORGETTING.filter((name) => (metadata as Record<string, unknown> | null)?.[name] !== undefined);
    if (found.length > 0) this.endanger(stream, `is made to forget by ${found.join(' and ')} (a deletion sets $tb)`);
    else if (await this.hasItsBeginning(stream)) this.endangered.delete(stream);
    else this.endanger(stream, 'has lost its first events: they were scavenged while it was made to forget');
  }

  /** Metadata that are put right bring nothing back that was scavenged before. */
  private async hasItsBeginning(stream: string): Promise<boolean> {
    try {
      const [first] = await this.parts.pages.stream(stream, 'start', 'forwards', 1);
      return first === undefined || first.revision === 0n;
    } catch (error) {
      // Its end for good comes later in the log, and is seen there.
      if (error instanceof StoreUnavailable && failureOf(error.cause) === 'deleted') return true;
      throw error;
    }
  }

  private endanger(stream: string, how: string): void {
    const message = `stream ${stream} ${how}: somebody changed it in the database`;
    this.endangered.set(stream, message);
    this.parts.onEndangered?.(message);
  }
}

const unwatched = (error: unknown): string => `the streams of the record are not watched any more: ${(error as Error).message}`;
