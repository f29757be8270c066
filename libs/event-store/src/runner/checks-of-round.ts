// Which streams must not have moved, of all at which the commands of a round looked.
import type { Revision, StreamName, StreamRevision } from '#kernel';
import { ChecksFailed } from '../errors.js';
import type { EventStore } from '../port.js';
import type { Decided } from './decide-round.js';

/**
 * Each stream once, at the oldest revision that a command of the round saw: where it moved between two looks, the append
 * fails and both are decided again. Refused commands count too: their answer rests on what they saw.
 */
export function mergeChecks(decided: readonly Decided[]): StreamRevision[] {
  const checks = new Map<StreamName, StreamRevision>();
  for (const { decidedOn } of decided) {
    for (const each of decidedOn) {
      const other = checks.get(each.stream);
      if (!other || (each.revision ?? -1) < (other.revision ?? -1)) checks.set(each.stream, each);
    }
  }
  return [...checks.values()];
}

/** The first of them that stands at another revision now. */
export async function findMoved(store: EventStore, checks: readonly StreamRevision[]): Promise<ChecksFailed | undefined> {
  for (const check of checks) {
    let actual: Revision | null = null;
    for await (const [last] of store.readStream(check.stream, { direction: 'backwards', limit: 1 })) actual = last!.revision;
    if (actual !== check.revision) return new ChecksFailed(check, actual);
  }
  return undefined;
}
