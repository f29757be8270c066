// Runs the process managers over the log, in its order, from a checkpoint. Running one twice changes nothing: ids derive from
// the trigger, and the target decides again on its durable state.
import { setTimeout as pause } from 'node:timers/promises';
import {
  ForeignPosition,
  SYSTEM_SUBJECT,
  TailWithdrawn,
  type EventStore,
  type LoggedEvent,
  type Position,
  type Runner,
} from '#event-store';
import { isRefusal, streamName, type Reader, type RecordNumber, type Refusal, type Uuid } from '#kernel';
import { openEvent, Waiters, type EventCatalogue, type ProjectedEvent, type ReadModels, type Row } from '#read-models';
import type { ProcessManager, Reaction, RegisterThen } from './process-manager.js';
import { processManagerRefusals } from './process-manager-refusals.js';
import { startedManagers } from './process-managers.projection.js';
import { reactionId, startAll } from './start-process-manager.js';

/** Bookkeeping: the position in the log up to which they have reacted. */
export const PROCESS_MANAGERS_KEY = 'process-managers';
/** Events that may be looked at again after a crash. */
const CHECKPOINT_EVERY = 1_000;
const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 10_000;
const PAGE = 500;
/** Records whose types are looked at in one go. */
const SCANNED_AT_ONCE = 10_000;

/** Asks on behalf of the record itself, which knows everything. */
const itself: Reader = { subject: SYSTEM_SUBJECT, role: 'auditor', bodies: 'all' };

export interface ProcessManagersParts {
  managers: readonly ProcessManager[];
  store: EventStore;
  runner: Runner;
  readModels: ReadModels;
  catalogue: EventCatalogue;
  /** Told of a reaction that the target refused: the second event is missing, and an operator should know. */
  onRefused: (manager: string, trigger: Uuid, refusal: Refusal) => void;
  onError: (error: unknown) => void;
  /** Why nothing may be recorded now, where that is so: asked again later. */
  heldUp?: () => string | undefined;
}

/** As an event of which nobody thought makes it. A store says what is wrong with errors of its own, and is asked again. */
const isFaultOfProgram = (error: unknown): error is Error =>
  error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;

export class ProcessManagers {
  private readonly byType = new Map<string, { manager: ProcessManager; from: RecordNumber }[]>();
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

  constructor(private readonly parts: ProcessManagersParts) {}

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
      for (const type of manager.triggers)
        this.byType.set(type, [...(this.byType.get(type) ?? []).filter((each) => each.manager !== manager), { manager, from }]);
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
    const types = [...this.byType.keys()];
    // The checkpoint lies in the log; read models that are built anew may not have come so far.
    if (this.record === undefined || (await this.isWithdrawn())) {
      this.record = this.position === undefined ? (0 as RecordNumber) : readModels.recordAt(this.position);
      this.place = this.position;
    }
    while (this.record !== undefined && this.record < readModels.last()) {
      const upTo = Math.min(readModels.last(), this.record + SCANNED_AT_ONCE) as RecordNumber;
      for (const record of readModels.recordsOfTypes(this.record, upTo, types)) {
        if (this.stopping.signal.aborted) return;
        const reacted = await this.reactTo(await this.read(record), record);
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

  private async reactTo(event: LoggedEvent, record: RecordNumber): Promise<boolean> {
    // What it said is lost, and so is what would have followed from it.
    if (event.lost) return false;
    const trigger = openEvent(event, record, this.parts.catalogue);
    if (trigger.meta.source) return false;
    let reacted = false;
    for (const { manager, from } of this.byType.get(event.type)!) {
      if (record <= from) continue;
      for (const reaction of (await this.attempt(manager, trigger, () => manager.react(trigger, this.registerAt(record)))) ?? []) {
        await this.attempt(manager, trigger, () => this.submit(manager, trigger, reaction));
        reacted = true;
      }
    }
    return reacted;
  }

  /** A fault of the program would be one again at every attempt: an operator is told, and what follows in the log goes on. */
  private async attempt<T>(manager: ProcessManager, trigger: ProjectedEvent, what: () => T | Promise<T>): Promise<T | undefined> {
    try {
      return await what();
    } catch (error) {
      if (!isFaultOfProgram(error)) throw error;
      this.parts.onRefused(manager.name, trigger.id, processManagerRefusals['reaction-failed'](`It met a fault: ${error.message}.`));
      return undefined;
    }
  }

  private async submit(manager: ProcessManager, trigger: ProjectedEvent, { command, target, input }: Reaction): Promise<void> {
    this.assertMayRecord();
    const outcome = await this.parts.runner.submit(command, {
      stream: streamName(command.on.category, target),
      input,
      commons: { occurredAt: trigger.occurredAt },
      commandId: reactionId(manager.name, trigger.id, command.name, target),
      correlation: trigger.meta.correlation,
      causation: trigger.id,
      actor: { subject: SYSTEM_SUBJECT, role: 'system' },
      bodies: 'all',
    });
    if (outcome.kind !== 'refused') return;
    // What may succeed later is tried again, and everything behind it waits: order is part of what makes reactions repeatable.
    if (outcome.refusal.kind.status === 503) throw new Error(`${manager.name}: ${outcome.refusal.detail}`);
    this.parts.onRefused(manager.name, trigger.id, outcome.refusal);
  }

  private registerAt(record: RecordNumber): RegisterThen {
    const { readModels } = this.parts;
    const moment = { record, isNow: false };
    return {
      record,
      detail: (table, id) => readModels.detail(table, id, moment, itself),
      async list(list, where, sort = 'recorded') {
        const rows: Row[] = [];
        let cursor: string | undefined;
        do {
          const page = await readModels.list(list, {
            moment,
            reader: itself,
            where,
            sort,
            limit: PAGE,
            ...(cursor !== undefined && { cursor }),
          });
          if (isRefusal(page)) throw new Error(page.detail);
          rows.push(...(page.rows as Row[]));
          cursor = page.next;
        } while (cursor !== undefined);
        return rows;
      },
    };
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
