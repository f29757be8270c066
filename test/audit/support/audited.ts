// A small made-up register with its log behind it, for what the auditor asks: no server, no clock.
import type { EventStore, LoggedEvent, ReadLog } from '#event-store';
import { streamName, type Reader, type StreamName, type Uuid } from '#kernel';
import { Records } from '../../../libs/audit/src/records.js';
import { Replay, type Pause } from '../../../libs/audit/src/replay.js';
import { History, idOf, typed, Workbench, WRITER_KEY } from '../../../libs/read-models/src/testing/index.js';
import { madeUp, madeUpCatalogue } from '../../../libs/read-models/src/testing/made-up.js';

export const hallId = (name: string): Uuid => idOf(`hall ${name}`);
export const hallStream = (name: string): StreamName => streamName('body', hallId(name));
/** Reads what is public, as everybody does. */
export const everybody: Reader = { subject: idOf('everybody'), role: 'public', bodies: [] };

export class Audited {
  readonly history = new History();
  readonly bench = new Workbench({ projections: [madeUp], catalogue: madeUpCatalogue });

  /** Answers the number of the record. */
  record(stream: StreamName, type: string, data: object): number {
    this.history.record({ stream, type, data });
    this.bench.project(this.history.events);
    return this.history.events.length;
  }

  openHall(name: string, audience?: object): number {
    return this.record(hallStream(name), 'hall-opened', { name: typed(`Hall ${name}`), ...(audience && { audience }) });
  }

  planSession(name: string, hall: string, more: object = {}): number {
    return this.record(hallStream(hall), 'session-planned', {
      session: idOf(name),
      hall: hallId(hall),
      title: typed(`Session ${name}`),
      starts: '2024-04-29',
      seats: 10,
      audience: { kind: 'public' },
      ...more,
    });
  }

  changeSession(name: string, hall: string, columns: object): number {
    return this.record(hallStream(hall), 'session-changed', { session: idOf(name), hall: hallId(hall), ...columns });
  }

  replay(pause?: Pause, elapsed?: () => number): Replay {
    const records = new Records(logOnly(this.history.events), this.bench.reading, WRITER_KEY);
    return new Replay(this.bench.reading, records, this.bench.schema, pause, elapsed);
  }

  close(): void {
    this.bench.close();
  }
}

/** The log is all that records are read from. */
function logOnly(events: readonly LoggedEvent[]): EventStore {
  async function* readLog({ after, limit = Infinity }: ReadLog = {}): AsyncGenerator<readonly LoggedEvent[]> {
    const from = after === undefined ? 0 : events.findIndex(({ position }) => position === after) + 1;
    yield await Promise.resolve(events.slice(from, from + limit));
  }
  return { readLog } as unknown as EventStore;
}
