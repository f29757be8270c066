// Whether the history goes on from the checkpoint that the auditor kept: by the entries of a complete bundle, or by a proof.
import { equalBytes, hashFromBase64, verifyConsistency, type Checkpoint, type ConsistencyLine } from '../core/index.js';
import { hashes } from './check-event.js';
import type { Findings } from './findings.js';
import { quote } from './quote.js';

export class Continuation {
  private shown = false;

  constructor(
    private readonly kept: Checkpoint | undefined,
    private readonly checkpoint: Checkpoint,
    private readonly findings: Findings,
  ) {
    if (kept) this.compare(kept);
  }

  get isShown(): boolean {
    return this.shown;
  }

  byProof({ from, proof }: ConsistencyLine, line: number): void {
    const { kept, checkpoint } = this;
    if (!kept || from !== kept.size || this.shown) return;
    this.shown = verifyConsistency(hashes, { from: kept, to: checkpoint, proof: proof.map(hashFromBase64) });
    if (!this.shown)
      this.broken(
        `The proof that the history goes on from the kept checkpoint of ${from} records does not hold: it was rewritten, or the proof altered.`,
        { line },
      );
  }

  /** @param root over as many entries as the kept checkpoint has, as part of a tree that has the signed root */
  byEntries(root: Uint8Array): void {
    const { kept, checkpoint } = this;
    if (!kept || this.shown || kept.size >= checkpoint.size) return;
    this.shown = equalBytes(root, kept.root);
    if (!this.shown) this.broken(`The history is not the one whose checkpoint was kept: its first ${kept.size} records were rewritten.`);
  }

  /** At the end: what was asked for and not shown. */
  judge(): void {
    if (!this.kept || this.shown || this.findings.of('custody') === 'manipulation') return;
    this.findings.add(
      'gap',
      'custody',
      'continuation-not-shown',
      'The bundle does not show that the history goes on from the kept checkpoint: ask for one made with that checkpoint, or for a complete one.',
    );
  }

  private compare(kept: Checkpoint): void {
    const { checkpoint, findings } = this;
    if (kept.origin !== checkpoint.origin) {
      findings.add(
        'manipulation',
        'custody',
        'kept-of-another',
        `The kept checkpoint is of ${quote(kept.origin)}, the bundle of ${quote(checkpoint.origin)}: they are different logs.`,
      );
    } else if (kept.size > checkpoint.size) {
      findings.add(
        'manipulation',
        'custody',
        'taken-back',
        `The kept checkpoint covers ${kept.size} records, this one ${checkpoint.size}: history was taken back, or the bundle was made at an older checkpoint. Ask for one made at the kept one, or a newer one.`,
        { record: checkpoint.size + 1 },
      );
    } else if (kept.size === checkpoint.size) {
      this.shown = equalBytes(kept.root, checkpoint.root);
      if (!this.shown)
        this.broken(`The history is not the one whose checkpoint was kept: of the same ${kept.size} records there are two versions.`);
    }
  }

  private broken(message: string, where: { line?: number } = {}): void {
    this.findings.add('manipulation', 'custody', 'not-a-continuation', message, where);
  }
}
