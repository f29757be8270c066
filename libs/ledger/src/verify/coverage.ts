// How long records stood without a checkpoint that covers them, against the rule of 60 seconds. Needs the checkpoints that were published.
import { cosignatureTime, isBy } from '../core/index.js';
import type { Findings } from './findings.js';
import { openCheckpoint, type Trust } from './trust.js';

export const COVERED_WITHIN_SECONDS = 60;

export class Coverage {
  private next: { size: number; timeSeconds: number } | undefined;
  private ended = false;
  private late = 0;
  private worst: { record: number; seconds: number } | undefined;

  /** @param published signed checkpoints by growing size; of one size, the first */
  constructor(
    private readonly published: AsyncIterator<string> | Iterator<string>,
    private trust: Trust,
  ) {}

  get longestSeconds(): number | undefined {
    return this.worst?.seconds;
  }

  /** Checkpoints that other keys of the log signed count as well. */
  widen(trust: Trust): void {
    this.trust = trust;
  }

  async record(record: number, recordedAt: string): Promise<void> {
    while (!this.ended && (!this.next || this.next.size < record)) await this.advance();
    if (!this.next || this.next.size < record) return;
    const seconds = this.next.timeSeconds - Date.parse(recordedAt) / 1000;
    if (seconds > (this.worst?.seconds ?? -Infinity)) this.worst = { record, seconds };
    if (seconds > COVERED_WITHIN_SECONDS) this.late += 1;
  }

  judge(findings: Findings): void {
    if (this.late === 0 || !this.worst) return;
    findings.add(
      'gap',
      'custody',
      'covered-late',
      `${this.late} records stood for more than ${COVERED_WITHIN_SECONDS} s without a signed checkpoint; longest record ${this.worst.record}, for ${Math.round(this.worst.seconds)} s.`,
      { record: this.worst.record },
    );
  }

  private async advance(): Promise<void> {
    const step = await this.published.next();
    this.ended = step.done === true;
    if (step.done) return;
    const signed = openCheckpoint(step.value, this.trust);
    if ('refused' in signed) return;
    const cosigned = signed.verified.find((signature) => this.trust.clocks.some((key) => isBy(key)(signature)));
    if (cosigned) this.next = { size: signed.checkpoint.size, timeSeconds: cosignatureTime(cosigned.signature)! };
  }
}
