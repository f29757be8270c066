// Whether a migration may begin, or go on: what both ends know of moves. The target is marked before the source is closed.
import type { Move, OtherStore } from '#event-store';
import { holdsRecords, type End } from './ends.js';
import { MigrationRefused } from './migration-refused.js';

const named = ({ store, place }: End): OtherStore => ({ store: store.id, place });
const isWith = (other: OtherStore, { store }: End): boolean => other.store === store.id;

/**
 * What the ends know of moves, before anything is looked at or changed: `finished` where everything was moved before.
 * @throws MigrationRefused
 */
export async function standing(source: End, target: End): Promise<'may-begin' | 'finished'> {
  if (source.store.id === target.store.id) throw new MigrationRefused('--from and --to are the same store');
  const [leaves, arrives] = [await source.store.moving.read(), await target.store.moving.read()];
  assertMayLeave(leaves, source, target);
  if (leaves?.kind === 'left' && arrives?.kind === 'arrived' && isWith(arrives.from, source)) return 'finished';
  await assertMayArrive(arrives, source, target);
  return 'may-begin';
}

/** From its return on, nothing is recorded in either. */
export async function begin(source: End, target: End, records: number): Promise<void> {
  const arrives = await target.store.moving.read();
  await arriving(source, target, records, arrives?.kind === 'arriving' ? arrives.arrived : 0);
  const leaves = await source.store.moving.read();
  if (leaves?.kind !== 'left' && leaves?.kind !== 'leaving') await source.store.moving.write({ kind: 'leaving', to: named(target) });
}

/** Notes how far it is. */
export const arriving = (source: End, target: End, records: number, arrived: number): Promise<void> =>
  target.store.moving.write({ kind: 'arriving', from: named(source), records, arrived });

/** The source lets go first: there is no moment at which both take commands. */
export async function finish(
  source: End,
  target: End,
  moved: { records: number; root: string; logEvents: number },
  nowMs: number,
): Promise<void> {
  const { logEvents, ...rest } = { ...moved, at: new Date(nowMs).toISOString() };
  const leaves = await source.store.moving.read();
  if (leaves?.kind !== 'left' || leaves.records !== moved.records)
    await source.store.moving.write({ kind: 'left', to: named(target), ...rest });
  await target.store.moving.write({ kind: 'arrived', from: named(source), logEvents, ...rest });
}

function assertMayLeave(move: Move | undefined, source: End, target: End): void {
  if (move?.kind === 'arriving' || move?.kind === 'discarded')
    throw new MigrationRefused(
      `${source.place} holds a part of a history that was moving there from ${move.from.place}: nothing can be moved from it`,
    );
  if ((move?.kind === 'leaving' || move?.kind === 'left') && !isWith(move.to, target)) {
    throw new MigrationRefused(
      `the history in ${source.place} ${move.kind === 'left' ? 'was' : 'is being'} moved to ${move.to.place}: go on with that, or take it back with plenary migrate --give-up`,
    );
  }
}

async function assertMayArrive(move: Move | undefined, source: End, target: End): Promise<void> {
  const isHalf = move?.kind === 'arriving' || move?.kind === 'discarded';
  if (isHalf && isWith(move.from, source)) return;
  if (isHalf)
    throw new MigrationRefused(
      `${target.place} holds a part of another history, which was moving there from ${move.from.place}: take an empty one`,
    );
  if (await holdsRecords(target.store))
    throw new MigrationRefused(`${target.place} holds records: a history moves into an empty directory or database alone`);
}
