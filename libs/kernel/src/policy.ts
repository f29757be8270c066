// What becomes of a broken rule: a refusal, a marked exception, or a recorded discrepancy. The policy says; deciders only report.
import { isRefusal, refusals, type Refusal } from './refusal.js';
import { sealText, type LocalizedText, type SealedText } from './localized-text.js';
import type { Uuid } from './ids.js';

/** Lets a command through where real bodies departed from a rule. */
export interface Override {
  reason: LocalizedText;
  /** A ruling of the chair, the rule cited. */
  authority: LocalizedText;
  evidence?: Evidence;
}

/** What a record rests on: references, or none with the reason. */
export interface Evidence {
  documents?: Uuid[];
  remarks?: Uuid[];
  /** The source's own words. */
  words?: LocalizedText;
  none?: LocalizedText;
}

export interface SealedEvidence {
  documents?: Uuid[];
  remarks?: Uuid[];
  words?: SealedText;
  none?: SealedText;
}

export const evidenceRefusals = refusals({
  'evidence-missing': {
    status: 422,
    title: 'The record rests on nothing',
    rule: 'Rule 3: evidence names documents, remarks or the words of a source, or none with the reason.',
  },
});

/** Refused where evidence is stated, and names nothing. */
export function emptyEvidence({ documents = [], remarks = [], words, none }: Evidence, field = 'evidence'): Refusal | undefined {
  if (documents.length > 0 || remarks.length > 0 || words || none) return undefined;
  return evidenceRefusals['evidence-missing']('Name documents, remarks or words; or none, with the reason.', {
    fields: [{ field, reason: 'is empty' }],
  });
}

export const sealEvidence = (evidence: Evidence): SealedEvidence => ({
  ...(evidence.documents && { documents: evidence.documents }),
  ...(evidence.remarks && { remarks: evidence.remarks }),
  ...(evidence.words && { words: sealText(evidence.words) }),
  ...(evidence.none && { none: sealText(evidence.none) }),
});

/** A rule that was broken and let through, as it stands in the event for ever. */
export interface RecordedException {
  rule: string;
  as: 'override' | 'discrepancy';
  reason?: SealedText;
  authority?: SealedText;
  evidence?: SealedEvidence;
}

/** Collects what is broken while a command is decided. */
export interface RuleBook {
  /** Reports a broken rule. Answers the refusal where the policy stops the command, undefined where it goes on. */
  broken(refusal: Refusal): Refusal | undefined;
  /** Reports each refusal that is not undefined, in order; the first that stops the command. */
  check(...refusals: (Refusal | undefined)[]): Refusal | undefined;
  /** What was let through, for the event's `exceptions`; absent when nothing was. */
  exceptions(): { exceptions?: RecordedException[] };
}

/** Live recording: a broken rule is a refusal, unless the rule can be overridden and an override came along. */
export function livePolicy(override: Override | undefined): RuleBook {
  return ruleBook((refusal) => {
    if (!refusal.kind.overridable || !override) return refusal;
    const empty = override.evidence && emptyEvidence(override.evidence, 'override.evidence');
    if (empty) return empty;
    return {
      rule: refusal.code,
      as: 'override',
      reason: sealText(override.reason),
      authority: sealText(override.authority),
      ...(override.evidence && { evidence: sealEvidence(override.evidence) }),
    };
  });
}

function ruleBook(judge: (refusal: Refusal) => Refusal | RecordedException): RuleBook {
  const recorded: RecordedException[] = [];
  const broken = (refusal: Refusal): Refusal | undefined => {
    const judged = judge(refusal);
    if (isRefusal(judged)) return judged;
    recorded.push(judged);
    return undefined;
  };
  return {
    broken,
    check(...refusals) {
      for (const refusal of refusals) {
        const stopped = refusal && broken(refusal);
        if (stopped) return stopped;
      }
      return undefined;
    },
    exceptions: () => (recorded.length > 0 ? { exceptions: recorded } : {}),
  };
}
