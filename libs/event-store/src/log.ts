// Positions in the global log: opaque outside the adapter, and never valid in another store.
import type { StoredEvent } from '#kernel';

/** Opaque token that carries the store's id. Stored and handed back, never computed with. */
export type Position = string & { readonly position: unique symbol };

export interface LoggedEvent extends StoredEvent {
  position: Position;
}
