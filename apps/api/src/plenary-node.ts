// One node: the open log, the runner, the projector and the read models, started and stopped in the right order.
import { join } from 'node:path';
import { AccessDays, AccessLog, RemovalExecutor } from '#audit';
import { closedBy, logDecider, nameOfHistory, openLog, Runner, Sealer, withSigningKey, type Installation, type LogState, type RunnerParts, type UnavailableCause } from '#event-store';
import type { ProjectionProgress } from '#http';
import { ClockGuard, LOG_STREAM, systemClock, type Clock, type JsonObject } from '#kernel';
import { currentFile, ReadModels, startProjector, type Alarm, type ProjectorHandle } from '#read-models';
import { ProcessManagers, type ProcessManagersParts } from '#process-managers';
import { verifyCopied } from './backup/verify-copied.js';
import { catalogue, managers, schema } from './composition.js';
import type { Configuration } from './configuration.js';
import { CheckpointWatch } from './ledger/checkpoint-watch.js';
import { assertNotLost, findDivergence, type Divergence } from './ledger/compare-with-signed.js';
import { assertNotEmptied, KeptCheckpoint } from './ledger/kept-checkpoint.js';
import type { MissingRecords } from './ledger/missing-records.js';
import { SignerThread, signingAs } from './ledger/signer-thread.js';
import { takeGivenSnapshot } from './ledger/snapshots.js';
import { MembersToday } from './members-today.js';
import { namedByAny } from './named-by-any.js';
import { NamedMatter } from './named-matter.js';
import { assertWhole } from './migration/assert-whole.js';
import { holdStore, type HeldStore, type NodeStore, type StoreLocation } from './node-store.js';
import type { ProjectorWorkerData } from './projector.worker.js';
import { stopAll } from './stop-all.js';

/** How long the watch over checkpoints waits for a register that is behind before it says so. */
const CAUGHT_UP_WITHIN_MS = 2_000;

export interface NodeOptions {
  clock?: Clock;
  /** With which the threads of TypeScript sources start, in tests. */
  workerExecArgv?: string[];
  onAlarm?: (alarm: Alarm) => void;
  /** Told of a process manager's command that its target refused. */
  onRefused?: ProcessManagersParts['onRefused'];
  onError?: (error: unknown) => void;
  /** Told when nothing can be signed, or may be any more. */
  onSignerAlarm?: (message: string) => void;
  /** Told what became of the snapshot with which the node was to begin. */
  onSnapshot?: (taken: { record: number } | { refused: string }) => void;
  /** Told of every command as it is answered, and of every append. */
  onAnswered?: RunnerParts['onAnswered'];
  onAppended?: RunnerParts['onAppended'];
  /** Told when somebody changes the record's streams in the database. */
  onEndangered?: (message: string) => void;
}

export class PlenaryNode {
  private constructor(
    private readonly held: HeldStore,
    /** Its signing key changes while the node runs. */
    readonly installation: Installation,
    readonly clock: ClockGuard,
    readonly runner: Runner,
    readonly projector: ProjectorHandle,
    readonly readModels: ReadModels,
    readonly members: MembersToday,
    readonly processManagers: ProcessManagers,
    readonly signer: SignerThread | undefined,
    readonly checkpoints: CheckpointWatch,
    readonly removals: RemovalExecutor,
    readonly accessLog: AccessLog,
    readonly accessDays: AccessDays,
    /** What the start found. */
    private readonly divergence: Divergence | undefined,
    private readonly ownInterruptions: { count: number },
  ) {}

  /** @throws StoreNotOpened, KeysUnusable, and whatever keeps the read models from being made */
  static async start(configuration: Configuration, options: NodeOptions = {}): Promise<PlenaryNode> {
    const clock = options.clock ?? systemClock;
    let node: PlenaryNode | undefined;
    const interruptions = { count: 0 };
    const held = await holdStore(locationOf(configuration), {
      onEndangered: options.onEndangered ?? (() => undefined),
      onRemoved: () => node?.removals.forget(),
      onInterrupted: () => (interruptions.count += 1),
      onTokenRecorded: (stream) => node?.runner.forget(stream),
    });
    try {
      node = await this.startOn(held, configuration, clock, options, interruptions);
      return node;
    } catch (error) {
      await held.close().catch(() => undefined);
      throw error;
    }
  }

