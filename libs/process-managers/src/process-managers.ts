// Runs the process managers over the log, in its order, from a checkpoint. Running one twice changes nothing: ids derive from
// the trigger, and the target decides again on its durable state.
import { setTimeout as pause } from 'node:timers/promises';
import { ForeignPosition, TailWithdrawn, type EventStore, type LoggedEvent, type Position } from '#event-store';
import type { RecordNumber, Uuid } from '#kernel';
import { Waiters } from '#read-models';
import type { ProcessManager } from './process-manager.js';
import { startedManagers } from './process-managers.projection.js';
import { Reactions, type ReactionsParts } from './reactions.js';
import { itself } from './register-at.js';
import { startAll } from './start-process-manager.js';

/** Bookkeeping: the position in the log up to which they have reacted. */
export const PROCESS_MANAGERS_KEY = 'process-managers';
/** Events that may be looked at again after a crash. */
const CHECKPOINT_EVERY = 1_000;
const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 10_000;
/** Records whose types are looked at in one go. */
const SCANNED_AT_ONCE = 10_000;

export interface ProcessManagersParts extends Omit<ReactionsParts, 'assertMayRecord'> {
  managers: readonly ProcessManager[];
  store: EventStore;
  onError: (error: unknown) => void;
  /** Why nothing may be recorded now, where that is so: asked again later. */
  heldUp?: () => string | undefined;
}

export class ProcessManagers {
  private readonly reactions: Reactions;
  private readonly stopping = new AbortController();
  /** The start event of each; undefined until all are recorded. */
  private started: ReadonlyMap<string, { id: Uuid }> | undefined;
  /** The checkpoint that was saved last, by this node or another. */
  private position: Position | undefined;
  /** The last record that was looked at, and its place in the log. */
  private record: RecordNumber | undefined;
  private place: Position | undefined;
  private sinceSaved = 0;
  private readonly waiters = new Waiters();
  private wake: () => void = () => undefined;
  private running: Promise<void> | undefined;

  constructor(private readonly parts: ProcessManagersParts) {
    this.reactions = new Reactions({ ...parts, assertMayRecord: () => this.assertMayRecord() });
  }

  /**
   * Writes what is missing of the start events, then follows. It does so once these are projected, of which `grown` tells: neither
   * a register that cannot go on nor a record that cannot be made now, as on an unsure clock, keeps anybody from reading.
   */
  async start(): Promise<void> {
    await this.recordStarts().catch((error: unknown) => this.parts.onError(error));
    this.running = this.follow();
  }

  private async recordStarts(): Promise<ReadonlyMap<string, { id: Uuid }>> {
    this.assertMayRecord();
    const { managers, runner, store } = this.parts;
    return (this.started ??= await startAll(
      runner,
      store,
      managers.map(({ name }) => name),
    ));
  }

  private assertMayRecord(): void {
    const why = this.parts.heldUp?.();
    if (why !== undefined) throw new Error(`process managers record nothing: ${why}`);
  }

  /** From where on each reacts, and how far they came. False where nobody waits for it any more. */
  private async prepare(): Promise<boolean> {
    const { managers, store } = this.parts;
    const started = await this.recordStarts();
    for (const manager of managers) {
      const from = await this.recordOf(started.get(manager.name)!.id);
      if (from === undefined) return false;
      this.reactions.add(manager, from);
    }
    this.position = await this.standing((await store.bookkeeping.read(PROCESS_MANAGERS_KEY)) as Position | undefined);
    return true;
  }

  /** The last record that it looked at, and to which it reacted where there was something to do; 0 before the first. */
  get handled(): number {
    return this.record ?? 0;
  }

  /** True once it has handled that record, false when the time is over. */
  waitFor(record: number, timeoutMs: number): Promise<boolean> {
    return this.waiters.wait(() => this.handled >= record, timeoutMs);
  }

  /** More is projected. */
  grown(): void {
    this.wake();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.waiters.giveUp();
    this.wake();
    await this.running;
  }

