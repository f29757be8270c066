// A history that moves from or into a database: the note of it, which every node hears, and given records, one append after the other.
import { randomUUID } from 'node:crypto';
import type { StoredEvent } from '#kernel';
import { RestoreRefused, StoreUnavailable } from '../errors.js';
import { MOVE_KEY, readMove, type Move, type Moving } from '../moving.js';
import { MAX_BYTES, type RawAppend } from './appending.js';
import type { PlacedEvent } from './pages.js';
import type { Parts } from './parts.js';
import { encode } from './stored-form.js';

/** The type of the note's events: the watch hears it among all others. */
export const MOVE_NOTED = 'plenary-move-noted';
const MAX_RUN_EVENTS = 500;
/** Others that write the note at the same time: each time, one of them is done. */
const MAX_ROUNDS = 50;

export class Moves implements Moving {
  private newest: { revision: number; move: Move } | undefined;

  constructor(private readonly parts: Pick<Parts, 'names' | 'pages' | 'appending'>) {}

  /** As far as it is known here. */
  get known(): Move | undefined {
    return this.newest?.move;
  }

  async read(): Promise<Move | undefined> {
    await this.look();
    return this.known;
  }

  async write(move: Move): Promise<void> {
    const events = [{ id: randomUUID(), type: MOVE_NOTED, data: Buffer.from(JSON.stringify(move)) }];
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const expected = (await this.look()) ?? 'none';
      const written = await this.parts.appending.append({ stream: this.stream, expected, events });
      if (!written) continue;
      this.hear(written[0]!);
      return;
    }
    throw new StoreUnavailable('failing', `too many write the note ${MOVE_KEY}`);
  }

  /** The events of a run lie side by side; the next run is sent when the one before is acknowledged: so the order is the one given. */
  async receive(events: readonly StoredEvent[]): Promise<void> {
    for (const { stream, first, raw } of runsOf(events)) {
      const run: RawAppend = { stream: this.parts.names.record + stream, expected: first === 0 ? 'none' : first - 1, events: raw };
      if (!(await this.parts.appending.place(run)))
        throw new RestoreRefused(`event ${raw[0]!.id} does not follow what is stored: its revision is not the next of ${stream}`);
    }
  }

  /** Of the note, whoever wrote it. An older one than is known changes nothing. */
  hear({ streamId, revision, data }: PlacedEvent): void {
    if (streamId !== this.stream || Number(revision) < (this.newest?.revision ?? 0)) return;
    this.newest = { revision: Number(revision), move: readMove(Buffer.from(data as Uint8Array).toString('utf8'))! };
  }

  /** The revision of the note that stands. */
  private async look(): Promise<number | undefined> {
    const [last] = await this.parts.pages.stream(this.stream, 'end', 'backwards', 1);
    if (last) this.hear(last);
    return last && Number(last.revision);
  }

  private get stream(): string {
    return this.parts.names.note + MOVE_KEY;
  }
}

interface Run {
  stream: string;
  first: number;
  raw: { id: string; type: string; data: Uint8Array }[];
}

/** Neighbours of one stream go in one append. */
function* runsOf(events: readonly StoredEvent[]): Generator<Run> {
  let run: Run | undefined;
  let bytes = 0;
  for (const event of events) {
    const raw = { id: event.id, type: event.type, data: encode(event) };
    const isNext = run?.stream === event.stream && run.first + run.raw.length === event.revision;
    if (run && isNext && run.raw.length < MAX_RUN_EVENTS && bytes + raw.data.length <= MAX_BYTES) {
      run.raw.push(raw);
      bytes += raw.data.length;
      continue;
    }
    if (run) yield run;
    run = { stream: event.stream, first: event.revision, raw: [raw] };
    bytes = raw.data.length;
  }
  if (run) yield run;
}
