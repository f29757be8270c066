// One node: the open log, the runner, the projector and the read models, stopped in the right order.
import type { AccessDays, AccessLog, RemovalExecutor } from '#audit';
import { logDecider, type Installation, type LogState, type Runner, type UnavailableCause } from '#event-store';
import type { ProjectionProgress } from '#http';
import { LOG_STREAM, type ClockGuard } from '#kernel';
import type { ProcessManagers } from '#process-managers';
import type { ProjectorHandle, ReadModels } from '#read-models';
import type { CheckpointWatch } from './ledger/checkpoint-watch.js';
import type { Divergence } from './ledger/compare-with-signed.js';
import type { MissingRecords } from './ledger/missing-records.js';
import type { SignerThread } from './ledger/signer-thread.js';
import type { MembersToday } from './members-today.js';
import type { HeldStore, NodeStore } from './node-store.js';
import { stopAll } from './stop-all.js';

/** What runs in a node, in the order in which it begins. */
export interface NodeParts {
  runner: Runner;
  projector: ProjectorHandle;
  readModels: ReadModels;
  members: MembersToday;
  checkpoints: CheckpointWatch;
  processManagers: ProcessManagers;
  removals: RemovalExecutor;
  /** Undefined where another node signs, or nothing may be signed. */
  signer: SignerThread | undefined;
  accessLog: AccessLog;
  accessDays: AccessDays;
}

export interface NodeGround {
  held: HeldStore;
  /** Its signing key changes while the node runs. */
  installation: Installation;
  clock: ClockGuard;
  /** What the start found where the history is not the one that was signed. */
  divergence: Divergence | undefined;
  /** How often hearing the database began anew, beside the projector's own. */
  interruptions: { count: number };
}

export class PlenaryNode {
  readonly installation: Installation;
  readonly clock: ClockGuard;
  readonly runner: Runner;
  readonly projector: ProjectorHandle;
  readonly readModels: ReadModels;
  readonly members: MembersToday;
  readonly processManagers: ProcessManagers;
  readonly removals: RemovalExecutor;
  readonly signer: SignerThread | undefined;
  readonly checkpoints: CheckpointWatch;
  readonly accessLog: AccessLog;

  /** Of parts that run: see `startNode`. */
  constructor(
    private readonly ground: NodeGround,
    private readonly parts: NodeParts,
  ) {
    this.installation = ground.installation;
    this.clock = ground.clock;
    this.runner = parts.runner;
    this.projector = parts.projector;
    this.readModels = parts.readModels;
    this.members = parts.members;
    this.processManagers = parts.processManagers;
    this.removals = parts.removals;
    this.signer = parts.signer;
    this.checkpoints = parts.checkpoints;
    this.accessLog = parts.accessLog;
  }

  get store(): NodeStore {
    return this.ground.held.store;
  }

  /** The number of the last record, as far as this node knows. */
  lastRecord(): number {
    return lastRecordOf(this.ground.held, this.projector);
  }

  /** Records that are not in the register yet. Where the store does not count, those that this node stored, or that a checkpoint covers. */
  get lag(): number {
    const { record } = this.projector.progress;
    const { lastRecord } = this.ground.held;
    const last = lastRecord ? lastRecord() : Math.max(record + this.projector.behind, this.checkpoints.covered);
    return Math.max(0, last - record);
  }

  /** How often following the log began anew since the start. */
  get interruptions(): number {
    return this.ground.interruptions.count + this.projector.interruptions;
  }

  /** Whether a token is a position of this history. */
  gave(token: string): boolean {
    return this.store.gave(token);
  }

  /** Tells other processes where this node listens. */
  announce(address: string): void {
    this.ground.held.announce(address);
  }

  /** How far the register is, and whether commands may be taken. */
  get progress(): ProjectionProgress {
    const { projector, processManagers, store } = this;
    return {
      waitFor: (position, timeoutMs) => projector.waitFor(position, timeoutMs),
      isAfter: (position, other) => store.isAfter(position, other),
      waitForLag: (records, timeoutMs) => projector.waitForLag(records, timeoutMs),
      waitForCompletions: async (timeoutMs) => {
        this.store.hurry?.();
        // What completes something may have to be completed itself: a decision is rescinded, and then returned what it had approved.
        return (await processManagers.waitFor(this.lastRecord(), timeoutMs)) && processManagers.waitFor(this.lastRecord(), timeoutMs);
      },
      alarm: () => projector.alarm(),
      diverged: () => this.diverged,
    };
  }

  /** The verifier key that the record names last. */
  async keyInForce(): Promise<string> {
    return ((await this.runner.durable(LOG_STREAM, logDecider)).state as LogState).verifierKey;
  }

  /** For whoever is to trust it. Where another node signs, its key may have been replaced meanwhile. */
  get verifierKey(): string {
    const { installation, checkpoints } = this;
    return installation.keys.signing ? installation.verifierKey : (checkpoints.verifierKey ?? installation.verifierKey);
  }

  /** Why nothing may be recorded: the history in the store is not the one that was signed. */
  get diverged(): string | undefined {
    return this.ground.divergence?.message ?? this.signer?.diverged ?? this.checkpoints.diverged;
  }

  /** What the log lost, as far as it matters to who may read what is left; undefined where nothing is missing. */
  get missing(): MissingRecords | undefined {
    return this.ground.divergence?.missing;
  }

  /** Why this node serves reading alone, where it does. */
  get readingOnly(): string | undefined {
    return this.diverged ?? (this.trouble?.reason === 'moved' ? this.trouble.message : undefined);
  }

  /** Why appends fail, for health. */
  get trouble(): { reason: UnavailableCause | 'unclear'; message: string } | undefined {
    return this.store.trouble;
  }

  /** Finishes what is in flight. */
  async stop(): Promise<void> {
    await stopAll([() => stopParts(this.parts), () => this.ground.held.close()]);
  }
}

/** Who records ends before who signs and projects it. @param parts those that began, where a start fails */
export const stopParts = ({
  accessDays,
  processManagers,
  signer,
  checkpoints,
  removals,
  projector,
  readModels,
}: Partial<NodeParts>): Promise<void> =>
  stopAll([
    () => accessDays?.stop(),
    () => processManagers?.stop(),
    () => signer?.stop(),
    () => checkpoints?.stop(),
    () => removals?.stop(),
    () => projector?.stop(),
    () => readModels?.close(),
  ]);

export const lastRecordOf = ({ lastRecord }: HeldStore, projector: ProjectorHandle): number =>
  lastRecord ? lastRecord() : projector.progress.record;
