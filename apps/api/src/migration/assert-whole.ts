// A store into which a history is still moving is opened by nobody but the migration.
import { StoreNotOpened, unfinishedBy, type Move } from '#event-store';

/** @throws StoreNotOpened */
export function assertWhole(move: Move | undefined): void {
  const unfinished = unfinishedBy(move);
  if (unfinished !== undefined) throw new StoreNotOpened(unfinished);
}
