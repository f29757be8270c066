// What a source has of what is looked for: as it was signed, each record once, in the order of the log.
import { equalBytes } from '#ledger/core';
import type { Plan } from './plan.js';
import type { SignedHistory } from './signed-history.js';
import type { FoundEvent, RecoverySource } from './sources.js';

/** @param tell told of what is not taken, as a sentence */
export async function* wantedIn(
  source: RecoverySource,
  plan: Pick<Plan, 'from' | 'isLookedFor'>,
  signed: Pick<SignedHistory, 'size' | 'leafAt'>,
  tell: (unusable: string) => void,
): AsyncGenerator<FoundEvent> {
  let due = plan.from;
  let isBeyond = false;
  for await (const found of source.eventsAfter(plan.from, tell)) {
    const { index, event } = found;
    const record = `record ${index + 1} in ${source.path}`;
    if (index >= signed.size) {
      // One that was made later may go on for long.
      if (!isBeyond) tell(`${record} lies beyond the ${signed.size} records that were signed`);
      isBeyond = true;
    } else if (!plan.isLookedFor(index)) continue;
    else if (!equalBytes(Buffer.from(event.leaf, 'hex'), signed.leafAt(index))) tell(`${record} is not the one that was signed`);
    else if (index < due) tell(`${record} stands behind a later one, or twice`);
    else {
      due = index + 1;
      yield found;
    }
  }
}
