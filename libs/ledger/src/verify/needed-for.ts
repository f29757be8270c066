// How many had to be present for a decision, by the rules that its body had stated: the rule by which the needed number is counted.
import type { Remembered } from './remembered-events.js';

type Ruled = Record<string, unknown>;

/** @returns `no-rule` where the rules say nothing; `unknown` where it is the share of an unknown number */
export function neededFor(
  outcome: unknown,
  day: string,
  entitled: number | undefined,
  body: readonly Remembered[],
): number | 'no-rule' | 'unknown' {
  const rules = rulesOn(day, body);
  const ruledFor = (purpose: string): Ruled | undefined => rules.find((each) => each?.['for'] === purpose) ?? undefined;
  // An election is a decision: where nothing else is said of elections, the rule for decisions holds.
  const rule = (outcome === 'elected' ? ruledFor('elections') : undefined) ?? ruledFor('deciding');
  if (!rule) return 'no-rule';
  const { count, numerator, denominator, moreThan } = rule;
  if (typeof count === 'number') return count;
  if (entitled === undefined || typeof numerator !== 'number' || typeof denominator !== 'number') return 'unknown';
  const share = (entitled * numerator) / denominator;
  return moreThan === true ? Math.floor(share) + 1 : Math.ceil(share);
}

/** Of the statements in force on a day, the one that began last; of several of one day, the one that was recorded last. */
function rulesOn(day: string, body: readonly Remembered[]): (Ruled | null)[] {
  let last: { inForceFrom: string; quorum: unknown } | undefined;
  for (const { type, data } of body) {
    const { inForceFrom, quorum } = data;
    if (type === 'body-rules-stated' && typeof inForceFrom === 'string' && inForceFrom <= day && (!last || inForceFrom >= last.inForceFrom))
      last = { inForceFrom, quorum };
  }
  return Array.isArray(last?.quorum) ? (last.quorum as (Ruled | null)[]) : [];
}
