// A record kept by the real parts: commands through the runner, the log in a store, process managers, projected read models.
import { setImmediate } from 'node:timers/promises';
import { Runner, Sealer, type EventStore, type LoggedEvent, type Outcome } from '#event-store';
import {
  ClockGuard,
  derivedId,
  LOG_STREAM,
  streamName,
  type Clock,
  type CommandCommons,
  type CommandOf,
  type JsonObject,
  type Refusal,
  type Role,
  type StoredEvent,
  type Uuid,
} from '#kernel';
import { ProcessManagers } from '#process-managers';
import { Workbench } from '../../libs/read-models/src/testing/workbench.js';
import { catalogue, managers, projections } from '../../apps/api/src/composition.js';

export const START_MS = Date.parse('2026-03-02T20:00:00.000Z');

/** Goes on only when it is told to, so that the same history has the same times. */
export class SteppedClock implements Clock {
  private ms = START_MS;

  now(): number {
    return this.ms;
  }

  monotonic(): number {
    return this.ms - START_MS;
  }

  step(seconds = 1): void {
    this.ms += seconds * 1000;
  }
}

export interface RecordParts {
  store: EventStore;
  writerKey: Buffer;
  /** Fixed ones make a history that is the same to the byte. */
  salts?: () => Buffer;
  /** How many nodes run the process managers: more than one means each on a runner of its own. */
  nodes?: number;
}

/** How a command is sent, beside its input. */
export interface Sent extends CommandCommons {
  role?: Role;
  /** Names the command: the same for one that is repeated. */
  command?: string;
  ifMatch?: number;
  instruction?: { person?: Uuid; by?: { lang: string; text: string }[] };
}

interface Node {
  runner: Runner;
  managers: ProcessManagers;
}

const CLERK = derivedId('history', 'clerk');
const TOKEN = derivedId('history', 'token');

export class KeptRecord {
  readonly clock = new SteppedClock();
  readonly events: LoggedEvent[] = [];
  readonly bench: Workbench;
  /** Commands of process managers that their targets refused. */
  readonly refused: { manager: string; refusal: Refusal }[] = [];
  private readonly nodes: Node[] = [];
  /** What process managers met that is no refusal: here nothing is tried again. */
  private fault: unknown;
  private commands = 0;

  private constructor(private readonly parts: RecordParts) {
    this.bench = new Workbench({ projections, catalogue, writerKey: parts.writerKey });
  }

  /** Over a store whose record 1 is written. Close it. */
  static async open(parts: RecordParts): Promise<KeptRecord> {
    const record = new KeptRecord(parts);
    for (let node = 0; node < (parts.nodes ?? 1); node++) await record.addNode();
    return record;
  }

  /** One more node, which begins at the beginning of the log: it reacts to everything again. */
  async addNode(): Promise<void> {
    const { store, writerKey, salts } = this.parts;
    const runner = new Runner({
      store,
      sealer: new Sealer(writerKey, salts),
      clock: new ClockGuard(this.clock),
      schemaVersion: (type) => catalogue.schemaVersion(type),
      upcast: (type, version, data) => catalogue.upcast(type, version, data as JsonObject),
    });
    const node: Node = {
      runner,
      managers: new ProcessManagers({
        managers,
        runner,
        catalogue,
        store: ownCheckpoints(store),
        readModels: this.bench.reading,
        onRefused: (manager, _trigger, refusal) => this.refused.push({ manager, refusal }),
        onError: (error) => (this.fault = error),
      }),
    };
    let isStarted = false;
    const started = node.managers.start().finally(() => (isStarted = true));
    // It waits for its start events to be projected.
    while (!isStarted) {
      await this.project();
      node.managers.grown();
      await setImmediate();
    }
    await started;
    this.nodes.push(node);
    await this.settle();
  }

  get runner(): Runner {
    return this.nodes[0]!.runner;
  }

