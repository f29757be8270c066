// Whether a history may be served as it lies there, and what of it may be recorded: looked at before anything is.
import { closedBy, openLog, withSigningKey, type Installation } from '#event-store';
import { ClockGuard, type Clock } from '#kernel';
import { verifyCopied } from './backup/verify-copied.js';
import type { Configuration } from './configuration.js';
import { assertNotLost, findDivergence, type Divergence } from './ledger/compare-with-signed.js';
import { assertNotEmptied } from './ledger/kept-checkpoint.js';
import { assertWhole } from './migration/assert-whole.js';
import type { HeldStore, NodeStore } from './node-store.js';

export interface OpenedHistory {
  installation: Installation;
  clock: ClockGuard;
  /** Undefined where it is the history that was signed. */
  divergence: Divergence | undefined;
  /** It goes on elsewhere. */
  hasLeft: boolean;
  /** The revisions of the stream `log` that moved in; undefined where the history began here. */
  movedRevisions: number | undefined;
}

/** @throws StoreNotOpened, KeysUnusable */
export async function openHistory({ store, local }: HeldStore, configuration: Configuration, clock: Clock): Promise<OpenedHistory> {
  const move = await store.moving.read();
  assertWhole(move);
  // It was compared with what was signed before it left.
  const hasLeft = closedBy(move) !== undefined;
  if (local && !hasLeft) assertNotLost(local, configuration.data, configuration.signer);
  if (!local) await assertNotEmptied(store, configuration.data);
  if (local) await verifyCopied(local, configuration);
  const opened = await openLog(store, configuration.keys, configuration.newOrigin, clock.now());
  // Before anything can be recorded: on an older copy it would take the numbers of records that were signed.
  const divergence = hasLeft || !local ? undefined : await findDivergence(local, configuration.signer, opened.origin);
  return {
    installation: divergence || hasLeft ? opened : await withSigningKey(opened, configuration.keys),
    clock: await guardOf(clock, store),
    divergence,
    hasLeft,
    movedRevisions: move?.kind === 'arrived' ? move.logEvents : undefined,
  };
}

/** A wall clock that lies behind the last record is found out at the first command. */
async function guardOf(clock: Clock, store: NodeStore): Promise<ClockGuard> {
  const guard = new ClockGuard(clock);
  const last = await store.lastEvent();
  if (last) guard.observe(last.recordedAt);
  return guard;
}
