// What a node compared before it was started, and keeps of what it compares now. What is kept counts by its signature alone: a file that
// was damaged is never overwritten, since only people can say what became of it, and keeps nobody from recording.
import type { SignedTree } from './checkpoint-watch.js';

export interface KeptNote {
  note: string;
  /** Verifier keys that the record named when the note was compared: an older copy of the record may not know the one that signed it. */
  keys: readonly string[];
}

export interface KeptFile {
  path: string;
  /** Undefined where nothing is kept. @throws what keeps it from being read */
  read(): KeptNote | undefined;
  /** Durable when it resolves. */
  write(kept: KeptNote): Promise<void>;
}

export class ComparedBefore {
  private isTaken = false;
  private keptNote: string | undefined;
  private unusable: string | undefined;
  private notKept: string | undefined;

  /** @param open the tree of a note that is signed as it must be; undefined of any other */
  constructor(
    private readonly file: KeptFile,
    private readonly open: (kept: KeptNote) => Promise<SignedTree | undefined>,
  ) {}

  /** What an operator should know. */
  get trouble(): string | undefined {
    return this.unusable ?? this.notKept;
  }

  /** What was kept, once; where it cannot be used, it is looked for again at the next call. */
  async take(): Promise<SignedTree | undefined> {
    if (this.isTaken) return undefined;
    const kept = this.read();
    const tree = kept && (await this.open(kept));
    if (kept && !tree) this.unusable = this.ofNoUse('holds no checkpoint that a key of this history signed');
    if (this.unusable !== undefined) return undefined;
    this.isTaken = true;
    this.keptNote = kept?.note;
    return tree;
  }

  async keep(agreed: KeptNote): Promise<void> {
    if (!this.isTaken || agreed.note === this.keptNote) return;
    try {
      await this.file.write(agreed);
      this.keptNote = agreed.note;
      this.notKept = undefined;
    } catch (error) {
      this.notKept = `the checkpoint that was compared last could not be kept: ${(error as Error).message}`;
    }
  }

  private read(): KeptNote | undefined {
    try {
      const kept = this.file.read();
      this.unusable = undefined;
      return kept;
    } catch (error) {
      this.unusable = this.ofNoUse(`cannot be read (${(error as Error).message})`);
      return undefined;
    }
  }

  private ofNoUse(what: string): string {
    return `${this.file.path} ${what}: what this node compared before it was started is not known, and nothing is kept until that is taken away`;
  }
}
