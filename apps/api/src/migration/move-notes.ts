// Bookkeeping that belongs to the history and not to the store: what was published, which digest key it was written with, and how far
// process managers are. The last is a place in the log, and is another one in every store.
import { KEY_CHECK, type Bookkeeping, type Position } from '#event-store';
import { publishedNotes } from '#ledger/writer';
import { PROCESS_MANAGERS_KEY } from '#process-managers';

/** Notes that are written at the same time: a database answers each with a round trip. */
const AT_ONCE = 32;

/** @param managers where in the target the record lies that process managers looked at last */
export async function moveNotes(source: Bookkeeping, target: Bookkeeping, managers: Position | undefined): Promise<void> {
  let notes: { key: string; value: string }[] = [];
  let newest: { key: string; value: string } | undefined;
  for await (const note of publishedNotes(source)) {
    if (newest) notes.push(newest);
    newest = note;
    if (notes.length < AT_ONCE) continue;
    await writeAll(target, notes);
    notes = [];
  }
  const digest = await source.read(KEY_CHECK);
  if (digest !== undefined) notes.push({ key: KEY_CHECK, value: digest });
  if (managers !== undefined) notes.push({ key: PROCESS_MANAGERS_KEY, value: managers });
  await writeAll(target, notes);
  // The newest comes last: whoever follows it back finds all others there.
  if (newest) await writeAll(target, [newest]);
}

/** What stands there already is left: a migration that goes on after a crash writes no second version. */
async function writeAll(target: Bookkeeping, notes: readonly { key: string; value: string }[]): Promise<void> {
  await Promise.all(
    notes.map(async ({ key, value }) => {
      if ((await target.read(key)) !== value) await target.write(key, value);
    }),
  );
}
