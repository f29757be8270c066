// Where the signer publishes: bookkeeping outside the numbered log. Every node reads it, compares it with its own tree, and serves it.

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
  for (let size = newestSize; size > 0; ) {
    const found = await readPublished(bookkeeping, size);
    if (!found) break;
    sizes.push(size);
    size = found.previous;
  }
  for (const size of sizes.reverse()) yield (await readPublished(bookkeeping, size))!.note;
}

/** The first checkpoint that was published of a size. */
export async function readPublished(bookkeeping: Pick<Bookkeeping, 'read'>, size: number): Promise<Published | undefined> {
  const value = await bookkeeping.read(keyOf(size));
  return value === undefined ? undefined : (JSON.parse(value) as Published);
}
