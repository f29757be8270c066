// The revisions of each stream, one after another; and which streams are exported whole.
import type { Findings } from './findings.js';

export class Streams {
  private readonly declared = new Set<string>();
  /** The revision that is due in each stream. Grows with the streams, not with the events. */
  private readonly due = new Map<string, number>();

  constructor(
    private readonly isWhole: boolean,
    private readonly isComplete: boolean,
    private readonly findings: Findings,
  ) {}

  declare(stream: string): void {
    this.declared.add(stream);
  }

  /** Takes note of a record, and tells whether its stream may stand without its event: it is not one that is exported whole. */
  next(stream: string, revision: number, record: number): boolean {
    const due = this.due.get(stream) ?? 0;
    if (this.isComplete ? revision !== due : revision < due) {
      this.findings.add('manipulation', 'integrity', 'revision-out-of-order', `Record ${record} is revision ${revision} of its stream, and ${due} was due: a stream never skips or repeats one.`, { record });
    }
    this.due.set(stream, revision + 1);
    return !(this.isWhole || this.declared.has(stream));
  }
}