  private async follow(): Promise<void> {
    let retryMs = FIRST_RETRY_MS;
    let isPrepared = false;
    while (!this.stopping.signal.aborted) {
      const woken = new Promise<void>((resolve) => (this.wake = resolve));
      try {
        if (!isPrepared) {
          isPrepared = await this.prepare();
          // Anew: what wakes it was taken by what it waited for.
          continue;
        }
        await this.catchUp();
        retryMs = FIRST_RETRY_MS;
        if (!this.stopping.signal.aborted) await woken;
      } catch (error) {
        if (this.stopping.signal.aborted) return;
        this.parts.onError(error);
        await pause(retryMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
        retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
      }
    }
    await this.save().catch(() => undefined);
  }

  /** Reacts to all that is projected: reactions rest on the register as of their trigger. */
  private async catchUp(): Promise<void> {
    const { readModels } = this.parts;
    const { types } = this.reactions;
    // The checkpoint lies in the log; read models that are built anew may not have come so far.
    if (this.record === undefined || (await this.isWithdrawn())) {
      this.record = this.position === undefined ? (0 as RecordNumber) : readModels.recordAt(this.position);
      this.place = this.position;
    }
    while (this.record !== undefined && this.record < readModels.last()) {
      const upTo = Math.min(readModels.last(), this.record + SCANNED_AT_ONCE) as RecordNumber;
      for (const record of readModels.recordsOfTypes(this.record, upTo, types)) {
        if (this.stopping.signal.aborted) return;
        const reacted = await this.reactions.to(await this.read(record), record);
        this.reached(record);
        if (reacted) await this.save();
      }
      this.reached(upTo);
      if (this.sinceSaved >= CHECKPOINT_EVERY) await this.save();
      if (this.stopping.signal.aborted) return;
    }
  }

  private reached(record: RecordNumber): void {
    this.sinceSaved += record - this.record!;
    this.record = record;
    this.waiters.look();
    this.place = this.parts.readModels.logRow(record)?.position as Position | undefined;
  }

  /** Whether another record has the number now that was looked at last, or none has: then it goes back, since running twice changes nothing. */
  private async isWithdrawn(): Promise<boolean> {
    if (this.record === 0 || this.parts.readModels.logRow(this.record!)?.position === this.place) return false;
    this.position = await this.standing(this.position);
    return true;
  }

  /** The position where the store still holds it: else it begins at the beginning. */
  private async standing(position: Position | undefined): Promise<Position | undefined> {
    if (position === undefined) return undefined;
    try {
      for await (const events of this.parts.store.readLog({ after: position, limit: 1 })) void events;
      return position;
    } catch (error) {
      if (error instanceof TailWithdrawn || error instanceof ForeignPosition) return undefined;
      throw error;
    }
  }

  private async read(record: RecordNumber): Promise<LoggedEvent> {
    const { store, readModels } = this.parts;
    const before = readModels.logRow((record - 1) as RecordNumber);
    for await (const [event] of store.readLog({ limit: 1, ...(before && { after: before.position as Position }) })) return event!;
    throw new Error(`record ${record} is projected, and the store does not hold it`);
  }

  /** The record of a start event; waits until it is projected. Undefined where the waiting ends before. */
  private async recordOf(eventId: Uuid): Promise<RecordNumber | undefined> {
    const { readModels } = this.parts;
    for (;;) {
      if (this.stopping.signal.aborted) return undefined;
      const woken = new Promise<void>((resolve) => (this.wake = resolve));
      const started = readModels.detail(startedManagers, eventId, { record: readModels.last(), isNow: true }, itself);
      if (started) return started.first;
      await woken;
    }
  }

  private async save(): Promise<void> {
    if (this.record === undefined || this.sinceSaved === 0) return;
    const { place } = this;
    if (place === undefined) return;
    await this.parts.store.bookkeeping.write(PROCESS_MANAGERS_KEY, place);
    this.position = place;
    this.sinceSaved = 0;
  }
}