  private static async startOn(held: HeldStore, configuration: Configuration, clock: Clock, options: NodeOptions, interruptions: { count: number }): Promise<PlenaryNode> {
    const { store, local } = held;
    const move = await store.moving.read();
    assertWhole(move);
    // It goes on elsewhere, and was compared with what was signed before it left.
    const hasLeft = closedBy(move) !== undefined;
    if (local && !hasLeft) assertNotLost(local, configuration.data, configuration.signer);
    if (!local) await assertNotEmptied(store, configuration.data);
    if (local) await verifyCopied(local, configuration);
    const opened = await openLog(store, configuration.keys, configuration.newOrigin, clock.now());
    // Before anything can be recorded: on an older copy it would take the numbers of records that were signed.
    const divergence = hasLeft || !local ? undefined : await findDivergence(local, configuration.signer, opened.origin);
    if (divergence) options.onSignerAlarm?.(divergence.message);
    const installation = divergence || hasLeft ? opened : withSigningKey(opened, configuration.keys);
    const guard = new ClockGuard(clock);
    await observeLast(store, guard);
    const runner = new Runner({
      store,
      sealer: new Sealer(installation.keys.writer),
      clock: guard,
      schemaVersion: (type) => catalogue.schemaVersion(type),
      upcast: (type, version, data) => catalogue.upcast(type, version, data as JsonObject),
      namedByAny,
      mayKnow: (submission, of) => namedMatter?.mayKnow(submission, of) ?? Promise.resolve(true),
      lastPosition: async () => (await store.lastEvent())?.position,
      onAppended: (position, events, took) => {
        projector.appended(position, events.length);
        options.onAppended?.(position, events, took);
        // What a meeting said is signed when it is over, and not some seconds later.
        if (events.some(({ type }) => type === 'meeting-concluded')) void signer?.sign();
      },
      ...(options.onAnswered && { onAnswered: options.onAnswered }),
    });
    await takeGivenSnapshot(configuration, store, installation, options.onSnapshot);
    let readModels: ReadModels | undefined;
    let namedMatter: NamedMatter | undefined;
    let processManagers: ProcessManagers | undefined;
    let signer: SignerThread | undefined;
    let checkpoints: CheckpointWatch | undefined;
    let removals: RemovalExecutor | undefined;
    let accessDays: AccessDays | undefined;
    const projector: ProjectorHandle = startProjector({
      dataDirectory: configuration.data,
      worker: new URL(import.meta.url.endsWith('.ts') ? './projector.worker.ts' : './projector.worker.js', import.meta.url),
      workerData: { location: locationOf(configuration), writerKey: installation.keys.writer.toString('hex') } satisfies ProjectorWorkerData,
      onCurrent: () => readModels?.reopen(),
      onProgress: ({ runningAt }) => {
        guard.observeProjected(runningAt);
        processManagers?.grown();
      },
      onAwaited: () => store.hurry?.(),
      ...(options.onAlarm && { onAlarm: options.onAlarm }),
      ...(options.workerExecArgv && { execArgv: options.workerExecArgv }),
    });
    try {
      await projector.ready;
      const members = new MembersToday(clock);
      readModels = new ReadModels({ schema, file: () => currentFile(configuration.data)!, isMember: (body, organisation) => members.isMember(body, organisation), clock });
      namedMatter = new NamedMatter(readModels, (timeoutMs) => caughtUp(store, projector, timeoutMs));
      checkpoints = watchOver(held, projector, readModels, installation, configuration, options);
      // Before anything is recorded: a database that was put back whole gives the numbers of signed records to others.
      await checkpoints.look();
      const heldUp = (): string | undefined => signer?.diverged ?? checkpoints?.diverged;
      processManagers = new ProcessManagers({ managers, store, runner, readModels, catalogue, heldUp, onRefused: options.onRefused ?? (() => undefined), onError: options.onError ?? (() => undefined) });
      if (store.canWrite && !divergence) await processManagers.start();
      removals = new RemovalExecutor({ store, projector, caughtUp: (timeoutMs) => caughtUp(store, projector, timeoutMs), ...(move?.kind === 'arrived' && { movedRevisions: move.logEvents }) });
      // Before anybody reads: what a crash or a restore brought back is withheld again.
      if (store.canWrite || (hasLeft && !local)) await removals.withhold();
      // A log that lost its end is not signed, and may not even name the key that signed it last.
      signer = divergence ? undefined : startSigner(held, projector, installation, configuration, options);
      checkpoints.start();
      const accessLog = AccessLog.open(join(configuration.data, 'access'), () => clock.now());
      accessDays = new AccessDays(accessLog, runner, heldUp);
      if (store.canWrite && !divergence) await accessDays.start();
      return new PlenaryNode(held, installation, guard, runner, projector, readModels, members, processManagers, signer, checkpoints, removals, accessLog, accessDays, divergence, interruptions);
    } catch (error) {
      // What failed is why it does not start, whatever its parts meet when they end.
      await stopParts({ accessDays, processManagers, signer, checkpoints, removals, projector, readModels }).catch(() => undefined);
      throw error;
    }
  }

