// Why something recorded is changed, or recorded late: a coded reason, or words, or both.
import { sealText, type LocalizedText, type SealedText } from './localized-text.js';

export const REASON_CODES = ['typing', 'misheard', 'wrong-speaker', 'omitted', 'other'] as const;
export type ReasonCode = (typeof REASON_CODES)[number];

export interface Reason {
  code: ReasonCode;
  text?: LocalizedText;
}

export interface SealedReason {
  code: ReasonCode;
  text?: SealedText;
}

export const sealReason = (reason: Reason): SealedReason => ({ code: reason.code, ...(reason.text && { text: sealText(reason.text) }) });
