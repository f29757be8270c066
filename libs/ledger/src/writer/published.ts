// Where the signer publishes: bookkeeping outside the numbered log. Every node reads it, compares it with its own tree, and serves it.
import { parseCheckpoint } from '../core/index.js';

/** Small values outside the numbered log; durable when the promise resolves. */
export interface Bookkeeping {
  read(key: string): Promise<string | undefined>;
  write(key: string, value: string): Promise<void>;
}

/** The newest checkpoint: a signed note. */
export const LEDGER_KEY = 'plenary-ledger';
const keyOf = (size: number): string => `${LEDGER_KEY}/${size}`;

export interface Published {
  /** The first note of its size. */
  note: string;
  /** The size that was signed before, 0 for none. */
  previous: number;
}

export async function publish(bookkeeping: Bookkeeping, note: string, size: number, previous: number): Promise<void> {
  // The newest comes last: whoever follows it back finds all others there.
  if (size > previous) await bookkeeping.write(keyOf(size), JSON.stringify({ note, previous } satisfies Published));
  await bookkeeping.write(LEDGER_KEY, note);
}

/** The checkpoints that were published, one for each size that was signed, by growing size: what the 60-second rule is judged by. */
export async function* publishedCheckpoints(bookkeeping: Bookkeeping, newestSize: number): AsyncGenerator<string> {
  const sizes: number[] = [];
  for (let size = newestSize; size > 0;) {
    const found = await readPublished(bookkeeping, size);
    if (!found) break;
    sizes.push(size);
    size = found.previous;
  }
  for (const size of sizes.reverse()) yield (await readPublished(bookkeeping, size))!.note;
}

/** All that was published, as it lies there; the newest last, as it was written. For a store into which the history moves. */
export async function* publishedNotes(bookkeeping: Pick<Bookkeeping, 'read'>): AsyncGenerator<{ key: string; value: string }> {
  const newest = await bookkeeping.read(LEDGER_KEY);
  if (newest === undefined) return;
  for (let size = parseCheckpoint(newest.slice(0, newest.indexOf('\n\n') + 1)).size; size > 0;) {
    const value = await bookkeeping.read(keyOf(size));
    if (value === undefined) break;
    yield { key: keyOf(size), value };
    size = (JSON.parse(value) as Published).previous;
  }
  yield { key: LEDGER_KEY, value: newest };
}

/** The first checkpoint that was published of a size. */
export async function readPublished(bookkeeping: Pick<Bookkeeping, 'read'>, size: number): Promise<Published | undefined> {
  const value = await bookkeeping.read(keyOf(size));
  return value === undefined ? undefined : (JSON.parse(value) as Published);
}
