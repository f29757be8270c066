// A history moves house: the same records, ids, times and root in another store, and nothing recorded anywhere until all of it is there.
import { setTimeout as pause } from 'node:timers/promises';
import type { StoredEvent } from '#kernel';
import { PROCESS_MANAGERS_KEY } from '#process-managers';
import { arriving, begin, finish, standing } from './begin.js';
import { compare } from './compare.js';
import { openSource, openTarget, type End } from './ends.js';
import { History, type Custody, type Walk } from './history.js';
import { MigrationRefused } from './migration-refused.js';
import { moveNotes } from './move-notes.js';

export interface MigrateOptions extends Custody {
  /** A data directory, or a connection string. */
  from: string;
  to: string;
  now?: () => number;
  /** Records that are handed to the target at once. */
  batch?: number;
  /** Waits until what other nodes of the source had under way is there. */
  settle?: () => Promise<void>;
  /** Told what it does, and how far it is with that. */
  progress?: (step: Step, records: number, of: number) => void;
}

export type Step = 'looking' | 'moving' | 'comparing';

export interface Migrated {
  origin: string;
  from: string;
  to: string;
  records: number;
  /** Hex. */
  root: string;
  /** Records that were there already, of a migration that was cut short. */
  before: number;
  /** Texts that were removed by law: they did not move. */
  withheld: number;
  /** How many records the signer's directory remembers as signed; undefined where it remembers none. */
  lastSigned: number | undefined;
  hasSigningKey: boolean;
  /** Whether an earlier run had moved everything. */
  isRepeated: boolean;
}

const BATCH = 500;
/** Every so many records the target notes how far it is. */
const NOTED_EVERY = 5_000;
/** A node that has not heard that the history leaves may be in the middle of an append, and a leader may take back what it showed. */
const SETTLE_MS = 10_000;

/**
 * Moves everything, or goes on where an earlier run was cut short.
 * @throws MigrationRefused, StoreNotOpened, KeysUnusable, StoreUnavailable, OutcomeUnclear: say it again once what it says is put right
 */
export async function migrate(options: MigrateOptions): Promise<Migrated> {
  const source = await openSource(options.from);
  try {
    const target = await openTarget(options.to);
    try {
      return await new Migration(source, target, options).run();
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

class Migration {
  private records = 0;

  constructor(
    private readonly source: End,
    private readonly target: End,
    private readonly options: MigrateOptions,
  ) {}

  async run(): Promise<Migrated> {
    const { source, target } = this;
    const stands = await standing(source, target);
    const history = await History.of(source, this.options);
    this.records = await this.look(history);
    if (stands === 'finished') return this.movedBefore(history);
    await begin(source, target, this.records);
    try {
      return await this.move(history);
    } catch (error) {
      throw new MigrationRefused(
        `${(error as Error).message}. ${source.place} takes no commands meanwhile: say the same again to go on, or plenary migrate --give-up --from it`,
        { cause: error },
      );
    }
  }

  /** All of the source, before anything is changed. @throws MigrationRefused where a seal or a signed root does not fit */
  private async look(history: History): Promise<number> {
    const walk = history.walk();
    for await (const events of this.source.store.readLog()) {
      for (const event of events) walk.pass(event);
      this.tell('looking', walk.records);
    }
    history.assertSigned(walk);
    return walk.records;
  }

  private async move(history: History): Promise<Migrated> {
    const { source, target } = this;
    await this.destroyRemoved(history);
    const walk = history.walk();
    const { records: before } = await compare(source, target, walk);
    if (before > 0) await arriving(source, target, this.records, before);
    await this.copy(walk);
    if (source.isShared) await this.settle(walk);
    await this.destroyRemoved(history);
    const compared = history.walk();
    const sought = await source.store.bookkeeping.read(PROCESS_MANAGERS_KEY);
    const { records, place } = await compare(source, target, compared, { sought, progress: (count) => this.tell('comparing', count) });
    if (records !== walk.records)
      throw new MigrationRefused(
        `${target.place} holds ${records} records, and ${walk.records} were moved there: it was changed meanwhile`,
      );
    history.assertSigned(compared);
    if (source.isShared) await this.assertStill(walk);
    await moveNotes(source.store.bookkeeping, target.store.bookkeeping, place);
    await finish(source, target, { records, root: compared.root, logEvents: history.logEvents }, (this.options.now ?? Date.now)());
    return this.migrated(history, compared, before, false);
  }

  /** From where the walk is to the end of the source. */
  private async copy(walk: Walk): Promise<void> {
    const { source, target } = this;
    let noted = walk.records;
    for await (const events of source.store.readLog({
      batch: this.options.batch ?? BATCH,
      ...(walk.position !== undefined && { after: walk.position }),
    })) {
      await target.store.moving.receive(events.map((event): StoredEvent => walk.pass(event)));
      this.tell('moving', walk.records);
      if (walk.records - noted < NOTED_EVERY) continue;
      noted = walk.records;
      await arriving(source, target, Math.max(this.records, noted), noted);
    }
  }

  /** Until nothing comes any more from nodes that still ran. */
  private async settle(walk: Walk): Promise<void> {
    for (let before = -1; before !== walk.records;) {
      before = walk.records;
      await (this.options.settle ?? (() => pause(SETTLE_MS)))();
      await this.copy(walk);
    }
  }

  /** @throws MigrationRefused where a node recorded something while all was compared */
  private async assertStill({ position, records }: Walk): Promise<void> {
    for await (const events of this.source.store.readLog({ limit: 1, ...(position !== undefined && { after: position }) })) {
      if (events.length > 0)
        throw new MigrationRefused(
          `record ${records + 1} came to ${this.source.place} meanwhile: a node runs there that has not heard that the history leaves. Stop it`,
        );
    }
  }

  /** Of a removal that a crash cut short, and of one that came while the text was on its way. */
  private async destroyRemoved(history: History): Promise<void> {
    for (const {
      store: { destruction },
    } of [this.source, this.target]) {
      await destruction?.remove(history.removals);
      await destruction?.scrub();
    }
  }

  /** An earlier run came to its end: the target may have gone on, the source must not. */
  private async movedBefore(history: History): Promise<Migrated> {
    const { source, target, records } = this;
    const left = await source.store.moving.read();
    if (left?.kind !== 'left') throw new Error(`${source.place} does not know that its history left`);
    if (left.records !== records) {
      throw new MigrationRefused(
        `${left.records} records were moved to ${target.place} on ${left.at}, and ${source.place} holds ${records}: a node went on recording there. What stands from record ${left.records + 1} on is in no other store`,
      );
    }
    return this.migrated(history, { records, root: left.root, withheld: 0 }, records, true);
  }

  private migrated(
    { installation: { origin, keys }, lastSigned }: History,
    { records, root, withheld }: Pick<Walk, 'records' | 'root' | 'withheld'>,
    before: number,
    isRepeated: boolean,
  ): Migrated {
    return {
      origin,
      from: this.source.place,
      to: this.target.place,
      records,
      root,
      before,
      withheld,
      lastSigned,
      hasSigningKey: keys.signing !== undefined,
      isRepeated,
    };
  }

  private tell(step: Step, records: number): void {
    this.options.progress?.(step, records, Math.max(records, this.records));
  }
}
