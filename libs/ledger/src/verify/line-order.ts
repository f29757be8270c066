// Which line of a bundle may follow which: header, keys, checkpoint, then what it covers, in the order of the records.
import { Malformed, type BundleLine, type HeaderLine } from '../core/index.js';

/** No line may stand above one of an earlier stage. */
const STAGES: Record<BundleLine['kind'], number> = {
  header: 0,
  key: 1,
  checkpoint: 2,
  consistency: 3,
  stream: 4,
  tile: 5,
  leaf: 5,
  event: 5,
  fact: 5,
  end: 6,
};
const CHECKPOINT = STAGES.checkpoint;
/** Stands once. */
const isSingle = (kind: BundleLine['kind']): boolean => kind === 'header' || kind === 'checkpoint';

/** A record that may not stand where it does. */
export interface OutOfOrder {
  /** Why, as a clause. */
  why: string;
  /** The first record about which nothing is known any more. */
  record: number;
}

export class LineOrder {
  private stage = -1;
  private lastIndex = -1;

  get hasCheckpoint(): boolean {
    return this.stage >= CHECKPOINT;
  }

  /** Number of the last record that stood in its place; 0 before the first. */
  get lastRecord(): number {
    return this.lastIndex + 1;
  }

  /** @throws Malformed where no line of the kind may stand */
  follow(kind: BundleLine['kind']): void {
    const stage = STAGES[kind];
    const comesLate = stage < this.stage || (isSingle(kind) && stage === this.stage);
    const comesEarly = (stage > CHECKPOINT && !this.hasCheckpoint) || (stage > 0 && this.stage < 0);
    if (comesLate || comesEarly) throw new Malformed(`is a ${kind} where none may stand`);
    this.stage = stage;
  }

  /** Records come in order: all of them in a complete bundle, some in a selection. @returns what is wrong with the record; undefined where it follows */
  followRecord(index: number, { complete, size }: HeaderLine): OutOfOrder | undefined {
    const due = this.lastIndex + 1;
    if (index >= size || (complete ? index !== due : index < due)) {
      return { why: index >= size ? `the bundle ends with record ${size}` : `record ${due + 1} was due`, record: Math.min(index, due) + 1 };
    }
    this.lastIndex = index;
    return undefined;
  }
}