  /** Sends a command to an entity's stream, and lets a second pass. */
  async send<Input>(definition: CommandOf<Input>, entity: Uuid, input: Input, sent: Sent = {}): Promise<Outcome> {
    const {
      role = definition.roles.find((each) => each !== 'system') ?? 'admin',
      command = `command ${this.commands++}`,
      ifMatch,
      instruction,
      ...commons
    } = sent;
    const commandId = derivedId('history', command);
    this.clock.step();
    const outcome = await this.runner.submit(definition, {
      stream: definition.on.category === 'log' ? LOG_STREAM : streamName(definition.on.category, entity),
      input,
      commons,
      commandId,
      correlation: derivedId(commandId, 'correlation'),
      actor: { subject: CLERK, token: TOKEN, role: role, name: 'A. Clerk' },
      bodies: 'all',
      ...(ifMatch !== undefined && { ifMatch }),
      ...(instruction && { instruction }),
    });
    if (outcome.kind === 'recorded') assertResourceTouched(definition, entity, input, outcome.events.at(-1)!);
    return outcome;
  }

  /** Projects all that is stored, and lets the process managers of every node react until nothing is left to do. */
  async settle(): Promise<void> {
    for (;;) {
      await this.project();
      const { length } = this.events;
      for (const { managers: each } of this.nodes) await this.handled(each, length);
      if (!(await this.project())) return;
    }
  }

  /** Lets the event loop go round until the process managers have handled so many records. */
  private async handled(processManagers: ProcessManagers, records: number): Promise<void> {
    processManagers.grown();
    while (processManagers.handled < records) {
      await setImmediate();
      if (this.fault) throw this.fault as Error;
    }
  }

  /** Whether process managers have completed so many records by now. */
  areCompleted(records: number): Promise<boolean> {
    return this.nodes[0]!.managers.waitFor(records, 0);
  }

  /** True once process managers have completed so many records. */
  whenCompleted(records: number): Promise<boolean> {
    return this.nodes[0]!.managers.waitFor(records, 60_000);
  }

  /** Reads and projects what is new. Answers whether there was anything. */
  async project(): Promise<boolean> {
    const last = this.events.at(-1);
    const before = this.events.length;
    for await (const events of this.parts.store.readLog(last ? { after: last.position } : {})) this.events.push(...events);
    this.bench.project(this.events);
    return this.events.length > before;
  }

  async close(): Promise<void> {
    for (const { managers: each } of this.nodes) await each.stop();
    this.bench.close();
  }
}

/** What `If-Match` is compared with is what the command changes: else the ETag of its answer is never the one of its resource. */
function assertResourceTouched<Input>(
  { name, on, creates, resource }: CommandOf<Input>,
  entity: Uuid,
  input: Input,
  last: StoredEvent,
): void {
  if (on.category === 'log' || (creates !== undefined && creates !== 'stream' && !resource)) return;
  const touched = on.touches({ ...last, data: JSON.parse(last.data) as object } as never, entity);
  const compared = resource ? resource(input, entity) : entity;
  // What an event makes under its own id was there before for nobody to compare.
  if (!touched.includes(compared) && !touched.includes(last.id))
    throw new Error(`${name} is compared by ${compared}, and its ${last.type} touches ${touched.join(', ')}`);
}

/** The same store for a node of its own: with checkpoints of its own, none of which is there yet. */
function ownCheckpoints(store: EventStore): EventStore {
  const notes = new Map<string, string>();
  return {
    id: store.id,
    checksAre: store.checksAre,
    idsAre: store.idsAre,
    bookkeeping: { read: (key) => Promise.resolve(notes.get(key)), write: (key, value) => Promise.resolve(void notes.set(key, value)) },
    append: (append) => store.append(append),
    readStream: (stream, options) => store.readStream(stream, options),
    readLog: (options) => store.readLog(options),
    subscribe: (options) => store.subscribe(options),
    isAfter: (position, other) => store.isAfter(position, other),
    close: () => store.close(),
  };
}
