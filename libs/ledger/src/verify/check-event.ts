// One event: its texts are canonical, hash to its leaf, and every sealed value is the one that was sealed, or known to be missing.
import { isCanonicalJson, leafEntry, ledgerHashes, sealedReferences, toHex, type EventLine } from '../core/index.js';
import { sha256 } from './node-crypto.js';

export const hashes = ledgerHashes(sha256);
const hex = (bytes: Uint8Array): string => (bytes instanceof Buffer ? bytes.toString('hex') : toHex(bytes));

export interface CheckedEvent {
  /** As recomputed from what the line holds. */
  entry: string;
  leaf: Uint8Array;
  /** What is wrong with it beside its leaf, each as the end of a sentence. */
  faults: readonly { code: string; message: string }[];
  /** Hashes of sealed values that are not there. */
  missing: readonly string[];
}

const NONE: readonly never[] = [];

export function checkEvent(event: EventLine): CheckedEvent {
  const { stream, rev, id, type, tv, at, salts } = event;
  const data = hex(hashes.data(Buffer.from(salts.data, 'hex'), Buffer.from(event.data)));
  const meta = hex(hashes.meta(Buffer.from(salts.meta, 'hex'), Buffer.from(event.meta)));
  const entry = leafEntry({ stream, rev, id, type, tv, at, data, meta });
  const faults: { code: string; message: string }[] = [];
  for (const part of ['data', 'meta'] as const) {
    if (!isCanonicalJson(event[part]))
      faults.push({
        code: 'not-canonical',
        message: `has ${part} that is not written in the canonical form: readers could understand it differently`,
      });
  }
  const missing = checkSealed(event, faults);
  return { entry, leaf: hashes.leaf(Buffer.from(entry)), faults, missing };
}

function checkSealed({ data, meta, sealed }: EventLine, faults: { code: string; message: string }[]): readonly string[] {
  const inData = sealedReferences(data);
  const inMeta = sealedReferences(meta);
  if (!inData || !inMeta) {
    faults.push({ code: 'reference-malformed', message: 'refers to a sealed value in a form that does not exist' });
    return NONE;
  }
  const unmet = new Set(inData);
  for (const hash of inMeta) unmet.add(hash);
  for (const { hash, salt, value } of sealed) {
    if (!unmet.delete(hash))
      faults.push({ code: 'value-without-reference', message: `carries a sealed value twice, or one that it does not refer to (${hash})` });
    if (hex(hashes.sealed(Buffer.from(salt, 'hex'), Buffer.from(JSON.stringify(value)))) !== hash) {
      faults.push({ code: 'value-altered', message: `carries a sealed value that is not the one that was sealed (${hash})` });
    }
  }
  return unmet.size > 0 ? [...unmet] : NONE;
}
