// A history moves from one store into another: what each of the two knows of it, and how given records are taken in.
import type { StoredEvent } from '#kernel';

/** Bookkeeping outside the numbered log. */
export const MOVE_KEY = 'plenary-move';

/** The other store: its id, and where it lies, for people. Never a password. */
export interface OtherStore {
  store: string;
  place: string;
}

/** What was moved, as it was compared at the end. */
export interface Moved {
  records: number;
  /** Merkle root over them, in hex. */
  root: string;
  /** RFC 3339, UTC. */
  at: string;
}

/**
 * Where a move stands, as a store knows it.
 * - `arriving`: a part of a history lies here, and is nobody's yet; `arrived`: all of it does, and it goes on here
 * - `discarded`: what arrived goes on where it came from
 * - `leaving`: the history is being moved from here; `left`: it goes on elsewhere; `stayed`: it goes on here after all
 */
export type Move =
  | { kind: 'arriving'; from: OtherStore; records: number; arrived: number }
  | ({ kind: 'arrived'; from: OtherStore; logEvents: number } & Moved)
  | { kind: 'discarded'; from: OtherStore }
  | { kind: 'leaving'; to: OtherStore }
  | ({ kind: 'left'; to: OtherStore } & Moved)
  | { kind: 'stayed'; from: OtherStore };

/**
 * Ordering: `receive` writes in the order that is given, and one call after the other.
 * Durability: what is answered has reached the disk. What a fault cuts short is a beginning of what was given: reading tells.
 */
export interface Moving {
  /** Undefined where nothing ever moved. */
  read(): Promise<Move | undefined>;

  /**
   * From then on appends fail with StoreUnavailable (`moved`) while `closedBy` says why, and so does bookkeeping of what is leaving;
   * on other nodes of the same store as soon as they hear of it.
   */
  write(move: Move): Promise<void>;

  /**
   * Records behind the last one, as they are: ids, times, salts and seals. Nothing is judged but that each follows in its stream.
   * @throws RestoreRefused (one does not follow), AppendRefused, StoreUnavailable, OutcomeUnclear
   */
  receive(events: readonly StoredEvent[]): Promise<void>;
}

/** Why nothing may be recorded in a store; undefined where it may. */
export function closedBy(move: Move | undefined): string | undefined {
  switch (move?.kind) {
    case 'leaving':
      return `the history is being moved to ${move.to.place}: plenary migrate goes on with that, plenary migrate --give-up takes it back`;
    case 'left':
      return `the history was moved to ${move.to.place} on ${move.at}, and goes on there`;
    default:
      return unfinishedBy(move);
  }
}

/** Why what lies in a store may not even be read: it is a part of a history, or goes on elsewhere. */
export function unfinishedBy(move: Move | undefined): string | undefined {
  switch (move?.kind) {
    case 'arriving':
      return `a migration from ${move.from.place} is under way, and at least ${move.arrived} of ${move.records} records are here: plenary migrate goes on with it`;
    case 'discarded':
      return `a migration from ${move.from.place} was given up: the history goes on there, and what lies here is nobody's`;
    default:
      return undefined;
  }
}

/** Whether bookkeeping is refused too: what is moved along must stand still. */
export const isLeaving = (move: Move | undefined): boolean => move?.kind === 'leaving' || move?.kind === 'left';

export const readMove = (note: string | undefined): Move | undefined => (note === undefined ? undefined : (JSON.parse(note) as Move));
