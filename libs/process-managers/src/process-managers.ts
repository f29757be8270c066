// Runs the process managers over the log, in its order, from a checkpoint. Running one twice changes nothing: ids derive from
// the trigger, and the target decides again on its durable state.
import { setTimeout as pause } from 'node:timers/promises';
import { SYSTEM_SUBJECT, type EventStore, type LoggedEvent, type Position, type Runner } from '#event-store';
import { isRefusal, streamName, type Reader, type RecordNumber, type Refusal, type Uuid } from '#kernel';
import { openEvent, type EventCatalogue, type ProjectedEvent, type ReadModels, type Row } from '#read-models';
import type { ProcessManager, Reaction, RegisterThen } from './process-manager.js';
import { startedManagers } from './process-managers.projection.js';
import { reactionId, startAll } from './start-process-manager.js';

const CHECKPOINT = 'process-managers';
/** Events that may be looked at again after a crash. */
const CHECKPOINT_EVERY = 1_000;
const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 10_000;
const PAGE = 500;

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
}

export class ProcessManagers {
  private readonly byType = new Map<string, { manager: ProcessManager; from: RecordNumber }[]>();
  private readonly stopping = new AbortController();
  private position: Position | undefined;
  private sinceSaved = 0;
  private wake: () => void = () => undefined;
  private running: Promise<void> | undefined;

  constructor(private readonly parts: ProcessManagersParts) {}

  /** Writes what is missing of the start events, then follows. Projection of them is awaited through `grown`. */
  async start(): Promise<void> {
    const { managers, runner, store } = this.parts;
    const started = await startAll(runner, store, managers.map(({ name }) => name));
    for (const manager of managers) {
      const { id } = started.get(manager.name)!;
      for (const type of manager.triggers) {
        const following = this.byType.get(type) ?? [];
        following.push({ manager, from: await this.recordOf(id) });
        this.byType.set(type, following);
      }
    }
    this.position = (await store.bookkeeping.read(CHECKPOINT)) as Position | undefined;
    this.running = this.follow();
  }

  /** More is projected. */
  grown(): void {
    this.wake();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    await this.running;
  }

  private async follow(): Promise<void> {
    let retryMs = FIRST_RETRY_MS;
    while (!this.stopping.signal.aborted) {
      const woken = new Promise<void>((resolve) => (this.wake = resolve));
      try {
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

  /** Reacts to all that is projected. */
  private async catchUp(): Promise<void> {
    const { store, readModels } = this.parts;
    for await (const events of store.readLog(this.position === undefined ? {} : { after: this.position })) {
      for (const event of events) {
        if (this.stopping.signal.aborted) return;
        const record = this.byType.has(event.type) ? readModels.recordAt(event.position) : undefined;
        // Reactions rest on the register as of the trigger: what is not projected comes with the next wake.
        if (this.byType.has(event.type) && record === undefined) return;
        const reacted = record !== undefined && (await this.reactTo(event, record));
        this.position = event.position;
        this.sinceSaved += 1;
        if (reacted || this.sinceSaved >= CHECKPOINT_EVERY) await this.save();
      }
    }
  }

  private async reactTo(event: LoggedEvent, record: RecordNumber): Promise<boolean> {
    const trigger = openEvent(event, record, this.parts.catalogue);
    if (trigger.meta.source) return false;
    let reacted = false;
    for (const { manager, from } of this.byType.get(event.type)!) {
      if (record <= from) continue;
      for (const reaction of await manager.react(trigger, this.registerAt(record))) {
        await this.submit(manager, trigger, reaction);
        reacted = true;
      }
    }
    return reacted;
  }

  private async submit(manager: ProcessManager, trigger: ProjectedEvent, { command, target, input }: Reaction): Promise<void> {
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
          const page = await readModels.list(list, { moment, reader: itself, where, sort, limit: PAGE, ...(cursor !== undefined && { cursor }) });
          if (isRefusal(page)) throw new Error(page.detail);
          rows.push(...(page.rows as Row[]));
          cursor = page.next;
        } while (cursor !== undefined);
        return rows;
      },
    };
  }

  /** The record of a start event; waits until it is projected. */
  private async recordOf(eventId: Uuid): Promise<RecordNumber> {
    const { readModels } = this.parts;
    for (;;) {
      const woken = new Promise<void>((resolve) => (this.wake = resolve));
      const started = readModels.detail(startedManagers, eventId, { record: readModels.last(), isNow: true }, itself);
      if (started) return started.first;
      await woken;
    }
  }

  private async save(): Promise<void> {
    if (this.position === undefined || this.sinceSaved === 0) return;
    await this.parts.store.bookkeeping.write(CHECKPOINT, this.position);
    this.sinceSaved = 0;
  }
}
