// What a verification ends with: three answers, what was found, and a checkpoint to keep.
import type { BundleScope } from '../core/index.js';
import type { Finding, Findings, Answer } from './findings.js';

/** 0 proven, 1 manipulation, 2 gap, 3 could not run. */
export type ExitStatus = 0 | 1 | 2 | 3;
export type Judgement = 'proven' | 'not-proven' | 'broken';

export interface Counted {
  events: number;
  /** Leaf entries, those of events among them. */
  entries: number;
  facts: number;
  /** Events of which the report states something. */
  stated: number;
  values: number;
  removedValues: number;
  lostRecords: number;
  quorums: number;
}

export interface Verdict {
  status: ExitStatus;
  integrity: Judgement;
  completeness: Judgement;
  custody: Judgement;
  /** Number of the first record that is not what was signed. */
  firstWrongRecord?: number;
  findings: readonly Finding[];
  /** How many there are of each grade; the list is cut where there are many. */
  found: { manipulation: number; gap: number; notice: number };
  counted: Counted;
  /** What the bundle says of itself; proven only as far as the answers say. `streams`: those of which every event is said to be here; with scope `whole`, none is named. */
  bundle?: { origin: string; scope: BundleScope; size: number; complete: boolean; streams: readonly string[] };
  /** When the log signed the checkpoint, in seconds since 1970. */
  signedAtSeconds?: number;
  /** The longest that a record stood without a covering checkpoint, where that could be told. */
  longestUncoveredSeconds?: number;
  /** A signed checkpoint for the auditor to keep and bring to the next verification. */
  keep?: string;
  /** No key that was given signed the checkpoint: nothing in the bundle was looked at. */
  signedByOthers?: true;
  /** Why nothing could be verified; status 3 alone has it. */
  couldNotRun?: string;
}

export const judgementOf = (findings: Findings, answer: Answer, isShown: boolean): Judgement => {
  const worst = findings.of(answer);
  if (worst === 'manipulation') return 'broken';
  return worst === 'gap' || !isShown ? 'not-proven' : 'proven';
};

export const statusOf = (findings: Findings): ExitStatus => (findings.count('manipulation') > 0 ? 1 : findings.count('gap') > 0 ? 2 : 0);

export const nothingCounted = (): Counted => ({
  events: 0,
  entries: 0,
  facts: 0,
  stated: 0,
  values: 0,
  removedValues: 0,
  lostRecords: 0,
  quorums: 0,
});

/** @param reason why, as a sentence without a full stop */
export const couldNotRun = (reason: string): Verdict => ({
  status: 3,
  integrity: 'not-proven',
  completeness: 'not-proven',
  custody: 'not-proven',
  findings: [],
  found: { manipulation: 0, gap: 0, notice: 0 },
  counted: nothingCounted(),
  couldNotRun: reason,
});
