// What a log lost of which it still serves what is left: a removal, or a restriction, that is among it is not in force any more. Its entries
// in the signer's directory tell the type and the stream of each record, and so who must not read meanwhile.
import { LOG_STREAM, type Uuid } from '#kernel';
import type { SignedHistory } from './recovery/signed-history.js';

export interface MissingRecords {
  /** Why auditors alone may read what is left; undefined where nothing that is missing took anything back from anybody. */
  withheld: string | undefined;
  /** Tokens of which something is missing: it may be the revocation. */
  tokens: ReadonlySet<Uuid>;
}

const TOKEN = 'token-';

/** @param indexes of the leaves */
export function missingRecords(signed: Pick<SignedHistory, 'entryAt'>, indexes: Iterable<number>): MissingRecords {
  const tokens = new Set<Uuid>();
  const takenBack = new Map<string, number>();
  try {
    for (const index of indexes) {
      const { stream, type } = JSON.parse(signed.entryAt(index)) as { stream: string; type: string };
      if (stream.startsWith(TOKEN)) tokens.add(stream.slice(TOKEN.length) as Uuid);
      if (tookBack(stream, type)) takenBack.set(type, (takenBack.get(type) ?? 0) + 1);
    }
  } catch (error) {
    return {
      withheld: `what is missing cannot be told: ${(error as Error).message}. Until the log is put right, auditors alone read`,
      tokens,
    };
  }
  if (takenBack.size === 0) return { withheld: undefined, tokens };
  const named = [...takenBack].map(([type, count]) => `${count} ${type}`).join(', ');
  return {
    withheld: `among what is missing are ${named}, so what stands here may be more than anybody may read: until the log is put right, auditors alone do`,
    tokens,
  };
}

/** Whether somebody could read before it what they must not read after it. */
const tookBack = (stream: string, type: string): boolean =>
  stream === LOG_STREAM ? type === 'value-removed' : type.endsWith('-audience-set') || type === 'membership-ended';
