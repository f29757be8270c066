// The main thread's side of the projector: starts its thread, knows how far it is, and waits for it.
import { on } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Position } from '#event-store';
import type { RecordNumber } from '#kernel';
import { openDatabase, type Database, type Statement } from '#sqlite';
import type { Checkpoint } from '../projector.js';
import { currentFile, freshFile } from '../read-models-file.js';
import { removeReadModels } from './build.js';
import { Lag } from './lag.js';
import type { Alarm, FromProjector, ProjectorTask, ToProjector } from './protocol.js';
import { Waiters } from './waiters.js';

export interface StartProjector {
  dataDirectory: string;
  /** A file that calls `runProjector`. */
  worker: URL;
  /** Structured-cloneable; what the worker file needs to open the store. `projector` is added to it. */
  workerData: object;
  execArgv?: string[];
  onProgress?: (checkpoint: Checkpoint) => void;
  /** The pointer names another file: readers open it again. */
  onCurrent?: () => void;
  onAlarm?: (alarm: Alarm) => void;
  /** Somebody waits for what is not projected yet. */
  onAwaited?: () => void;
}

export const startProjector = (options: StartProjector): ProjectorHandle => new ProjectorHandle(options);

export class ProjectorHandle {
  /** Resolves once there are read models to read; rejects where none can be made, and no trying again helps. They may still lag behind the log. */
  readonly ready: Promise<void>;
  private checkpoint: Checkpoint = { record: 0 as RecordNumber, runningAt: 0 };
  private standing: Alarm | undefined;
  private residuesBecause: string | undefined;
  private interruptionCount = 0;
  private readonly waiters = new Waiters();
  private readonly lag: Lag;
  private readonly follower: Worker;
  private readonly ended: Promise<void>;
  private reading: { database: Database; at: Statement<{ record: RecordNumber }> } | undefined;
  private rebuilding: Promise<void> | undefined;
  private builder: Worker | undefined;
  private stopping = false;
  private hasEnded = false;

  constructor(private readonly options: StartProjector) {
    this.lag = new Lag((position) => this.isProjected(position));
    this.follower = this.spawn({ kind: 'follow' });
    this.ready = new Promise((resolve, reject) => {
      this.follower.on('message', (message: FromProjector) => {
        this.receive(message);
        if (message.kind === 'current') resolve();
        if (message.kind === 'alarm' && !this.reading && !mayPass(message.alarm)) reject(new Error(message.alarm.message));
      });
      this.follower.on('exit', () => reject(new Error('the projector ended')));
    });
    this.ready.catch(() => undefined);
    this.follower.on('error', (error) => this.raise({ reason: 'failed', message: error.message }));
    this.ended = new Promise((resolve) =>
      this.follower.on('exit', () => {
        this.hasEnded = true;
        resolve();
      }),
    );
    void this.ended.then(() => {
      if (!this.stopping && !this.standing) this.raise({ reason: 'failed', message: 'the projector ended' });
    });
  }

  get progress(): Readonly<Checkpoint> {
    return this.checkpoint;
  }

  /** Why it stopped or cannot go on, or undefined while it runs. */
  alarm(): string | undefined {
    return this.standing?.message;
  }

  get standingAlarm(): Alarm | undefined {
    return this.standing;
  }

  /** How often following the log began anew since the start. */
  get interruptions(): number {
    return this.interruptionCount;
  }

  /** How many of the events that this node has stored wait. */
  get behind(): number {
    return this.lag.behind;
  }

  /**
   * Resolves true once the position or record is projected, and thus can be read; false when the time is over. `progress` may
   * say so a little later.
   */
  waitFor(what: Position | RecordNumber, timeoutMs: number): Promise<boolean> {
    return this.wait(typeof what === 'number' ? () => this.checkpoint.record >= what : () => this.isProjected(what), timeoutMs);
  }

  /** Why removed texts may still lie in free space of the read models; undefined where they do not. */
  get residues(): string | undefined {
    return this.checkpoint.residues ? (this.residuesBecause ?? 'the read models are being written anew') : undefined;
  }

  /** Resolves true once the record is projected and nothing of what was removed is left in the file, false when the time is over. */
  waitForScrub(record: RecordNumber, timeoutMs: number): Promise<boolean> {
    return this.wait(() => this.checkpoint.record >= record && !this.checkpoint.residues, timeoutMs);
  }

