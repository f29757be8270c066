// What the projector's thread and the main thread tell each other.
import type { Checkpoint } from '../projector.js';
import type { StopReason } from '../projector-stopped.js';

/** `follow` serves the current file for as long as the process runs; `build` makes another one beside it, and ends. */
export type ProjectorTask = { kind: 'follow' } | { kind: 'build'; file: string };

export type ToProjector = { kind: 'stop' } | { kind: 'adopt'; file: string };

/** Why nothing is projected: what stopped for good, and what is tried again. */
export interface Alarm {
  reason: StopReason | 'store';
  message: string;
  /** Of what is unwritable: it will not pass by itself. */
  isLasting?: true;
  /** The record that could not be projected. */
  record?: number;
  eventId?: string;
}

export type FromProjector =
  | { kind: 'progress'; checkpoint: Checkpoint }
  /** Everything that was in the log is projected. */
  | { kind: 'caught-up' }
  /** The pointer names another file now. */
  | { kind: 'current' }
  | { kind: 'built'; file: string }
  /** Removed texts may still lie in free space of the file, and why: it is tried again. */
  | { kind: 'residues'; message: string }
  | { kind: 'alarm'; alarm: Alarm }
  /** Following the log began anew. */
  | { kind: 'interrupted' }
  /** What was tried again went well. */
  | { kind: 'all-clear' };
