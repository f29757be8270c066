// The revisions of each stream, one after another; which streams are exported whole; and whether what the bundle is said to be of is among them.
import { Malformed, type BundleScope, type EventLine } from '../core/index.js';
import type { Findings } from './findings.js';
import { objectIn } from './object-in.js';
import { quote } from './quote.js';

/** How the stream of an entity begins, by what a bundle can be of. */
const OWN_STREAM = new Map([
  ['body', 'body'],
  ['meeting', 'meeting'],
  ['document', 'document'],
  ['follow-up', 'followup'],
]);

/** Before the first record of a stream. */
const FIRST = { revision: 0, after: 0 };
/** Gaps that are kept until the end; what a bundle lacks beyond these was not lost. */
const MAX_SKIPPED = 10_000;

/** Revisions of a stream that are missing between two of its records. */
export interface Skipped {
  stream: string;
  /** The first of them. */
  due: number;
  missing: number;
  /** The records between which they lie, by number. */
  after: number;
  record: number;
}

export class Streams {
  private readonly declaredStreams = new Set<string>();
  /** The revision that is due in each stream, and the record of the one before. Grows with the streams, not with the events. */
  private readonly due = new Map<string, { revision: number; after: number }>();
  /** Of a selection, in streams that it says it holds whole: what is missing between two records, until the log has said what was lost. */
  private readonly skipped: Skipped[] = [];
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

  /** @throws Malformed in a bundle of everything: every stream is here, and a name could only pretend to another */
  declare(stream: string): void {
    if (this.isWhole) throw new Malformed('names a stream in a bundle of everything, which names none');
    this.declaredStreams.add(stream);
  }

  /** Takes note of a record, and tells whether its stream may stand without its event: it is not one that is exported whole. */
  next(stream: string, revision: number, record: number): boolean {
    const { revision: due, after } = this.due.get(stream) ?? FIRST;
    if (this.isComplete ? revision !== due : revision < due) {
      this.findings.add(
        'manipulation',
        'integrity',
        'revision-out-of-order',
        `Record ${record} is revision ${revision} of its stream, and ${due} was due: a stream never skips or repeats one.`,
        { record },
      );
    }
    this.due.set(stream, { revision: revision + 1, after: record });
    const isExportedWhole = this.isWhole || this.declaredStreams.has(stream);
    if (!this.isComplete && isExportedWhole && revision > due) this.skip({ stream, due, missing: revision - due, after, record });
    return !isExportedWhole;
  }

  read({ type, stream, data }: EventLine): void {
    if (this.scope.kind === 'decision' && type === 'decision-taken' && objectIn(data)['decision'] === this.scope.id)
      this.ofDecision = stream;
  }

  /**
   * Without the entity's own stream, that nothing was left out says nothing about it.
   * @param lostOf how many of those that are missing were lost, as restores say: a selection leaves these out
   */
  judge(lostOf: (skipped: Skipped) => number): void {
    for (const skipped of this.skipped) if (skipped.missing > lostOf(skipped)) this.leftOut(skipped);
    if (this.isWhole) return;
    this.judgeNamed();
    if (!this.isComplete) this.judgeOthers();
    if (this.isScopeHere()) return;
    const { kind, id } = this.scope;
    const lacks = this.isComplete ? 'does not hold the stream of that whole' : 'holds no record of its stream';
    this.findings.add(
      'gap',
      'completeness',
      'scope-not-shown',
      `The bundle says that it is of ${quote(kind)}${id === undefined ? '' : ` ${quote(id)}`}, and ${lacks}: about it, nothing is shown.`,
    );
  }

  private skip(skipped: Skipped): void {
    if (this.skipped.length < MAX_SKIPPED) this.skipped.push(skipped);
    else this.leftOut(skipped);
  }

  private leftOut({ stream, due, record }: Skipped): void {
    this.findings.add(
      'gap',
      'completeness',
      'revision-missing',
      `Of stream ${quote(stream)}, which is said to be here whole, revision ${due} was due, and record ${record} came instead: what lies between was left out.`,
      { record },
    );
  }

  /** What it names, and holds nothing of. */
  private judgeNamed(): void {
    const empty = this.declared.filter((stream) => !this.due.has(stream));
    if (empty.length === 0) return;
    const held = this.isComplete ? 'the history holds none either' : 'whether the history holds any, it does not show';
    this.findings.add(
      'notice',
      'completeness',
      'stream-without-records',
      `The bundle names ${empty.length} streams of which no record is here, the first of them ${quote(empty[0]!)}: ${held}.`,
    );
  }

  /** In a selection: what is neither of a stream that it names nor of the thing that it is said to be of. */
  private judgeOthers(): void {
    const others = [...this.due.keys()].filter(
      (stream) => stream !== 'log' && stream !== this.ownStream && !this.declaredStreams.has(stream),
    );
    if (others.length === 0) return;
    this.findings.add(
      'notice',
      'completeness',
      'stream-not-named',
      `There are records of ${others.length} streams that the bundle does not name, the first of them ${quote(others[0]!)}: they are in the history, and nothing says what of these streams is here.`,
    );
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
