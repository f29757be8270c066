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
    return !(this.isWhole || this.declaredStreams.has(stream));
  }

  read({ type, stream, data }: EventLine): void {
    if (this.scope.kind === 'decision' && type === 'decision-taken' && objectIn(data)['decision'] === this.scope.id) this.ofDecision = stream;
  }

  /** Without the entity's own stream, that nothing was left out says nothing about it. */
  judge(): void {
    if (this.isWhole || !this.isComplete || this.isScopeHere()) return;
    const { kind, id } = this.scope;
    this.findings.add('gap', 'completeness', 'scope-not-shown', `The bundle says that it is of ${quote(kind)}${id === undefined ? '' : ` ${quote(id)}`}, and does not hold the stream of that whole: about it, nothing is shown.`);
  }

  private isScopeHere(): boolean {
    const { kind, id } = this.scope;
    const isHere = (stream: string): boolean => this.declaredStreams.has(stream) && this.due.has(stream);
    const own = OWN_STREAM.get(kind);
    if (own !== undefined) return isHere(`${own}-${id}`);
    if (kind === 'decision') return this.ofDecision !== undefined && isHere(this.ofDecision);
    // Which stream is a seat's does not follow from its id. Of any other kind no bundle can be.
    return kind === 'seat' && this.declared.some(isHere);
  }
}
