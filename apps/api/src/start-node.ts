// Starts a node: looks at the history, then begins the parts, each once what it rests on is there. What a start that fails began, ends with it.
import { join } from 'node:path';
import { AccessDays, AccessLog, RemovalExecutor } from '#audit';
import { nameOfHistory, Runner, Sealer, type RunnerParts } from '#event-store';
import { systemClock, type Clock, type JsonObject } from '#kernel';
import { ProcessManagers, type ProcessManagersParts } from '#process-managers';
import { currentFile, ReadModels, startProjector, type Alarm, type ProjectorHandle } from '#read-models';
import { catalogue, managers, schema } from './composition.js';
import type { Configuration } from './configuration.js';
import { CheckpointWatch } from './ledger/checkpoint-watch.js';
import { KeptCheckpoint } from './ledger/kept-checkpoint.js';
import { SignerThread, signingAs } from './ledger/signer-thread.js';
import { takeGivenSnapshot } from './ledger/snapshots.js';
import { MembersToday } from './members-today.js';
import { namedByAny } from './named-by-any.js';
import { NamedMatter } from './named-matter.js';
import { holdStore, type HeldStore, type NodeStore, type StoreLocation } from './node-store.js';
import { openHistory, type OpenedHistory } from './open-history.js';
import { lastRecordOf, PlenaryNode, stopParts, type NodeParts } from './plenary-node.js';
import type { ProjectorWorkerData } from './projector.worker.js';

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
  /** Aborted, it ends a start that is held up, or still makes read models; one that is over by then it ends no more. */
  ending?: AbortSignal;
}

/** @throws StoreNotOpened, KeysUnusable, the reason of `ending`, and whatever keeps the read models from being made */
export async function startNode(configuration: Configuration, options: NodeOptions = {}): Promise<PlenaryNode> {
  let start: NodeStart | undefined;
  const interruptions = { count: 0 };
  const held = await holdStore(locationOf(configuration), {
    onEndangered: options.onEndangered ?? (() => undefined),
    onRemoved: () => start?.begun.removals?.forget(),
    onInterrupted: () => (interruptions.count += 1),
    onTokenRecorded: (stream) => start?.begun.runner?.forget(stream),
  });
  try {
    const history = await openHistory(held, configuration, options.clock ?? systemClock);
    const { installation, clock, divergence } = history;
    if (divergence) options.onSignerAlarm?.(divergence.message);
    start = new NodeStart(held, history, configuration, options);
    return new PlenaryNode({ held, installation, clock, divergence, interruptions }, await start.run());
  } catch (error) {
    // What failed is why it does not start, whatever its parts meet when they end.
    if (start) await stopParts(start.begun).catch(() => undefined);
    await held.close().catch(() => undefined);
    // Parts that are ended while they begin fail.
    options.ending?.throwIfAborted();
    throw error;
  }
}

class NodeStart {
  /** What runs so far. The parts know of each other by it: those that began first call those that come later. */
  readonly begun: Partial<NodeParts> = {};
  private namedMatter: NamedMatter | undefined;

  constructor(
    private readonly held: HeldStore,
    private readonly history: OpenedHistory,
    private readonly configuration: Configuration,
    private readonly options: NodeOptions,
  ) {}

  async run(): Promise<NodeParts> {
    const {
      begun,
      configuration,
      history: { installation, divergence },
      options: { onSnapshot },
    } = this;
    const { store } = this.held;
    const runner = (begun.runner = this.runner());
    await takeGivenSnapshot(configuration, store, installation, onSnapshot);
    const projector = (begun.projector = this.projector());
    await this.made(projector);
    const members = new MembersToday(this.wall);
    const readModels = (begun.readModels = new ReadModels({
      schema,
      file: () => currentFile(configuration.data)!,
      isMember: (body, organisation) => members.isMember(body, organisation),
      clock: this.wall,
    }));
    this.namedMatter = new NamedMatter(readModels, (timeoutMs) => caughtUp(store, projector, timeoutMs));
    const checkpoints = (begun.checkpoints = this.watchOver(projector, readModels));
    // Before anything is recorded: a database that was put back whole gives the numbers of signed records to others.
    await checkpoints.look();
    const mayRecord = store.canWrite && !divergence;
    const processManagers = (begun.processManagers = this.processManagers(runner, readModels));
    if (mayRecord) await processManagers.start();
    const removals = (begun.removals = await this.removals(projector));
    // A log that lost its end is not signed, and may not even name the key that signed it last.
    const signer = (begun.signer = divergence ? undefined : this.signer(projector));
    checkpoints.start();
    const accessLog = AccessLog.open(join(configuration.data, 'access'), () => this.wall.now());
    const accessDays = (begun.accessDays = new AccessDays(accessLog, runner, this.heldUp));
    if (mayRecord) await accessDays.start();
    return { runner, projector, readModels, members, checkpoints, processManagers, removals, signer, accessLog, accessDays };
  }

