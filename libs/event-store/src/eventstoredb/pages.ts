// Reads of the database, a page at a time: each is whole in memory before it is handed on, so that each ends within its time limit.
import { BACKWARDS, END, FORWARDS, START, StreamNotFoundError, type AllStreamResolvedEvent, type EventStoreDBClient, type ResolvedEvent, type StreamingRead } from '@eventstore/db-client';
import { StoreUnavailable, TailWithdrawn } from '../errors.js';
import { persist, unreachable, type Attempts } from './attempts.js';
import type { CallOptions, Connection } from './connection.js';
import { failureOf, isInvalidArgument, messageOf } from './failures.js';
import type { Names } from './names.js';
import type { Place } from './positions.js';
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
  stream(name: string, from: bigint | 'start' | 'end', direction: 'forwards' | 'backwards', limit: number): Promise<PlacedEvent[]> {
    return this.read((client, options) =>
      client.readStream(name, {
        ...options,
        maxCount: limit,
        direction: direction === 'forwards' ? FORWARDS : BACKWARDS,
        fromRevision: from === 'start' ? START : from === 'end' ? END : from,
      }),
    );
  }

  /** Everything of the whole log from a position on, including it, or from its end backwards. @throws StoreUnavailable, TailWithdrawn */
  async all(from: bigint | 'start' | 'end', limit: number): Promise<PlacedEvent[]> {
    try {
      return await this.read((client, options) =>
        client.readAll({
          ...options,
          maxCount: limit,
          direction: from === 'end' ? BACKWARDS : FORWARDS,
          fromPosition: from === 'start' ? START : from === 'end' ? END : { commit: from, prepare: from },
        }),
      );
    } catch (error) {
      if (error instanceof StoreUnavailable && isInvalidArgument(error.cause)) throw new TailWithdrawn(`the database has no position ${from} any more`, { cause: error });
      throw error;
    }
  }

  /** What follows a place in the whole log. @throws StoreUnavailable; TailWithdrawn where another event lies there, or none */
  async after(place: Place, limit: number): Promise<PlacedEvent[]> {
    const [last, ...events] = await this.all(place.commit, limit + 1);
    if (last?.commit !== place.commit || last.id !== place.id) throw new TailWithdrawn(`the database no longer holds event ${place.id} at its position`);
    return events;
  }

  private async read(open: (client: EventStoreDBClient, options: CallOptions) => StreamingRead<ResolvedEvent | AllStreamResolvedEvent>): Promise<PlacedEvent[]> {
    try {
      return await persist(this.attempts, () => this.connection.call((client, options) => collect(open(client, options), options.deadline)));
    } catch (error) {
      const failure = failureOf(error);
      if (failure === 'deleted') throw new StoreUnavailable('failing', `a stream of the record was deleted in the database: ${messageOf(error)}`, { cause: error });
      if (failure === 'refused') throw new StoreUnavailable('failing', `the database refuses to be read: ${messageOf(error)}`, { cause: error });
      throw unreachable(error);
    }
  }
}

/** The client gives reads no deadline: one that takes too long is cancelled. */
function collect(reading: StreamingRead<ResolvedEvent | AllStreamResolvedEvent>, limitMs: number): Promise<PlacedEvent[]> {
  return new Promise((resolve, reject) => {
    const events: PlacedEvent[] = [];
    const timer = setTimeout(() => void reading.cancel().catch(() => undefined), limitMs);
    reading.on('data', ({ event }: ResolvedEvent | AllStreamResolvedEvent) => {
      if (event) events.push(placed(event));
    });
    reading.on('error', (error) => {
      clearTimeout(timer);
      if (error instanceof StreamNotFoundError) resolve([]);
      else reject(error);
    });
    reading.on('end', () => {
      clearTimeout(timer);
      resolve(events);
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
export const placed = ({ id, streamId, revision, type, data, position }: Resolved): PlacedEvent => ({ id, streamId, revision, type, data, commit: position!.commit });

/** Whether an event is numbered: what ends a stream for good lies in it, and is none of ours. */
export const isNumbered = ({ streamId, type }: RawEvent, { record }: Names): boolean => streamId.startsWith(record) && type !== '$streamDeleted';
