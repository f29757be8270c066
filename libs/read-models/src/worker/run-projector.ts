// The projector's thread: follows the log from its checkpoint for as long as it may, and says how far it is and what is wrong.
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { ForeignPosition, type EventStore } from '#event-store';
import type { Database } from '#sqlite';
import { applyLog } from '../apply-log.js';
import { FolderUnusable, inFolder, isLasting } from '../folder-unusable.js';
import { isContinuable } from '../made-file.js';
import { Projector, type Checkpoint, type ProjectorParts } from '../projector.js';
import { ProjectorStopped } from '../projector-stopped.js';
import { currentFile, freshFile, makeCurrent, openLive, removeOthers } from '../read-models-file.js';
import { buildReadModels, removeReadModels } from './build.js';
import type { Alarm, FromProjector, ProjectorTask, ToProjector } from './protocol.js';
import { lastAgreed } from './reconcile.js';

export interface ProjectorWork {
  dataDirectory: string;
  parts: ProjectorParts;
  /** Opens the store for reading, and calls back whenever following it begins anew; the thread closes it. */
  openStore: (onInterrupted: () => void) => Promise<EventStore>;
}

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 30_000;
const SCRUB_AGAIN_MS = 1_000;

/** To be called by the worker file that `startProjector` is given. Resolves when the thread has nothing left to do. */
export async function runProjector(work: ProjectorWork): Promise<void> {
  const port = parentPort!;
  const { projector: task } = workerData as { projector: ProjectorTask };
  const post = (message: FromProjector): void => port.postMessage(message);
  const thread = new ProjectorThread(work, post);
  port.on('message', (message: ToProjector) => thread.receive(message));
  try {
    await (task.kind === 'follow' ? thread.follow() : thread.build(task.file));
  } finally {
    port.close();
  }
}

interface Live {
  database: Database;
  projector: Projector;
}

class ProjectorThread {
  private readonly stopping = new AbortController();
  /** Ends the subscription under way: to stop, or to go on with another file. */
  private interruption = new AbortController();
  private adopted: string | undefined;
  private alarmed = false;
  /** Whether read models were opened before: from then on another file may be one that is being built. */
  private opened = false;

  constructor(
    private readonly work: ProjectorWork,
    private readonly post: (message: FromProjector) => void,
  ) {}

  receive(message: ToProjector): void {
    if (message.kind === 'adopt') this.adopted = message.file;
    else this.stopping.abort();
    this.interruption.abort();
  }

  async build(file: string): Promise<void> {
    const { openStore, parts } = this.work;
    const store = await openStore(this.interrupted);
    try {
      const stopped = await buildReadModels({ store, parts, file, signal: this.stopping.signal, progress: this.progress });
      this.post(stopped ? { kind: 'alarm', alarm: alarmOf(stopped) } : { kind: 'built', file });
    } catch (error) {
      this.post({ kind: 'alarm', alarm: alarmOf(error) });
    } finally {
      await store.close();
    }
  }