  get store(): NodeStore {
    return this.held.store;
  }

  /** The number of the last record, as far as this node knows. */
  lastRecord(): number {
    return lastRecordOf(this.held, this.projector);
  }

  /** Records that are not in the register yet. Where the store does not count, those that this node stored, or that a checkpoint covers. */
  get lag(): number {
    const { record } = this.projector.progress;
    const last = this.held.lastRecord ? this.held.lastRecord() : Math.max(record + this.projector.behind, this.checkpoints.covered);
    return Math.max(0, last - record);
  }

  /** How often following the log began anew since the start. */
  get interruptions(): number {
    return this.ownInterruptions.count + this.projector.interruptions;
  }

  /** Whether a token is a position of this history. */
  gave(token: string): boolean {
    return this.store.gave(token);
  }

  /** Tells other processes where this node listens. */
  announce(address: string): void {
    this.held.announce(address);
  }

  /** How far the register is, and whether commands may be taken. */
  get progress(): ProjectionProgress {
    const { projector, processManagers } = this;
    return {
      waitFor: (position, timeoutMs) => projector.waitFor(position, timeoutMs),
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
    return this.divergence?.message ?? this.signer?.diverged ?? this.checkpoints.diverged;
  }

  /** What the log lost, as far as it matters to who may read what is left; undefined where nothing is missing. */
  get missing(): MissingRecords | undefined {
    return this.divergence?.missing;
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
    await stopAll([() => stopParts(this), () => this.held.close()]);
  }
}

interface NodeParts {
  accessDays: AccessDays | undefined;
  processManagers: ProcessManagers | undefined;
  signer: SignerThread | undefined;
  checkpoints: CheckpointWatch | undefined;
  removals: RemovalExecutor | undefined;
  projector: ProjectorHandle;
  readModels: ReadModels | undefined;
}

/** Who records ends before who signs and projects it. */
const stopParts = ({ accessDays, processManagers, signer, checkpoints, removals, projector, readModels }: NodeParts): Promise<void> =>
  stopAll([
    () => accessDays?.stop(), () => processManagers?.stop(), () => signer?.stop(), () => checkpoints?.stop(), () => removals?.stop(),
    () => projector.stop(), () => readModels?.close(),
  ]);

/** Only a node that has the signing key signs; the others serve what it publishes. */
function startSigner(held: HeldStore, projector: ProjectorHandle, { keys, origin, formerKeys }: Installation, configuration: Configuration, options: NodeOptions): SignerThread | undefined {
  const { store } = held;
  if (!keys.signing || !store.canWrite) return undefined;
  return new SignerThread({
    data: {
      location: locationOf(configuration),
      signerDirectory: configuration.signer,
      origin,
      writerKey: keys.writer.toString('hex'),
      ...signingAs(keys.signing, formerKeys),
    },
    bookkeeping: store.bookkeeping,
    lastRecord: () => lastRecordOf(held, projector),
    onAlarm: options.onSignerAlarm ?? (() => undefined),
    ...(options.workerExecArgv && { execArgv: options.workerExecArgv }),
  });
}

/** On a database alone it keeps what it compared: in a directory the signer's own stands beside the log. */
function watchOver({ store, local }: HeldStore, projector: ProjectorHandle, register: ReadModels, { origin, keys: { writer } }: Installation, { data }: Configuration, { onSignerAlarm }: NodeOptions): CheckpointWatch {
  return new CheckpointWatch({
    bookkeeping: store.bookkeeping,
    register,
    origin,
    keys: async () => (await nameOfHistory(store, writer))?.verifierKeys ?? [],
    now: () => performance.now(),
    hasCaughtUp: () => caughtUp(store, projector, CAUGHT_UP_WITHIN_MS),
    ...(!local && { kept: new KeptCheckpoint(data, origin) }),
    ...(onSignerAlarm && { onDiverged: onSignerAlarm }),
  });
}

/** A wall clock that lies behind the last record is found out at the first command. */
async function observeLast(store: NodeStore, guard: ClockGuard): Promise<void> {
  const last = await store.lastEvent();
  if (last) guard.observe(last.recordedAt);
}

const locationOf = ({ data, eventStore }: Configuration): StoreLocation => ({ directory: data, ...(eventStore !== undefined && { url: eventStore }) });

const lastRecordOf = ({ lastRecord }: HeldStore, projector: ProjectorHandle): number => (lastRecord ? lastRecord() : projector.progress.record);

async function caughtUp(store: NodeStore, projector: ProjectorHandle, timeoutMs: number): Promise<boolean> {
  const last = await store.lastEvent();
  return last === undefined || projector.waitFor(last.position, timeoutMs);
}
