// Follows the log for as long as it may: subscribes again after each failure, from the last event that was handed on, and only where
// that one is still there.
import { START, type Filter } from '@eventstore/db-client';
import { StoreUnavailable, TailWithdrawn } from '../errors.js';
import type { Timing } from './attempts.js';
import type { Connection } from './connection.js';
import { within } from './connection.js';
import { failureOf, isInvalidArgument, messageOf } from './failures.js';
import { Feed, FEED_BUFFER, type FeedNotice } from './feed.js';
import type { Pages, PlacedEvent } from './pages.js';
import type { Place } from './positions.js';

export const FIRST_PAUSE_MS = 50;
export const LAST_PAUSE_MS = 5_000;

export interface FollowingParts {
  connection: Connection;
  pages: Pages;
  timing: Timing;
  filter: Filter;
  /** Told whenever it begins anew, and why. */
  onInterrupted?: (error: unknown) => void;
}

/**
 * Every event that the filter lets through after a place, from the beginning where there is none; handed on one notice at a time.
 * @throws TailWithdrawn where the last event that was handed on, or the place, is no longer there; StoreUnavailable where the
 *   database refuses
 */
export async function* followLog(parts: FollowingParts, after: Place | undefined, signal: AbortSignal): AsyncGenerator<FeedNotice> {
  let last = after;
  let pauseMs = FIRST_PAUSE_MS;
  while (!signal.aborted) {
    try {
      for await (const notice of subscribeOnce(parts, last, signal)) {
        pauseMs = FIRST_PAUSE_MS;
        if (notice.kind === 'caught-up') yield notice;
        else {
          const events = orderly(notice.events, last);
          if (events.length === 0) continue;
          const { commit, id } = events.at(-1)!;
          last = { commit, id };
          yield { kind: 'events', events };
        }
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof TailWithdrawn || error instanceof StoreUnavailable) throw error;
      if (isInvalidArgument(error)) throw new TailWithdrawn(`the database has no position ${last?.commit} any more`, { cause: error });
      if (failureOf(error) === 'refused')
        throw new StoreUnavailable('failing', `the database refuses to be followed: ${messageOf(error)}`, { cause: error });
      parts.onInterrupted?.(error);
    }
    await parts.timing.pause(pauseMs, signal);
    pauseMs = Math.min(pauseMs * 2, LAST_PAUSE_MS);
  }
}

async function* subscribeOnce(
  { connection, pages, timing, filter }: FollowingParts,
  last: Place | undefined,
  signal: AbortSignal,
): AsyncGenerator<FeedNotice> {
  const { client, release } = connection.hold();
  let feed: Feed | undefined;
  try {
    const fromPosition = last === undefined ? START : { commit: last.commit, prepare: last.commit };
    feed = new Feed(client.subscribeToAll({ ...connection.options, fromPosition, filter }, { highWaterMark: FEED_BUFFER }));
    await within(timing.callLimitMs, feed.confirmed);
    // Only now: a tail that is withdrawn later than this ends the subscription.
    if (last) await pages.after(last, 1);
    for (let notice = await feed.next(signal); notice; notice = await feed.next(signal)) yield notice;
    release();
  } catch (error) {
    release(error);
    throw error;
  } finally {
    release();
    feed?.close();
  }
}

/**
 * The events without those that were delivered twice, as a database may that goes on after a fault.
 * @throws TailWithdrawn where they do not lie behind what came before
 */
function orderly(events: readonly PlacedEvent[], before: Place | undefined): PlacedEvent[] {
  let last = before;
  return events.filter((event) => {
    if (last && event.commit === last.commit && event.id === last.id) return false;
    if (last && event.commit <= last.commit)
      throw new TailWithdrawn(`event ${event.id} lies before event ${last.id}, which was delivered earlier`);
    last = event;
    return true;
  });
}
