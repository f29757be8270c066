// Reads of the database, a page at a time: each is whole in memory before it is handed on, so that each ends within its time limit. One
// that takes longer, since others keep much in the database or the way to it is slow, is read in as many parts as it takes.
import {
  BACKWARDS,
  END,
  FORWARDS,
  START,
  StreamNotFoundError,
  type AllStreamResolvedEvent,
  type EventStoreDBClient,
  type ReadPosition,
  type ReadRevision,
  type ResolvedEvent,
  type StreamingRead,
} from '@eventstore/db-client';
import { StoreUnavailable, TailWithdrawn } from '../errors.js';
import { persist, unreachable, type Attempts } from './attempts.js';
import type { CallOptions, Connection } from './connection.js';
import { failureOf, isInvalidArgument, messageOf } from './failures.js';
import type { Names } from './names.js';
import type { Place } from './positions.js';
import { Refused } from './refusals.js';
import type { RawEvent } from './stored-form.js';

/** As the client reads it, with its place in the log. */
export interface PlacedEvent extends RawEvent {
  commit: bigint;
}

export class Pages {
  constructor(
    private readonly connection: Connection,
    private readonly attempts: Attempts,
  ) {}

  /** Of a stream by its full name. A stream that does not exist is empty. @throws StoreUnavailable */
  async stream(name: string, from: bigint | 'start' | 'end', direction: 'forwards' | 'backwards', limit: number): Promise<PlacedEvent[]> {
    const forwards = direction === 'forwards';
    const events: PlacedEvent[] = [];
    for (let fromRevision: ReadRevision = from === 'start' ? START : from === 'end' ? END : from; ;) {
      const maxCount = limit - events.length;
      const part = await this.read(
        (client, options) => client.readStream(name, { ...options, maxCount, direction: forwards ? FORWARDS : BACKWARDS, fromRevision }),
        () => this.stream(name, 'end', 'backwards', 1),
      );
      events.push(...part.events);
      const last = events.at(-1)?.revision;
      if (part.isWhole || last === undefined || events.length === limit || (!forwards && last === 0n)) return events;
      fromRevision = forwards ? last + 1n : last - 1n;
    }
  }

  /** Everything of the whole log from a position on, including it, or from its end backwards. @throws StoreUnavailable, TailWithdrawn */
  async all(from: bigint | 'start' | 'end', limit: number): Promise<PlacedEvent[]> {
    const forwards = from !== 'end';
    const events: PlacedEvent[] = [];
    for (let fromPosition: ReadPosition = from === 'start' ? START : from === 'end' ? END : at(from); ;) {
      const last = events.at(-1);
      // Forwards, a position includes what lies there.
      const known = forwards && last ? 1 : 0;
      const maxCount = limit - events.length + known;
      const part = await this.readAll(
        (client, options) => client.readAll({ ...options, maxCount, direction: forwards ? FORWARDS : BACKWARDS, fromPosition }),
        known,
      );
      if (last && known > 0 && part.events.shift()?.id !== last.id)
        throw new TailWithdrawn(`the database no longer holds event ${last.id} at its position`);
      events.push(...part.events);
      if (part.isWhole || events.length === 0 || events.length === limit) return events;
      fromPosition = at(events.at(-1)!.commit);
    }
  }

  /** What follows a place in the whole log. @throws StoreUnavailable; TailWithdrawn where another event lies there, or none */
  async after(place: Place, limit: number): Promise<PlacedEvent[]> {
    const [last, ...events] = await this.all(place.commit, limit + 1);
    if (last?.commit !== place.commit || last.id !== place.id)
      throw new TailWithdrawn(`the database no longer holds event ${place.id} at its position`);
    return events;
  }

  private async readAll(open: Open, known: number): Promise<Part> {
    try {
      return await this.read(open, () => this.all('end', 1), known);
    } catch (error) {
      if (error instanceof StoreUnavailable && isInvalidArgument(error.cause))
        throw new TailWithdrawn('the database has no such position any more', { cause: error });
      throw error;
    }
  }

  /**
   * @param again a short read of the same, for what is refused
   * @param known how many of its first events are read for the second time
   */
  private async read(open: Open, again: () => Promise<unknown>, known = 0): Promise<Part> {
    try {
      return await persist(this.attempts, () =>
        this.connection.call((client, options) => collect(open(client, options), options.deadline, known)),
      );
    } catch (error) {
      const failure = failureOf(error);
      if (failure === 'deleted')
        throw new StoreUnavailable('failing', `a stream of the record was deleted in the database: ${messageOf(error)}`, { cause: error });
      if (failure === 'refused') throw new Refused('reading', `the database refuses to be read: ${messageOf(error)}`, error, again);
      throw unreachable(error);
    }
  }
}

type Open = (client: EventStoreDBClient, options: CallOptions) => StreamingRead<ResolvedEvent | AllStreamResolvedEvent>;

const at = (commit: bigint): { commit: bigint; prepare: bigint } => ({ commit, prepare: commit });

interface Part {
  events: PlacedEvent[];
  /** Whether the database had said all when the time was over. */
  isWhole: boolean;
}

/** The client gives reads no deadline: one of which nothing new came in time is cancelled, and of one that still comes at half of it that is taken. */
function collect(reading: StreamingRead<ResolvedEvent | AllStreamResolvedEvent>, limitMs: number, known: number): Promise<Part> {
  return new Promise((resolve, reject) => {
    const events: PlacedEvent[] = [];
    const cancel = (): void => void reading.cancel().catch(() => undefined);
    const silent = setTimeout(cancel, limitMs);
    const slow = setTimeout(() => {
      if (events.length <= known) return;
      end();
      resolve({ events: [...events], isWhole: false });
      cancel();
    }, limitMs / 2);
    const end = (): void => {
      clearTimeout(silent);
      clearTimeout(slow);
    };
    reading.on('data', ({ event }: ResolvedEvent | AllStreamResolvedEvent) => {
      if (event) events.push(placed(event));
    });
    reading.on('error', (error) => {
      end();
      if (error instanceof StreamNotFoundError) resolve({ events: [], isWhole: true });
      else reject(error);
    });
    reading.on('end', () => {
      end();
      resolve({ events, isWhole: true });
    });
  });
}

interface Resolved {
  id: string;
  streamId: string;
  revision: bigint;
  type: string;
  data: unknown;
  position?: { commit: bigint };
}

/** The database tells the position of every event since 23.6. */
export const placed = ({ id, streamId, revision, type, data, position }: Resolved): PlacedEvent => ({
  id,
  streamId,
  revision,
  type,
  data,
  commit: position!.commit,
});

/** Whether an event is numbered: what ends a stream for good lies in it, and is none of ours. */
export const isNumbered = ({ streamId, type }: RawEvent, { record }: Names): boolean =>
  streamId.startsWith(record) && type !== '$streamDeleted';