  /** Tells of events that this node has stored: what `waitForLag` reckons with. */
  appended(position: Position, events: number): void {
    this.lag.appended(position, events);
  }

  /** Resolves true once fewer than so many of the events that this node stored wait, false when the time is over. */
  waitForLag(records: number, timeoutMs: number): Promise<boolean> {
    return this.wait(() => this.lag.isBelow(records), timeoutMs);
  }

  private wait(isMet: () => boolean, timeoutMs: number): Promise<boolean> {
    const waiting = this.waiters.wait(isMet, timeoutMs);
    if (this.waiters.areWaiting) this.options.onAwaited?.();
    return waiting;
  }

  /** Builds the read models again beside those that serve, and goes over to them. @throws where it cannot */
  rebuild(): Promise<void> {
    this.rebuilding ??= this.buildBeside().finally(() => (this.rebuilding = undefined));
    return this.rebuilding;
  }

  /** Resolves when the threads have ended. Idempotent. A thread in the middle of a query is never terminated. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.tell(this.follower, { kind: 'stop' });
    if (this.builder) this.tell(this.builder, { kind: 'stop' });
    await this.rebuilding?.catch(() => undefined);
    await this.ended;
    this.waiters.giveUp();
    this.reading?.database.close();
    this.reading = undefined;
  }

  private async buildBeside(): Promise<void> {
    await this.ready;
    this.assertFollowing();
    const file = freshFile(this.options.dataDirectory);
    this.builder = this.spawn({ kind: 'build', file });
    try {
      await outcome(this.builder, 'built');
    } finally {
      this.builder = undefined;
    }
    try {
      this.assertFollowing();
      const adopted = outcome(this.follower, 'current');
      this.tell(this.follower, { kind: 'adopt', file });
      await adopted;
    } catch (error) {
      if (this.stopping || this.hasEnded) await this.removeUnadopted(file);
      throw error;
    }
  }

  /** A thread that has ended says so to nobody any more. */
  private assertFollowing(): void {
    if (this.stopping || this.hasEnded) throw new Error('the projector ended');
  }

  /** Not before the follower has ended: it may still be going over to it. */
  private async removeUnadopted(file: string): Promise<void> {
    await this.ended;
    if (currentFile(this.options.dataDirectory) !== file) removeReadModels(file);
  }

  private receive(message: FromProjector): void {
    if (message.kind === 'alarm') return this.raise(message.alarm);
    if (message.kind === 'all-clear') this.standing = undefined;
    if (message.kind === 'interrupted') this.interruptionCount += 1;
    if (message.kind === 'residues') this.residuesBecause = message.message;
    if (message.kind === 'current') {
      this.reopen();
      this.options.onCurrent?.();
    }
    if (message.kind === 'progress') {
      this.checkpoint = message.checkpoint;
      if (!message.checkpoint.residues) this.residuesBecause = undefined;
      this.options.onProgress?.(message.checkpoint);
    }
    this.waiters.look();
  }

  private raise(alarm: Alarm): void {
    this.standing = alarm;
    this.options.onAlarm?.(alarm);
  }

  private isProjected(position: Position): boolean {
    return position === this.checkpoint.position || this.reading?.at.get(position) !== undefined;
  }

  private reopen(): void {
    this.reading?.database.close();
    const database = openDatabase(currentFile(this.options.dataDirectory)!, { mode: 'read-only' });
    this.reading = { database, at: database.prepare('SELECT record FROM log WHERE position = ?') };
  }

  private spawn(task: ProjectorTask): Worker {
    const { worker, workerData, execArgv } = this.options;
    return new Worker(worker, { workerData: { ...workerData, projector: task }, ...(execArgv && { execArgv }) });
  }

  private tell(worker: Worker, message: ToProjector): void {
    worker.postMessage(message);
  }
}

const mayPass = ({ reason, isLasting }: Alarm): boolean => reason === 'store' || (reason === 'unwritable' && !isLasting);

/** Resolves with a thread's next message of a kind; rejects where it raises an alarm, fails or ends before. */
async function outcome(worker: Worker, kind: FromProjector['kind']): Promise<void> {
  const listening = new AbortController();
  const { signal } = listening;
  try {
    for await (const [message] of on(worker, 'message', { signal, close: ['exit'] }) as AsyncIterable<[FromProjector]>) {
      if (message.kind === kind) return;
      if (message.kind === 'alarm') throw new Error(message.alarm.message);
    }
    throw new Error('the projector ended');
  } finally {
    listening.abort();
  }
}
