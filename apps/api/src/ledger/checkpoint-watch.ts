// Every node compares each published checkpoint with the tree that it projected itself. Where the two differ nothing is recorded any
// more: either the signer or this node has another history than the one in the log.
import type { RecordNumber } from '#kernel';
import { equalBytes, type Checkpoint } from '#ledger/core';
import { checkpointSignedBy } from '#ledger/verify';
import { LEDGER_KEY, readPublished, type Bookkeeping } from '#ledger/writer';
import { Uncovered } from './uncovered.js';

export interface SignedTree {
  note: string;
  size: number;
  root: Uint8Array;
}

export interface CheckpointWatchParts {
  bookkeeping: Pick<Bookkeeping, 'read'>;
  /** The tree that this node projected. */
  register: { last(): RecordNumber; rootAt(size: RecordNumber): Uint8Array };
  origin: string;
  /** Verifier keys that the record names; asked again where none of them signed. */
  keys: () => Promise<readonly string[]>;
  /** Milliseconds of a clock that never jumps. */
  now: () => number;
  /** What this node compared last, also before it was started; where nothing is kept, it begins with what is published. */
  kept?: { read(): SignedTree | undefined; write(agreed: SignedTree): Promise<void> };
  /** Whether all that the log holds now is in the register: while it is not, records that are missing there may yet come. */
  hasCaughtUp?: () => Promise<boolean>;
  /** Told when the published history turns out to be another one. */
  onDiverged?: (message: string) => void;
}

const LOOK_EVERY_MS = 5_000;

export class CheckpointWatch {
  private agreed: SignedTree | undefined;
  /** The newest that is signed as it must be, compared or not. */
  private published: SignedTree | undefined;
  private differs: string | undefined;
  private odd: string | undefined;
  private readonly uncovered: Uncovered;
  private keys: readonly string[] = [];
  private keptNote: string | undefined;
  /** Whether it was compared since the start: what is kept is believed, and the register is not. */
  private hasCompared = false;
  private looking: Promise<void> | undefined;
  private looks: NodeJS.Timeout | undefined;

  constructor(private readonly parts: CheckpointWatchParts) {
    this.uncovered = new Uncovered(parts.now);
    this.agreed = this.published = parts.kept?.read();
    this.keptNote = this.agreed?.note;
  }

