// Small pieces that features of several contexts are made of.
import type { Audience } from './audience.js';
import { sealText, type LocalizedText, type SealedText } from './localized-text.js';
import type { Party } from './event-commons.js';
import { sealReason, type Reason } from './reason.js';
import type { DecisionContext } from './decider.js';
import type { EventCommons } from './event-commons.js';

/** Input of every command that sets who may read something. */
export interface SetAudience {
  audience: Audience;
  reason: Reason;
}

/** A party as it is sent; in events its words are sealed. */
export type PartyInput = Party<LocalizedText>;

export const sealParty = (party: PartyInput): Party => ({
  ...(party.person && { person: party.person }),
  ...(party.organisation && { organisation: party.organisation }),
  ...(party.named && { named: sealText(party.named) }),
});

export const sealAll = (texts: readonly LocalizedText[]): SealedText[] => texts.map(sealText);

/** Only the fields that have a value: an absent field is left out of an event, never null. */
export function present<T extends object>(
  fields: T,
): { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
} {
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields)) if (value !== undefined) kept[key] = value;
  return kept as never;
}

/** What the rule book let through, for an event's data. */
export const commons = (context: DecisionContext): EventCommons => context.rules.exceptions();

export const lateness = (context: DecisionContext): Pick<EventCommons, 'late'> => (context.late ? { late: sealReason(context.late) } : {});
