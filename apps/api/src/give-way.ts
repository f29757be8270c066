// Threads that work behind the answers give way to those that make them.
import { constants, setPriority } from 'node:os';

/**
 * Lowers the priority of the calling thread, so that the one that answers requests and the one that commits are not kept waiting
 * for a core. How far the register may fall behind is bounded by `ProjectionGate`. On Linux alone a priority is a thread's.
 */
export function giveWay(): void {
  if (process.platform !== 'linux') return;
  try {
    setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Where it may not be lowered, everything works all the same.
  }
}
