// C2SP tlog-checkpoint, without extension lines: what a log of some name and size is, in one hash.
import { fromDecimal, hashFromBase64, toBase64 } from './base64.js';
import { Malformed } from './malformed.js';

export interface Checkpoint {
  /** Names the log. */
  origin: string;
  /** How many records it covers. */
  size: number;
  /** 32 bytes. */
  root: Uint8Array;
}

export const formatCheckpoint = ({ origin, size, root }: Checkpoint): string => `${origin}\n${size}\n${toBase64(root)}\n`;

/** @param text of a note: with a final newline. @throws Malformed */
export function parseCheckpoint(text: string): Checkpoint {
  const [origin, size, root, end, ...more] = text.split('\n');
  if (!origin || size === undefined || root === undefined || end !== '' || more.length > 0) {
    throw new Malformed('is no checkpoint: it is three lines, origin, size and root');
  }
  return { origin, size: fromDecimal(size), root: hashFromBase64(root) };
}
