// What the verifier found, graded, and under which of its three answers it falls.

/** Manipulation: what is here is not what was signed. Gap: it cannot be shown. Notice: to be known, and no fault. */
export type Grade = 'manipulation' | 'gap' | 'notice';
/** Integrity: what is here was recorded so. Completeness: nothing was left out. Custody: who vouches for the whole, and since when. */
export type Answer = 'integrity' | 'completeness' | 'custody';

export interface Finding {
  grade: Grade;
  answer: Answer;
  /** The same for every finding of its kind. */
  code: string;
  /** A sentence; whatever comes from the bundle is quoted in it. */
  message: string;
  /** Record number: leaf index plus one. */
  record?: number;
  /** Of the bundle, from 1. */
  line?: number;
}

/** So many findings are kept of each grade: a wrong key makes every event a finding. */
const KEPT = 50;

export class Findings {
  readonly kept: Finding[] = [];
  private readonly counts: Record<Grade, number> = { manipulation: 0, gap: 0, notice: 0 };
  private readonly worst: Record<Answer, Grade | undefined> = { integrity: undefined, completeness: undefined, custody: undefined };
  private firstWrong: number | undefined;

  add(grade: Grade, answer: Answer, code: string, message: string, where: { record?: number; line?: number } = {}): void {
    this.counts[grade] += 1;
    if (this.counts[grade] <= KEPT) this.kept.push({ grade, answer, code, message, ...where });
    const worst = this.worst[answer];
    if (grade === 'manipulation' || worst === undefined || worst === 'notice') this.worst[answer] = grade;
    if (grade === 'manipulation' && where.record !== undefined && where.record < (this.firstWrong ?? Infinity))
      this.firstWrong = where.record;
  }

  count(grade: Grade): number {
    return this.counts[grade];
  }

  /** The gravest of an answer's findings. */
  of(answer: Answer): Grade | undefined {
    return this.worst[answer];
  }

  get firstWrongRecord(): number | undefined {
    return this.firstWrong;
  }
}
