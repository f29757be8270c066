// Hands events of the log to the projector; before a removal, reads again from the store what the removed texts may have reached.
import type { EventStore, LoggedEvent } from '#event-store';
import type { StoredEvent } from '#kernel';
import type { Checkpoint, Projector } from './projector.js';
import type { PlaceInStore } from './withholding.js';

/** @throws ProjectorStopped, and what the store throws: then the events before the removal are applied */
export async function applyLog(
  projector: Projector,
  store: Pick<EventStore, 'readStream'>,
  events: readonly LoggedEvent[],
): Promise<Checkpoint> {
  let from = 0;
  for (const [at, event] of events.entries()) {
    if (event.type !== 'value-removed') continue;
    // Where the texts lie is known once everything before is projected.
    if (at > from) projector.apply(events.slice(from, at));
    projector.apply([event], await readAgain(store, projector.placesFor(event)));
    from = at + 1;
  }
  return from < events.length ? projector.apply(events.slice(from)) : projector.checkpoint;
}

async function readAgain(store: Pick<EventStore, 'readStream'>, places: readonly PlaceInStore[]): Promise<StoredEvent[]> {
  const again: StoredEvent[] = [];
  for (const { stream, revision } of places) {
    for await (const [event] of store.readStream(stream, { from: revision, limit: 1 })) if (event) again.push(event);
  }
  return again;
}
