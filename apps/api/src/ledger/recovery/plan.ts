// Looks through the sources before anything is written: which of the missing records are where, and which are nowhere.
import { findForgery, type RecordRange } from '#event-store';
import { LOG_STREAM } from '#kernel';
import { missingTexts, MissingTexts } from './missing-texts.js';
import { rangesOf, writeRanges } from './ranges.js';
import { RecoveryRefused } from './recovery-refused.js';
import type { SignedHistory } from './signed-history.js';
import type { RecoverySource } from './sources.js';
import { isRemoval, readKey, readLogEvent, type StoredPart } from './stored-part.js';
import { wantedIn } from './wanted-in.js';

/** Without these nobody could tell whose history it is, whose signature counts, or from when on process managers act. */
const NEVER_LOST: ReadonlySet<string> = new Set(['log-opened', 'signing-key-changed', 'process-manager-started']);

export class Plan {
  /** How many records precede the first that is looked for. */
  readonly from: number;
  /** Of each record from there on, the number of the source that has it, from 1. */
  private readonly where: Uint8Array;
  /** What was of no use in the sources, each as a sentence. */
  readonly unusable: string[] = [];
  readonly texts = new MissingTexts();

  constructor(
    private readonly stored: Pick<StoredPart, 'size' | 'unnamed' | 'textless'>,
    size: number,
    readonly sources: readonly RecoverySource[],
  ) {
    const [firstUnnamed = Infinity] = stored.unnamed.keys();
    const [firstTextless = Infinity] = stored.textless.keys();
    this.from = Math.min(stored.size, size, firstUnnamed - 1, firstTextless);
    for (const [index, hashes] of stored.textless) this.texts.lacks(index, hashes);
    this.where = new Uint8Array(size - this.from);
  }

  /** Whether it is not stored, or as a placeholder that nothing explains. */
  isLost(index: number): boolean {
    return index >= this.stored.size || this.stored.unnamed.has(index + 1);
  }

  /** Whether it is lost, or stands without a text. */
  isLookedFor(index: number): boolean {
    return this.isLost(index) || this.stored.textless.has(index);
  }

  /** A source has it: the first that has it whole gives it, or else the first, with the texts that others have. */
  offer(index: number, source: number, missing: readonly string[]): void {
    const at = index - this.from;
    const isFirst = this.where[at] === 0;
    if (this.isLost(index) && (isFirst || (missing.length === 0 && this.texts.has(index)))) {
      this.where[at] = source + 1;
      if (missing.length === 0) this.texts.isWhole(index);
      else this.texts.lacks(index, missing);
    } else this.texts.offer(index, source, missing);
  }

  sourceOf(index: number): number | undefined {
    const source = this.where[index - this.from]!;
    return source === 0 ? undefined : source - 1;
  }

  /** Record numbers. */
  *found(): Generator<number> {
    for (const [at, source] of this.where.entries()) if (source > 0) yield this.from + at + 1;
  }

  *missing(): Generator<number> {
    for (const [at, source] of this.where.entries()) if (source === 0 && this.isLost(this.from + at)) yield this.from + at + 1;
  }
}

/** What the sources have. What they say of keys and removals is added to what the stored part says. */
export async function planOf(
  part: StoredPart,
  signed: SignedHistory,
  sources: readonly RecoverySource[],
  writerKey: Buffer,
): Promise<Plan> {
  if (sources.length > 255) throw new RecoveryRefused('more than 255 sources are too many');
  const plan = new Plan(part, signed.size, sources);
  for (const [number, source] of sources.entries()) {
    for await (const { index, event } of wantedIn(source, plan, signed, (fault) => plan.unusable.push(fault))) {
      plan.offer(index, number, missingTexts(event));
      if (event.stream !== LOG_STREAM) continue;
      // A seal lies outside the leaf, and anybody can spoil it: what is to be gone stands in what was signed.
      readLogEvent(part, event);
      // What was signed is not proven yet: the keys for that come from nobody but a node of this installation.
      if (!findForgery(writerKey, event)) readKey(part, event);
    }
  }
  plan.texts.forget(part.removed);
  // What a lost removal named, nobody knows: a text that stands no more may be one of those.
  if (hasLostRemoval(plan, part, signed)) for (const index of part.textless.keys()) plan.texts.leave(index);
  return plan;
}

function hasLostRemoval(plan: Plan, part: StoredPart, signed: SignedHistory): boolean {
  if (part.textless.size === 0) return false;
  if (part.lostRemovals.some((record) => !part.unnamed.has(record))) return true;
  for (const record of plan.missing()) if (isRemoval(entryOf(signed, record))) return true;
  return false;
}

const entryOf = (signed: SignedHistory, record: number): { stream: string; type: string } =>
  JSON.parse(signed.entryAt(record - 1)) as { stream: string; type: string };

/** @throws RecoveryRefused where something is nowhere, and was not declared lost or cannot be */
export function assertWhole(plan: Plan, part: StoredPart, signed: SignedHistory, isDeclaredLost: boolean): void {
  const lost = rangesOf(plan.missing());
  if (lost.length > 0 && !isDeclaredLost) {
    const why =
      plan.unusable.length > 0 ? `; ${plan.unusable[0]}${plan.unusable.length > 1 ? `, and ${plan.unusable.length - 1} more` : ''}` : '';
    const short =
      part.size < signed.size
        ? `the log ends with record ${part.size}, and ${signed.size} were signed. Of these, `
        : 'the log holds placeholders that no record explains: ';
    throw new RecoveryRefused(
      `${short}${writeRecords(lost)} nowhere${why}: bring what holds them with --from, or declare them lost with --declare-lost. Nothing was changed`,
      plan.unusable,
    );
  }
  for (const record of plan.missing()) {
    const { stream, type } = entryOf(signed, record);
    if (stream !== LOG_STREAM || !NEVER_LOST.has(type)) continue;
    throw new RecoveryRefused(
      `record ${record} is ${type}, without which the history cannot go on: it cannot be declared lost. Any bundle that was exported later holds it: bring one with --from. Nothing was changed`,
    );
  }
}

function writeRecords(ranges: readonly RecordRange[]): string {
  const isOne = ranges.length === 1 && ranges[0]!.from === ranges[0]!.to;
  return `${isOne ? 'record' : 'records'} ${writeRanges(ranges)} ${isOne ? 'is' : 'are'}`;
}
