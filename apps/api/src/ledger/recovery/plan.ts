// Looks through the sources before anything is written: which of the missing records are where, and which are nowhere.
import { nodeHashes, leafEntryOf } from '#event-store';
import { LOG_STREAM } from '#kernel';
import { equalBytes } from '#ledger/core';
import { rangesOf, writeRanges } from './ranges.js';
import type { RecoverOptions } from './recover.js';
import { RecoveryRefused } from './recovery-refused.js';
import type { SignedHistory } from './signed-history.js';
import type { RecoverySource } from './sources.js';
import { readLogEvent, type StoredPart } from './stored-part.js';

/** Without these nobody could tell whose history it is, whose signature counts, or from when on process managers act. */
const NEVER_LOST: ReadonlySet<string> = new Set(['log-opened', 'signing-key-changed', 'process-manager-started']);

export class Plan {
  /** Of each missing record, the number of the source that has it, from 1. */
  private readonly where: Uint8Array;

  constructor(
    private readonly from: number,
    size: number,
    readonly sources: readonly RecoverySource[],
  ) {
    this.where = new Uint8Array(size - from);
  }

  has(index: number, source: number): void {
    this.where[index - this.from] ||= source + 1;
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
    for (const [at, source] of this.where.entries()) if (source === 0) yield this.from + at + 1;
  }
}

/** @throws RecoveryRefused where something is nowhere, and was not declared lost or cannot be */
export async function planOf(part: StoredPart, signed: SignedHistory, { sources, declareLost }: Pick<RecoverOptions, 'sources' | 'declareLost'>): Promise<Plan> {
  if (sources.length > 255) throw new RecoveryRefused('more than 255 sources are too many');
  const plan = new Plan(part.size, signed.size, sources);
  const foreign = [];
  for (const [number, source] of sources.entries()) {
    for await (const { index, event } of source.eventsAfter(part.size)) {
      if (index >= signed.size) break;
      if (!equalBytes(nodeHashes.leaf(Buffer.from(leafEntryOf(event))), await signed.leafAt(index))) {
        foreign.push(`record ${index + 1} in ${source.path} is not the one that was signed`);
        continue;
      }
      plan.has(index, number);
      if (event.stream === LOG_STREAM) readLogEvent(part, event);
    }
  }
  const lost = rangesOf([...part.unnamed.map(({ record }) => record), ...plan.missing()]);
  if (lost.length > 0 && !declareLost) {
    const why = foreign.length > 0 ? `; ${foreign[0]}${foreign.length > 1 ? `, and ${foreign.length - 1} more` : ''}` : '';
    throw new RecoveryRefused(`the log ends with record ${part.size}, and ${signed.size} were signed. Of these, records ${writeRanges(lost)} are nowhere${why}: bring what holds them with --from, or declare them lost with --declare-lost. Nothing was changed`);
  }
  await assertMayBeLost(plan, signed);
  return plan;
}

async function assertMayBeLost(plan: Plan, signed: SignedHistory): Promise<void> {
  for (const record of plan.missing()) {
    const { stream, type } = JSON.parse(await signed.entryAt(record - 1)) as { stream: string; type: string };
    if (stream !== LOG_STREAM || !NEVER_LOST.has(type)) continue;
    throw new RecoveryRefused(`record ${record} is ${type}, without which the history cannot go on: it cannot be declared lost. Any bundle that was exported later holds it: bring one with --from. Nothing was changed`);
  }
}
