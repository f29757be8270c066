// A migration is given up: the history goes on where it was. Only where nothing was recorded at the other end.
import type { Move } from '#event-store';
import { openSource, type End } from './ends.js';
import { MigrationRefused } from './migration-refused.js';

export interface GivenUp {
  /** Where the history goes on. */
  place: string;
  /** Where it was moving to. */
  other: string;
}

/**
 * @param to asked for where the migration had come to its end: what lies there must not go on as well
 * @throws MigrationRefused, StoreNotOpened
 */
export async function giveUp(from: string, to: string | undefined): Promise<GivenUp> {
  const source = await openSource(from);
  try {
    const move = await source.store.moving.read();
    if (move?.kind !== 'leaving' && move?.kind !== 'left')
      throw new MigrationRefused(`no history is moving from ${source.place}: there is nothing to give up`);
    if (move.kind === 'left') await discard(move, source, to);
    await source.store.moving.write({ kind: 'stayed', from: move.to });
    return { place: source.place, other: move.to.place };
  } finally {
    await source.close();
  }
}

/** Before the source goes on: there is no moment at which both take commands. */
async function discard(move: Extract<Move, { kind: 'left' }>, source: End, to: string | undefined): Promise<void> {
  if (to === undefined)
    throw new MigrationRefused(
      `the history was moved to ${move.to.place} on ${move.at}: name that with --to, so that it does not go on there as well`,
    );
  const target = await openSource(to);
  try {
    if (target.store.id !== move.to.store)
      throw new MigrationRefused(`${target.place} is not where the history in ${source.place} was moved to`);
    const records = await count(target);
    if (records > move.records)
      throw new MigrationRefused(
        `the history went on in ${target.place}, from record ${move.records + 1} to ${records}: move it back with plenary migrate --from it, into an empty directory or database`,
      );
    const arrives = await target.store.moving.read();
    if (arrives?.kind === 'leaving' || arrives?.kind === 'left')
      throw new MigrationRefused(`the history went on from ${target.place} to ${arrives.to.place}`);
    await target.store.moving.write({ kind: 'discarded', from: { store: source.store.id, place: source.place } });
  } finally {
    await target.close();
  }
}

async function count({ store }: End): Promise<number> {
  let records = 0;
  for await (const events of store.readLog()) records += events.length;
  return records;
}
