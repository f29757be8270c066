// Positions of the database as opaque tokens: with the store's id, and the event's, so that another event at the same place shows.
import { ForeignPosition } from '../errors.js';
import type { Position } from '../log.js';

/** Where an event lies in the database, and which one lies there. */
export interface Place {
  /** Commit and prepare position of an event of ours are the same. */
  commit: bigint;
  id: string;
}

const TOKEN = /^([0-9a-f-]{36}):(0|[1-9]\d{0,18}):([0-9a-f-]{36})$/;

export const positionOf = (storeId: string, { commit, id }: Place): Position => `${storeId}:${commit}:${id}` as Position;

/** @throws ForeignPosition */
export function placeOf(storeId: string, position: Position): Place {
  const [, store, commit, id] = TOKEN.exec(position) ?? [];
  if (store !== storeId) throw new ForeignPosition(`${position} is no position of this store`);
  return { commit: BigInt(commit!), id: id! };
}
