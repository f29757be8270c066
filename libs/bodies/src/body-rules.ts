// The rules of a body: how many must be present, and which article says so.
import { command, commons, isRefusal, present, type CivilDate, type Refusal } from '#kernel';
import { body, type BodyState } from './body.js';
import type { QuorumRule } from './body.events.js';
import { bodyRefusals } from './body-refusals.js';

export interface StateRules {
  article?: string;
  inForceFrom: CivilDate;
  quorum: QuorumRule[];
}

export const stateRules = command<BodyState, StateRules>({
  name: 'state-rules',
  on: body,
  roles: ['secretariat', 'admin'],
  stream: 'existing',
  decide(input, state, context) {
    const unclear = input.quorum.map(unclearRule).find(isRefusal) ?? input.quorum.map(repeatedRule).find(isRefusal);
    if (unclear) return unclear;
    const quorum = input.quorum.map((rule) =>
      present({ for: rule.for, count: rule.count, numerator: rule.numerator, denominator: rule.denominator, moreThan: rule.moreThan }),
    );
    if (isStated({ ...input, quorum }, state)) return [];
    return [
      {
        type: 'body-rules-stated',
        data: { ...commons(context), ...present({ article: input.article }), inForceFrom: input.inForceFrom, quorum },
      },
    ];
  },
});

/** Whether these stand, as from that day on. */
function isStated({ article, inForceFrom, quorum }: StateRules, state: BodyState): boolean {
  const standing = rulesOn(state, inForceFrom);
  return standing?.inForceFrom === inForceFrom && standing.article === article && keyOf(standing.quorum) === keyOf(quorum);
}

const keyOf = (quorum: readonly QuorumRule[]): string =>
  quorum
    .map(({ for: purpose, count, numerator, denominator, moreThan }) =>
      JSON.stringify([purpose, count, numerator, denominator, moreThan ?? false]),
    )
    .sort()
    .join();

function unclearRule(rule: QuorumRule, index: number): Refusal | undefined {
  const { count, numerator, denominator } = rule;
  const isShare = count === undefined && numerator !== undefined && denominator !== undefined && numerator > 0 && numerator <= denominator;
  const isCount = count !== undefined && count > 0 && numerator === undefined && denominator === undefined;
  if (isShare || isCount) return undefined;
  const reason = 'needs either a count of at least one, or numerator and denominator of a share above none and of at most one';
  return bodyRefusals['quorum-rule-unclear'](`The rule for ${rule.for} ${reason}.`, { fields: [{ field: `quorum[${index}]`, reason }] });
}

/** Of two for one purpose only one could be gone by, and nothing says which. */
function repeatedRule({ for: purpose }: QuorumRule, index: number, all: readonly QuorumRule[]): Refusal | undefined {
  if (all.findIndex((each) => each.for === purpose) === index) return undefined;
  return bodyRefusals['quorum-rule-repeated'](`There is a rule for ${purpose} before.`, {
    fields: [{ field: `quorum[${index}].for`, reason: 'is ruled before' }],
  });
}

/** The rules in force on a day: the latest statement that began on or before it. */
export function rulesOn(state: BodyState, day: string): BodyState['rules'][number] | undefined {
  let found: BodyState['rules'][number] | undefined;
  for (const rules of state.rules) {
    if (rules.inForceFrom <= day && (!found || rules.inForceFrom >= found.inForceFrom)) found = rules;
  }
  return found;
}

/** How many of `entitled` must be present for a purpose by these rules; undefined where they say nothing, or the share of an unknown number. */
export function neededFor(
  rules: BodyState['rules'][number] | undefined,
  purpose: QuorumRule['for'],
  entitled: number | undefined,
): number | undefined {
  const rule = rules?.quorum.find((each) => each.for === purpose);
  if (!rule) return undefined;
  if (rule.count !== undefined) return rule.count;
  if (entitled === undefined) return undefined;
  const share = (entitled * rule.numerator!) / rule.denominator!;
  return rule.moreThan ? Math.floor(share) + 1 : Math.ceil(share);
}
