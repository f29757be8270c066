// Every node compares each published checkpoint with the tree that it projected itself. Where the two differ nothing is recorded any
// more: either the signer or this node has another history than the one in the log.
import type { RecordNumber } from '#kernel';
import { equalBytes } from '#ledger/core';
import { checkpointSignedBy } from '#ledger/verify';
import { LEDGER_KEY, readPublished, type Bookkeeping } from '#ledger/writer';
import { ComparedBefore, type KeptFile } from './compared-before.js';
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
  /** Where this node keeps what it compared last over a restart; where nothing is kept, it begins with what is published. */
  kept?: KeptFile;
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
  /** Why the register is not any more what it was when a checkpoint was compared with it. */
  private lapse: string | undefined;
  /** Why what is published is not of this history. */
  private differs: string | undefined;
  private odd: string | undefined;
  private readonly uncovered: Uncovered;
  private keys: readonly string[] = [];
  private readonly before: ComparedBefore | undefined;
  /** Whether it was compared since the start: what is kept is believed, and the register is not. */
  private hasCompared = false;
  private looking: Promise<void> | undefined;
  private looks: NodeJS.Timeout | undefined;

  constructor(private readonly parts: CheckpointWatchParts) {
    this.uncovered = new Uncovered(parts.now);
    this.before = parts.kept && new ComparedBefore(parts.kept, async ({ note, keys }) => this.opened(note, keys) ?? this.signedTree(note));
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
    return this.lapse ?? this.differs;
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
    return this.diverged ?? this.odd ?? this.before?.trouble ?? this.uncovered.late;
  }

  /** The newest checkpoint that this node can prove: what it has not projected yet it serves later. Where it agreed with none, the newest. */
  async newest(): Promise<SignedTree | undefined> {
    await this.look();
    return this.diverged === undefined ? (this.agreed ?? this.published) : this.published;
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
    if (again || !this.hasCompared) await this.takeKept();
    const note = await this.parts.bookkeeping.read(LEDGER_KEY);
    if (note !== undefined && this.hasCompared && note === this.agreed?.note && this.diverged === undefined && !again) {
      this.odd = undefined;
      return;
    }
    const signed = note === undefined || note === this.published?.note ? undefined : await this.signedTree(note);
    this.odd = note === this.published?.note ? undefined : this.oddnessOf(signed, note);
    if (signed && this.odd === undefined) this.published = signed;
    const known = this.diverged;
    // Also where what is published now counts for nothing: the log may have been put back together with it.
    this.lapse = this.agreed && (await this.lapseOf(this.agreed));
    if (this.published && this.lapse === undefined) this.differs = await this.findDifference(this.published);
    if (this.diverged !== undefined && this.diverged !== known) this.parts.onDiverged?.(this.diverged);
    if (this.agreed) await this.before?.keep({ note: this.agreed.note, keys: this.keys });
  }

  private async takeKept(): Promise<void> {
    const kept = await this.before?.take();
    if (!kept) return;
    this.agreed = kept;
    if (this.covered < kept.size) this.published = kept;
  }

  /** A log that was put back may have grown beyond what was compared since: its root tells it then. */
  private async lapseOf(agreed: SignedTree): Promise<string | undefined> {
    return (await this.lackOf(agreed)) ?? this.differenceOf(agreed);
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
    return signed.size < covered
      ? `a checkpoint of ${signed.size} records is published, after one of ${covered}: somebody took it back`
      : undefined;
  }

  private async findDifference(newest: SignedTree): Promise<string | undefined> {
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
    for (let size = newest.size; size > since;) {
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
    const tree = this.opened(note, this.keys);
    if (tree) return tree;
    this.keys = await this.parts.keys();
    return this.opened(note, this.keys);
  }

  private opened(note: string, keys: readonly string[]): SignedTree | undefined {
    const checkpoint = checkpointSignedBy(note, keys);
    return checkpoint?.origin === this.parts.origin ? { note, size: checkpoint.size, root: checkpoint.root } : undefined;
  }
}
