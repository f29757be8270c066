// The revisions of each stream, one after another; which streams are exported whole; and whether what the bundle is said to be of is among them.
import type { BundleScope, EventLine } from '../core/index.js';
import type { Findings } from './findings.js';
import { objectIn } from './object-in.js';
import { quote } from './quote.js';

/** How the stream of an entity begins, by what a bundle can be of. */
const OWN_STREAM = new Map([['body', 'body'], ['meeting', 'meeting'], ['document', 'document'], ['follow-up', 'followup']]);

export class Streams {
  private readonly declaredStreams = new Set<string>();
  /** The revision that is due in each stream. Grows with the streams, not with the events. */
  private readonly due = new Map<string, number>();
  /** Of a selection, by stream that it says it holds whole: the first revision that is missing between others, and the record that came instead. */
  private readonly skipped = new Map<string, { revision: number; record: number }>();
  private readonly isWhole: boolean;
  /** The stream in which the decision was taken of which the bundle is said to be. */
  private ofDecision: string | undefined;

  constructor(
    private readonly scope: BundleScope,
    private readonly isComplete: boolean,
    private readonly findings: Findings,
  ) {
    this.isWhole = scope.kind === 'whole';
  }

  get declared(): readonly string[] {
    return [...this.declaredStreams];
  }

  declare(stream: string): void {
    this.declaredStreams.add(stream);
  }

  /** Takes note of a record, and tells whether its stream may stand without its event: it is not one that is exported whole. */
  next(stream: string, revision: number, record: number): boolean {
    const due = this.due.get(stream) ?? 0;
    if (this.isComplete ? revision !== due : revision < due) {
      this.findings.add('manipulation', 'integrity', 'revision-out-of-order', `Record ${record} is revision ${revision} of its stream, and ${due} was due: a stream never skips or repeats one.`, { record });
    }
    this.due.set(stream, revision + 1);
    const isExportedWhole = this.isWhole || this.declaredStreams.has(stream);
    if (!this.isComplete && isExportedWhole && revision > due && !this.skipped.has(stream)) this.skipped.set(stream, { revision: due, record });
    return !isExportedWhole;
  }

  read({ type, stream, data }: EventLine): void {
    if (this.scope.kind === 'decision' && type === 'decision-taken' && objectIn(data)['decision'] === this.scope.id) this.ofDecision = stream;
  }

  /**
   * Without the entity's own stream, that nothing was left out says nothing about it.
   * @param lostFrom of streams that lost records, as a restore says, the first revision that was lost: a selection leaves these out
   */
  judge(lostFrom: ReadonlyMap<string, number>): void {
    for (const [stream, { revision, record }] of this.skipped) {
      if (revision >= (lostFrom.get(stream) ?? Infinity)) continue;
      this.findings.add('gap', 'completeness', 'revision-missing', `Of stream ${quote(stream)}, which is said to be here whole, revision ${revision} was due, and record ${record} came instead: what lies between was left out.`, { record });
    }
    if (this.isWhole) return;
    if (!this.isComplete) this.judgeOthers();
    if (this.isScopeHere()) return;
    const { kind, id } = this.scope;
    const lacks = this.isComplete ? 'does not hold the stream of that whole' : 'holds no record of its stream';
    this.findings.add('gap', 'completeness', 'scope-not-shown', `The bundle says that it is of ${quote(kind)}${id === undefined ? '' : ` ${quote(id)}`}, and ${lacks}: about it, nothing is shown.`);
  }

  /** In a selection: what is neither of a stream that it names nor of the thing that it is said to be of. */
  private judgeOthers(): void {
    const others = [...this.due.keys()].filter((stream) => stream !== 'log' && stream !== this.ownStream && !this.declaredStreams.has(stream));
    if (others.length === 0) return;
    this.findings.add('notice', 'completeness', 'stream-not-named', `There are records of ${others.length} streams that the bundle does not name, the first of them ${quote(others[0]!)}: they are in the history, and nothing says what of these streams is here.`);
  }

  /** Undefined where it does not follow from the id. */
  private get ownStream(): string | undefined {
    const { kind, id } = this.scope;
    const own = OWN_STREAM.get(kind);
    return own === undefined ? this.ofDecision : `${own}-${id}`;
  }

  private isScopeHere(): boolean {
    const isHere = (stream: string): boolean => this.due.has(stream) && (!this.isComplete || this.declaredStreams.has(stream));
    // Which stream is a seat's does not follow from its id. Of any other kind no bundle can be.
    if (this.ownStream === undefined) return this.scope.kind === 'seat' && this.declared.some(isHere);
    return isHere(this.ownStream);
  }
}
