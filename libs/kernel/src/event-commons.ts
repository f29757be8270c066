// What any event's data may hold beside its own, and shapes that several contexts' events share.
import type { Uuid } from './ids.js';
import type { SealedText } from './localized-text.js';
import type { RecordedException, SealedEvidence } from './policy.js';
import type { SealedReason } from './reason.js';

export interface EventCommons {
  /** Sample data that stands for what a source does not say. Set by the runner. */
  illustrative?: true;
  /** Rules that were broken and let through. */
  exceptions?: RecordedException[];
  /** Why it was recorded after its meeting had closed. */
  late?: SealedReason;
}

/** Who speaks, presents, hosts or proposes: a registered person, a delegation unnamed, or words. */
export interface Party<Text = SealedText> {
  person?: Uuid;
  organisation?: Uuid;
  /** As the source names them, where they are not registered. */
  named?: Text;
}

/** Where in a meeting something happened. */
export interface Place {
  sitting?: Uuid;
  item?: Uuid;
}

export type { SealedEvidence };