  start(): void {
    this.looks = setInterval(() => void this.look(true), LOOK_EVERY_MS).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.looks);
    await this.looking;
  }

  /** Why nothing may be recorded; undefined where all that was compared agrees. Looked at again each time: a node that is put right goes on. */
  get diverged(): string | undefined {
    return this.differs;
  }

  /** How many records the newest published checkpoint covers, whoever recorded them; 0 before the first. */
  get covered(): number {
    return this.published?.size ?? 0;
  }

  /** The key that the record named last, when a checkpoint was last opened; undefined before. */
  get verifierKey(): string | undefined {
    return this.keys.at(-1);
  }

  /** What an operator should know: what is published is not what it should be, or covers the newest records too late. */
  get trouble(): string | undefined {
    return this.differs ?? this.odd ?? this.uncovered.late;
  }

  /** The newest checkpoint that this node can prove: what it has not projected yet it serves later. Where it agreed with none, the newest. */
  async newest(): Promise<SignedTree | undefined> {
    await this.look();
    return this.differs === undefined ? (this.agreed ?? this.published) : this.published;
  }

  /**
   * Reads what is published, and compares it. Where that cannot be read, what was compared before stands.
   * @param again also what agreed before: the register may have been cut back, or changed
   */
  look(again = false): Promise<void> {
    this.looking ??= this.compareNewest(again)
      .then(() => this.uncovered.look(this.parts.register.last(), this.agreed?.size ?? 0))
      .catch((error: unknown) => {
        this.odd = `published checkpoints cannot be read: ${(error as Error).message}`;
      })
      .finally(() => (this.looking = undefined));
    return this.looking;
  }

  private async compareNewest(again: boolean): Promise<void> {
    const note = await this.parts.bookkeeping.read(LEDGER_KEY);
    if (note !== undefined && this.hasCompared && note === this.agreed?.note && this.differs === undefined && !again) {
      this.odd = undefined;
      return;
    }
    const signed = note === undefined || note === this.published?.note ? undefined : await this.signedTree(note);
    this.odd = note === this.published?.note ? undefined : this.oddnessOf(signed, note);
    if (signed && this.odd === undefined) this.published = signed;
    // Also where what is published now counts for nothing: the log may have been put back together with it.
    const found = this.published && (await this.findDifference(this.published));
    if (found !== undefined && found !== this.differs) this.parts.onDiverged?.(found);
    this.differs = found;
    await this.keep();
  }

  private async keep(): Promise<void> {
    const { agreed, parts: { kept } } = this;
    if (!kept || !agreed || agreed.note === this.keptNote) return;
    try {
      await kept.write(agreed);
      this.keptNote = agreed.note;
    } catch (error) {
      this.odd = `the checkpoint that was compared last could not be kept: ${(error as Error).message}`;
    }
  }

  /** Why the register lacks what it held when a checkpoint was compared: the log lost it, or it is yet to come. */
  private async lackOf({ size }: SignedTree): Promise<string | undefined> {
    const { register, hasCaughtUp } = this.parts;
    if (register.last() >= size) return undefined;
    const isLost = !hasCaughtUp || (await hasCaughtUp());
    const last = register.last();
    if (last >= size) return undefined;
    return `the log of this node ends with record ${last}, and a signed checkpoint covers ${size}: ${isLost ? 'the log lost its end' : 'nothing is recorded before the register has come so far'}`;
  }

  private oddnessOf(signed: SignedTree | undefined, note: string | undefined): string | undefined {
    const covered = this.published?.size ?? 0;
    if (note === undefined) return covered > 0 ? `the published checkpoint is gone: it covered ${covered} records` : undefined;
    if (!signed) return 'the published checkpoint is not signed by a key of this history: it counts for nothing';
    return signed.size < covered ? `a checkpoint of ${signed.size} records is published, after one of ${covered}: somebody took it back` : undefined;
  }

  private async findDifference(newest: SignedTree): Promise<string | undefined> {
    const lack = this.agreed && (await this.lackOf(this.agreed));
    if (lack !== undefined) return lack;
    if (this.parts.register.last() < newest.size) return this.differs;
    const found = this.differenceOf(newest) ?? (await this.differenceBefore(newest));
    if (found !== undefined) return found;
    this.agreed = newest;
    this.hasCompared = true;
    return undefined;
  }

  /** Of those that were published since the one that was agreed with. */
  private async differenceBefore(newest: SignedTree): Promise<string | undefined> {
    const since = this.agreed?.size ?? newest.size;
    for (let size = newest.size; size > since; ) {
      const published = await readPublished(this.parts.bookkeeping, size);
      const tree = published && size < newest.size ? await this.signedTree(published.note) : undefined;
      const found = tree && this.differenceOf(tree);
      if (found !== undefined) return found;
      size = Math.min(published?.previous ?? 0, size - 1);
    }
    return undefined;
  }

  private differenceOf({ size, root }: SignedTree): string | undefined {
    if (equalBytes(this.parts.register.rootAt(size as RecordNumber), root)) return undefined;
    return `the signed checkpoint of ${size} records has another root than the register that this node made of the log: one of them is not of this history`;
  }

  private async signedTree(note: string): Promise<SignedTree | undefined> {
    const checkpoint = this.opened(note) ?? (await this.openedWithNewKeys(note));
    return checkpoint && { note, size: checkpoint.size, root: checkpoint.root };
  }

  private async openedWithNewKeys(note: string): Promise<Checkpoint | undefined> {
    this.keys = await this.parts.keys();
    return this.opened(note);
  }

  private opened(note: string): Checkpoint | undefined {
    const checkpoint = checkpointSignedBy(note, this.keys);
    return checkpoint?.origin === this.parts.origin ? checkpoint : undefined;
  }
}
