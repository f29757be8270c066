// How long records have stood without a checkpoint over them. Of a log that grows all the time the last one never has one: what counts
// is whether the one that was last at some moment gets it in time.
import { COVERED_WITHIN_SECONDS } from '#ledger/verify';

export class Uncovered {
  private waiting: { record: number; sinceMs: number } | undefined;

  /** @param now milliseconds of a clock that never jumps */
  constructor(private readonly now: () => number) {}

  /** The last record, and how many are covered, as they are now. */
  look(last: number, covered: number): void {
    if (this.waiting && this.waiting.record <= covered) this.waiting = undefined;
    if (last > covered) this.waiting ??= { record: last, sinceMs: this.now() };
  }

  /** What an operator should know; undefined while all are covered in time. */
  get late(): string | undefined {
    const seconds = this.waiting ? (this.now() - this.waiting.sinceMs) / 1000 : 0;
    return seconds > COVERED_WITHIN_SECONDS ? `records stand without a checkpoint for ${Math.round(seconds)} s` : undefined;
  }
}
