// Writes to one stream, with the exact revision that it must be at. What came of a call that nobody answered is found out.
import { binaryEvent, NO_STREAM, WrongExpectedVersionError, type AppendResult, type EventData } from '@eventstore/db-client';
import { AppendRefused, OutcomeUnclear, StoreUnavailable } from '../errors.js';
import { persist, unreachable, type Attempts } from './attempts.js';
import type { Connection } from './connection.js';
import { failureOf, messageOf, type Failure } from './failures.js';
import type { Pages, PlacedEvent } from './pages.js';
import { Refused } from './refusals.js';

export interface RawAppend {
  /** The full name of the stream. */
  stream: string;
  expected: number | 'none';
  events: readonly { id: string; type: string; data: Uint8Array }[];
  /** Whether nobody can have stored an event of these ids before: then what is acknowledged is what was sent. */
  isFirst?: boolean;
}

/** Far below every server's own limit, over the bytes as they are sent. */
export const MAX_BYTES = 1_000_000;

/** Events lie at other revisions than those they were sealed for: somebody deleted the stream in the database before. */
export class WrittenElsewhere extends Error {}

export class Appending {
  constructor(
    private readonly connection: Connection,
    private readonly pages: Pages,
    private readonly attempts: Attempts,
  ) {}

  /**
   * Answers the events where they lie, or undefined where other events lie there.
   * @throws AppendRefused, StoreUnavailable (nothing was stored), OutcomeUnclear, WrittenElsewhere
   */
  async append(append: RawAppend): Promise<PlacedEvent[] | undefined> {
    const { stream, expected, events, isFirst } = append;
    const first = expected === 'none' ? 0n : BigInt(expected) + 1n;
    const next = first + BigInt(events.length) - 1n;
    const written = await this.sent(append, next);
    // Where the server tells the place of the last event, and there is no other, everything is known.
    if (isFirst && written?.commit !== undefined && events.length === 1)
      return [{ ...events[0]!, streamId: stream, revision: next, commit: written.commit }];
    const stored = await this.readBack(append, first);
    if (stored.length === events.length && stored.every(({ id }, index) => id === events[index]!.id)) return stored;
    // Acknowledged, and not there: a leader that lost its place took it back. Sent again, it is written or meets what took its place.
    if (written) throw new OutcomeUnclear(`an append to ${stream} was acknowledged and is not there`);
    return undefined;
  }

  /**
   * The same without reading back: for whoever reads all of it afterwards. Answers whether they lie there.
   * @throws AppendRefused, StoreUnavailable, OutcomeUnclear, WrittenElsewhere
   */
  async place(append: RawAppend): Promise<boolean> {
    const last = (append.expected === 'none' ? -1n : BigInt(append.expected)) + BigInt(append.events.length);
    return (await this.sent(append, last)) !== undefined;
  }

  private async sent(append: RawAppend, last: bigint): Promise<{ revision: bigint; commit: bigint | undefined } | undefined> {
    const { stream, events } = append;
    const bytes = events.reduce((sum, { data }) => sum + data.length, 0);
    if (events.length === 0 || bytes > MAX_BYTES)
      throw new AppendRefused(`an append of ${events.length} events and ${bytes} bytes; at most ${MAX_BYTES} are sent`);
    const written = await this.write(append);
    if (written && written.revision !== last) {
      throw new WrittenElsewhere(
        `an append to ${stream} that should end at revision ${last} ended at ${written.revision}: the stream was deleted in the database before`,
      );
    }
    return written;
  }

  /** Where the append ended, or undefined where the stream is at another revision than it expects. */
  private async write({ stream, expected, events }: RawAppend): Promise<{ revision: bigint; commit: bigint | undefined } | undefined> {
    const proposed = events.map(({ id, type, data }) => binaryEvent({ id, type, data }));
    const failures = new Set<Failure>();
    try {
      const { nextExpectedRevision, position } = await persist(
        this.attempts,
        () => this.sendOnce(stream, expected, proposed),
        (failure) => failures.add(failure),
      );
      return { revision: nextExpectedRevision, commit: position?.commit };
    } catch (error) {
      if (error instanceof WrongExpectedVersionError) return undefined;
      throw failureToAppend(error, failures, () => this.offerNothing(stream, expected));
    }
  }

  private sendOnce(stream: string, expected: number | 'none', events: EventData[]): Promise<AppendResult> {
    return this.connection.call((client, options) =>
      client.appendToStream(stream, events, { ...options, expectedRevision: expected === 'none' ? NO_STREAM : BigInt(expected) }),
    );
  }

  /** The database looks at who may append before it looks at what is appended: nothing is stored. @throws StoreUnavailable where it refuses still, or does not answer */
  private async offerNothing(stream: string, expected: number | 'none'): Promise<void> {
    try {
      await this.sendOnce(stream, expected, []);
    } catch (error) {
      const failure = failureOf(error);
      if (failure === 'refused') throw new Refused('appending', messageOf(error), error, () => this.offerNothing(stream, expected));
      if (failure !== 'conflict' && failure !== 'deleted') throw unreachable(error);
    }
  }

  private async readBack({ stream, events }: RawAppend, first: bigint): Promise<PlacedEvent[]> {
    try {
      return await this.pages.stream(stream, first, 'forwards', events.length);
    } catch (error) {
      throw new OutcomeUnclear(`an append to ${stream} cannot be read back: ${messageOf(error)}`, { cause: error });
    }
  }
}

/** Every attempt failed with the same ids and revision: only where none can have arrived nothing was stored. */
function failureToAppend(error: unknown, failures: ReadonlySet<Failure>, askAgain: () => Promise<unknown>): Error {
  const failure = failureOf(error);
  if (failures.has('unclear') || failure === 'unclear')
    return new OutcomeUnclear(`the database did not say whether it stored the append: ${messageOf(error)}`, { cause: error });
  if (failure === 'deleted')
    return new StoreUnavailable('failing', `the stream was deleted in the database: ${messageOf(error)}`, { cause: error });
  if (failure === 'refused') return new Refused('appending', `the database refuses appends: ${messageOf(error)}`, error, askAgain);
  return unreachable(error);
}
