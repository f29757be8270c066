// What is moved, as the source holds it: read once from its first record to its last before anything is changed.
import {
  findForgery,
  nodeHashes,
  openLog,
  removedValues,
  withSigningKey,
  type Installation,
  type LoggedEvent,
  type Position,
  type RemovedValue,
} from '#event-store';
import { LOG_STREAM, type StoredEvent } from '#kernel';
import { equalBytes, parseCheckpoint, TreeEdge, type Checkpoint } from '#ledger/core';
import { LEDGER_KEY } from '#ledger/writer';
import { SignedHistory } from '../ledger/recovery/signed-history.js';
import { holdsRecords, type End } from './ends.js';
import { MigrationRefused } from './migration-refused.js';

export interface Custody {
  keys: string;
  signer: string;
}

/** A checkpoint that the history must go through, and who remembers it. */
interface Signed {
  checkpoint: Checkpoint;
  by: string;
}

export class History {
  /** Sealed values that the record removed, and their hashes: they are not moved. */
  readonly removals: RemovedValue[] = [];
  readonly removed = new Set<string>();
  /** Events in stream `log`. */
  logEvents = 0;

  private constructor(
    readonly installation: Installation,
    private readonly signed: readonly Signed[],
    /** Of the signer's directory, where it remembers one. */
    readonly lastSigned: number | undefined,
  ) {}

  /** @throws MigrationRefused, KeysUnusable, StoreNotOpened (the signer's directory is not whole) */
  static async of(source: End, { keys, signer }: Custody): Promise<History> {
    const { store, place } = source;
    if (!(await holdsRecords(store))) throw new MigrationRefused(`${place} holds no record: there is nothing to move`);
    const opened = await openLog(store, keys, '', Date.now());
    // What goes on elsewhere was compared before it left; since then more may have been signed, and by another key.
    const hasLeft = (await store.moving.read())?.kind === 'left';
    const installation = hasLeft ? opened : await withSigningKey(opened, keys);
    const signed = hasLeft ? [] : await signedOf(source, installation, signer);
    const history = new History(installation, signed, signed.find(({ by }) => by === signer)?.checkpoint.size);
    await history.readRemovals(store);
    return history;
  }

  /** A reading of the history from the beginning, whoever reads it. */
  walk(): Walk {
    return new Walk(this);
  }

  /** @throws MigrationRefused where the history is not the one that was signed */
  assertSigned(walk: Walk): void {
    for (const {
      checkpoint: { size },
      by,
    } of this.signed) {
      if (size > walk.records)
        throw new MigrationRefused(
          `the log ends with record ${walk.records}, and ${size} were signed, as ${by} says: it lost its end. Put it back with plenary recover before it is moved`,
        );
    }
  }

  /** @throws MigrationRefused */
  compareAt(size: number, edge: TreeEdge): void {
    for (const { checkpoint, by } of this.signed) {
      if (checkpoint.size === size && !equalBytes(edge.root(), checkpoint.root))
        throw new MigrationRefused(
          `the first ${size} records do not hash to the root that was signed, as ${by} says: the record was changed`,
        );
    }
  }

  /** Of stream `log`: removals name what is not to move. */
  note(event: StoredEvent): void {
    if (event.stream === LOG_STREAM) this.logEvents = Math.max(this.logEvents, event.revision + 1);
    for (const value of removedValues(event)) {
      if (!this.removed.has(value.hash)) this.removals.push(value);
      this.removed.add(value.hash);
    }
  }

  private async readRemovals(store: End['store']): Promise<void> {
    const { writer } = this.installation.keys;
    for await (const events of store.readStream(LOG_STREAM)) {
      for (const event of events) if (!findForgery(writer, event)) this.note(event);
    }
  }
}

/** @throws MigrationRefused, StoreNotOpened */
async function signedOf({ store, place }: End, { origin, verifierKey, formerKeys, keys }: Installation, signer: string): Promise<Signed[]> {
  const signed: Signed[] = [];
  const remembered = SignedHistory.open(signer);
  if (remembered && remembered.size > 0) {
    if (remembered.checkpoint.origin !== origin)
      throw new MigrationRefused(
        `${signer} remembers checkpoints of ${remembered.checkpoint.origin}, and the history is that of ${origin}: PLENARY_SIGNER_DIR names another one's directory`,
      );
    remembered.prove([...formerKeys, verifierKey]);
    signed.push({ checkpoint: remembered.checkpoint, by: signer });
  }
  const published = await store.bookkeeping.read(LEDGER_KEY);
  // Whoever signs could not go on without it, and nothing else shows a log that was rolled back as a whole.
  if (published !== undefined && signed.length === 0 && keys.signing)
    throw new MigrationRefused(
      `${signer} remembers no checkpoint, and ${place} holds published ones: name the signer's directory with --signer or PLENARY_SIGNER_DIR. Where this node is not the one that signs, take signing.key away`,
    );
  if (published !== undefined)
    signed.push({
      checkpoint: parseCheckpoint(published.slice(0, published.indexOf('\n\n') + 1)),
      by: `the checkpoint that was published in ${place}`,
    });
  return signed;
}

/** One reading of the source: every seal is checked, and the tree grows with it. */
export class Walk {
  records = 0;
  withheld = 0;
  /** The last event, where it lies in the source. */
  position: Position | undefined;
  private readonly edge = new TreeEdge(nodeHashes);

  constructor(private readonly history: History) {}

  get root(): string {
    return Buffer.from(this.edge.root()).toString('hex');
  }

  /** The event as it is to lie in the target. @throws MigrationRefused where no node of this installation wrote it */
  pass(event: LoggedEvent): StoredEvent {
    const { position, ...stored } = event;
    const record = this.records + 1;
    const forged = findForgery(this.history.installation.keys.writer, event);
    if (forged)
      throw new MigrationRefused(
        `record ${record} is not what a node of this installation wrote: its ${forged} does not fit. plenary verify tells more`,
      );
    this.history.note(event);
    this.edge.append(Buffer.from(event.leaf, 'hex'));
    this.records = record;
    this.position = position;
    this.history.compareAt(record, this.edge);
    const sealed = event.sealed.filter(({ hash }) => !this.history.removed.has(hash));
    this.withheld += event.sealed.length - sealed.length;
    return { ...stored, sealed };
  }
}