  /** Resolves once there are read models to read. */
  private async made(projector: ProjectorHandle): Promise<void> {
    const { ending } = this.options;
    const end = (): void => void projector.stop();
    ending?.addEventListener('abort', end);
    try {
      ending?.throwIfAborted();
      await projector.ready;
    } finally {
      ending?.removeEventListener('abort', end);
    }
  }

  private get wall(): Clock {
    return this.options.clock ?? systemClock;
  }

  /** Why nothing may be recorded, since the start. */
  private readonly heldUp = (): string | undefined => this.begun.signer?.diverged ?? this.begun.checkpoints?.diverged;

  private runner(): Runner {
    const {
      begun,
      held: { store },
      history: { installation, clock },
      options: { onAnswered, onAppended },
    } = this;
    return new Runner({
      store,
      sealer: new Sealer(installation.keys.writer),
      clock,
      schemaVersion: (type) => catalogue.schemaVersion(type),
      upcast: (type, version, data) => catalogue.upcast(type, version, data as JsonObject),
      namedByAny,
      mayKnow: (submission) => this.namedMatter?.mayKnow(submission),
      lastPosition: async () => (await store.lastEvent())?.position,
      onAppended: (position, events, took) => {
        begun.projector?.appended(position, events.length);
        onAppended?.(position, events, took);
        // What a meeting said is signed when it is over, and not some seconds later.
        if (events.some(({ type }) => type === 'meeting-concluded')) void begun.signer?.sign();
      },
      ...(onAnswered && { onAnswered }),
    });
  }

  private projector(): ProjectorHandle {
    const {
      begun,
      configuration,
      held: { store },
      history: { installation, clock },
      options: { onAlarm, workerExecArgv },
    } = this;
    return startProjector({
      dataDirectory: configuration.data,
      worker: new URL(import.meta.url.endsWith('.ts') ? './projector.worker.ts' : './projector.worker.js', import.meta.url),
      workerData: {
        location: locationOf(configuration),
        writerKey: installation.keys.writer.toString('hex'),
      } satisfies ProjectorWorkerData,
      onCurrent: () => begun.readModels?.reopen(),
      onProgress: ({ runningAt }) => {
        clock.observeProjected(runningAt);
        begun.processManagers?.grown();
      },
      onAwaited: () => store.hurry?.(),
      ...(onAlarm && { onAlarm }),
      ...(workerExecArgv && { execArgv: workerExecArgv }),
    });
  }

  private processManagers(runner: Runner, readModels: ReadModels): ProcessManagers {
    const {
      held: { store },
      heldUp,
      options: { onRefused = () => undefined, onError = () => undefined },
    } = this;
    return new ProcessManagers({ managers, store, runner, readModels, catalogue, heldUp, onRefused, onError });
  }

  /** Before anybody reads: what a crash or a restore brought back is withheld again. */
  private async removals(projector: ProjectorHandle): Promise<RemovalExecutor> {
    const {
      held: { store, local },
      history: { hasLeft, movedRevisions },
    } = this;
    const removals = new RemovalExecutor({
      store,
      projector,
      caughtUp: (timeoutMs) => caughtUp(store, projector, timeoutMs),
      ...(movedRevisions !== undefined && { movedRevisions }),
    });
    this.begun.removals = removals;
    if (store.canWrite || (hasLeft && !local)) await removals.withhold();
    return removals;
  }

  /** Only a node that has the signing key signs; the others serve what it publishes. */
  private signer(projector: ProjectorHandle): SignerThread | undefined {
    const {
      configuration,
      held,
      history: {
        installation: { keys, origin, formerKeys },
      },
      options: { onSignerAlarm = () => undefined, workerExecArgv },
    } = this;
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
      onAlarm: onSignerAlarm,
      ...(workerExecArgv && { execArgv: workerExecArgv }),
    });
  }

  /** On a database alone it keeps what it compared: in a directory the signer's own stands beside the log. */
  private watchOver(projector: ProjectorHandle, register: ReadModels): CheckpointWatch {
    const {
      configuration,
      held: { store, local },
      history: {
        installation: {
          origin,
          keys: { writer },
        },
      },
      options: { onSignerAlarm },
    } = this;
    return new CheckpointWatch({
      bookkeeping: store.bookkeeping,
      register,
      origin,
      keys: async () => (await nameOfHistory(store, writer))?.verifierKeys ?? [],
      now: () => performance.now(),
      hasCaughtUp: () => caughtUp(store, projector, CAUGHT_UP_WITHIN_MS),
      ...(!local && { kept: new KeptCheckpoint(configuration.data) }),
      ...(onSignerAlarm && { onDiverged: onSignerAlarm }),
    });
  }
}

const locationOf = ({ data, eventStore }: Configuration): StoreLocation => ({
  directory: data,
  ...(eventStore !== undefined && { url: eventStore }),
});

async function caughtUp(store: NodeStore, projector: ProjectorHandle, timeoutMs: number): Promise<boolean> {
  const last = await store.lastEvent();
  return last === undefined || projector.waitFor(last.position, timeoutMs);
}
