// C2SP tlog-proof: one file that proves that a leaf is in a log, with the checkpoint that it is proven against.
import { fromBase64, fromDecimal, hashFromBase64, toBase64 } from './base64.js';
import { Malformed } from './malformed.js';

export interface TlogProof {
  /** Authenticated by nothing. */
  extra?: Uint8Array;
  index: number;
  /** From the leaf's sibling up. */
  proof: readonly Uint8Array[];
  /** A signed note. */
  checkpoint: string;
}

const HEADER = 'c2sp.org/tlog-proof@v1';
const MAX_HASHES = 64;

export function formatTlogProof({ extra, index, proof, checkpoint }: TlogProof): string {
  const lines = [HEADER, ...(extra ? [`extra ${toBase64(extra)}`] : []), `index ${index}`, ...proof.map(toBase64)];
  return `${lines.join('\n')}\n\n${checkpoint}`;
}

/** @throws Malformed */
export function parseTlogProof(text: string): TlogProof {
  const split = text.indexOf('\n\n');
  if (split < 0) throw new Malformed('is no proof file: no checkpoint follows an empty line');
  const [header, ...lines] = text.slice(0, split).split('\n');
  if (header !== HEADER) throw new Malformed(`is no proof file: it does not begin with ${HEADER}`);
  const extra = lines[0]?.startsWith('extra ') ? fromBase64(lines.shift()!.slice('extra '.length)) : undefined;
  const index = lines.shift();
  if (!index?.startsWith('index ')) throw new Malformed('is no proof file: it names no index');
  if (lines.length > MAX_HASHES) throw new Malformed('is no proof file: it has more hashes than any tree has levels');
  return {
    ...(extra && { extra }),
    index: fromDecimal(index.slice('index '.length)),
    proof: lines.map(hashFromBase64),
    checkpoint: text.slice(split + 2),
  };
}