  /** Until it is told to stop. What may pass is tried again, ever more slowly; what stopped for good waits for the end. */
  async follow(): Promise<void> {
    let retryMs = FIRST_RETRY_MS;
    while (!this.stopping.signal.aborted) {
      const before = this.lastRecord;
      try {
        await this.followOnce();
      } catch (error) {
        if (this.stopping.signal.aborted) return;
        this.alarmed = true;
        this.post({ kind: 'alarm', alarm: alarmOf(error) });
        if (error instanceof ProjectorStopped && error.reason !== 'unwritable') {
          await this.untilTold();
          continue;
        }
        retryMs = this.lastRecord > before ? FIRST_RETRY_MS : Math.min(retryMs * 2, LAST_RETRY_MS);
        await pause(retryMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      }
    }
  }

  private lastRecord = 0;
  private readonly interrupted = (): void => this.post({ kind: 'interrupted' });

  private async followOnce(): Promise<void> {
    const store = await this.work.openStore(this.interrupted);
    let live: Live | undefined;
    try {
      live = await this.openCurrent(store);
      live = await this.agree(live, store);
      // Not before: what was withdrawn must not be read, nor its position be taken for projected.
      this.post({ kind: 'current' });
      this.progress(live.projector.checkpoint);
      while (!this.stopping.signal.aborted) {
        if (this.adopted !== undefined) live = await this.adopt(live, this.adopted, store);
        this.scrub(live.projector);
        await this.subscribe(live.projector, store);
      }
    } catch (error) {
      if (!(error instanceof ForeignPosition) || !live) throw error;
      // Another history: nothing of the file can be kept.
      live.database.close();
      live = undefined;
      await this.buildCurrent(store);
    } finally {
      live?.database.close();
      await store.close();
    }
  }

  private async subscribe(projector: Projector, store: EventStore): Promise<void> {
    this.interruption = new AbortController();
    if (this.stopping.signal.aborted || this.adopted !== undefined) return;
    const { position } = projector.checkpoint;
    for await (const notice of store.subscribe({ ...(position !== undefined && { after: position }), signal: this.interruption.signal })) {
      if (this.interruption.signal.aborted) return;
      const clean = !projector.checkpoint.residues;
      const checkpoint = notice.kind === 'events' ? await applyLog(projector, store, notice.events) : undefined;
      // Before it says how far it is: whoever waits for that finds it well.
      this.allClear();
      if (checkpoint) this.progress(checkpoint);
      else this.post({ kind: 'caught-up' });
      // Texts were withheld just now: what is left of them in the file goes before more is projected.
      if (clean && projector.checkpoint.residues) return;
    }
  }

  /** Leaves nothing of removed texts in the file. Where that cannot be done now, it is done later, and projecting goes on. */
  private scrub(projector: Projector): void {
    if (!projector.checkpoint.residues) return;
    const again = setTimeout(() => this.interruption.abort(), SCRUB_AGAIN_MS).unref();
    try {
      if (projector.scrub()) clearTimeout(again);
      else this.post({ kind: 'residues', message: 'another process reads the read models' });
    } catch (error) {
      this.post({ kind: 'residues', message: (error as Error).message });
    }
    this.progress(projector.checkpoint);
  }

  private async openCurrent(store: EventStore): Promise<Live> {
    // Nothing was being followed when it was built: it is at least as far as the one before, which may be what cannot go on.
    if (this.adopted !== undefined) makeCurrent(this.work.dataDirectory, this.adopted);
    this.adopted = undefined;
    const file = currentFile(this.work.dataDirectory);
    const live = this.openIfContinuable(file);
    if (live && !this.opened) removeOthers(this.work.dataDirectory, file!);
    this.opened = true;
    return live ?? this.open(await this.buildCurrent(store));
  }

  /** @throws ProjectorStopped: what came before the event at which it stopped can be read */
  private async buildCurrent(store: EventStore): Promise<string> {
    const { dataDirectory, parts } = this.work;
    const file = freshFile(dataDirectory);
    const stopped = await buildReadModels({ store, parts, file, signal: this.stopping.signal, progress: this.progress });
    try {
      // Made live before it is named: whoever opens it finds the write-ahead log that readers need.
      inFolder(dirname(file), () => openLive(file).close());
      makeCurrent(dataDirectory, file);
    } catch (error) {
      if (currentFile(dataDirectory) !== file) removeReadModels(file);
      throw error;
    }
    if (!stopped) return file;
    this.post({ kind: 'current' });
    throw stopped;
  }

  private openIfContinuable(file: string | undefined): Live | undefined {
    if (file === undefined) return undefined;
    let database: Database | undefined;
    try {
      database = openLive(file);
      if (isContinuable(database, this.work.parts.schema)) return { database, projector: new Projector(database, this.work.parts) };
    } catch {
      // Read models that cannot be opened are built again: nothing is lost with them.
    }
    database?.close();
    return undefined;
  }

  private open(file: string): Live {
    const database = openLive(file);
    return { database, projector: new Projector(database, this.work.parts) };
  }

  /** Takes back what the store no longer holds; all of it, where texts would have to come back. */
  private async agree(live: Live, store: EventStore): Promise<Live> {
    const { record } = live.projector.checkpoint;
    const agreed = await lastAgreed(live.database, store, record);
    if (agreed === record) return live;
    if (live.projector.canCutBackTo(agreed)) {
      live.projector.cutBackTo(agreed);
      return live;
    }
    live.database.close();
    return this.open(await this.buildCurrent(store));
  }

  /** Goes over to a file that was built meanwhile, once it is as far as the one before. */
  private async adopt(before: Live, file: string, store: EventStore): Promise<Live> {
    this.adopted = undefined;
    let next: Live | undefined;
    try {
      next = this.open(file);
      const { position } = next.projector.checkpoint;
      for await (const events of store.readLog({ ...(position !== undefined && { after: position }) }))
        await applyLog(next.projector, store, events);
      before.database.close();
      makeCurrent(this.work.dataDirectory, file);
    } catch (error) {
      next?.database.close();
      // Nobody would take out of it what is removed later.
      if (currentFile(this.work.dataDirectory) !== file) removeReadModels(file);
      throw error;
    }
    this.post({ kind: 'current' });
    this.progress(next.projector.checkpoint);
    return next;
  }

  /** Resolves once it is told to stop, or to go over to another file: what stopped for good may go on in that one. */
  private async untilTold(): Promise<void> {
    this.interruption = new AbortController();
    const { signal } = this.interruption;
    if (!this.stopping.signal.aborted && this.adopted === undefined)
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  }

  private allClear(): void {
    if (this.alarmed) this.post({ kind: 'all-clear' });
    this.alarmed = false;
  }

  private readonly progress = (checkpoint: Checkpoint): void => {
    this.lastRecord = checkpoint.record;
    this.post({ kind: 'progress', checkpoint });
  };
}

function alarmOf(error: unknown): Alarm {
  if (error instanceof ProjectorStopped) {
    return {
      reason: error.reason,
      message: error.message,
      record: error.record,
      eventId: error.eventId,
      ...(error.reason === 'unwritable' && isLasting(error.cause) && { isLasting: true }),
    };
  }
  if (error instanceof FolderUnusable) return { reason: 'unwritable', message: error.message, ...(error.isLasting && { isLasting: true }) };
  return { reason: 'store', message: error instanceof Error ? error.message : String(error) };
}
