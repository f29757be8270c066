// A history that moves from or into a directory: the note of it, which the one process that writes there keeps, and given records.
import type { StoredEvent } from '#kernel';
import { RestoreRefused, StoreUnavailable } from '../errors.js';
import { closedBy, isLeaving, MOVE_KEY, readMove, type Move, type Moving } from '../moving.js';
import type { WriterThread } from './writer-thread.js';

export class Moves implements Moving {
  private move: Move | undefined;

  /** @param standing the note as it lies there when the store is opened: nobody else changes it meanwhile */
  constructor(
    private readonly parts: { note: () => Promise<string | undefined>; thread: () => WriterThread },
    standing: string | undefined,
  ) {
    this.move = readMove(standing);
  }

  /** Why nothing may be recorded. */
  get closed(): string | undefined {
    return closedBy(this.move);
  }

  /** @throws StoreUnavailable where the history goes on elsewhere, or is not whole yet */
  assertHere(): void {
    const { closed } = this;
    if (closed !== undefined) throw new StoreUnavailable('moved', closed);
  }

  /** @throws StoreUnavailable where what is noted moves along, and must stand still */
  assertNotable(): void {
    if (isLeaving(this.move)) this.assertHere();
  }

  async read(): Promise<Move | undefined> {
    return readMove(await this.parts.note());
  }

  async write(move: Move): Promise<void> {
    await this.parts.thread().write({ kind: 'note', key: MOVE_KEY, value: JSON.stringify(move) });
    this.move = move;
  }

  async receive(events: readonly StoredEvent[]): Promise<void> {
    await putBehind(this.parts.thread(), events);
  }
}

/** All of them or none. @throws RestoreRefused, StoreUnavailable, OutcomeUnclear */
export async function putBehind(writer: WriterThread, events: readonly StoredEvent[]): Promise<void> {
  if (events.length === 0) return;
  const outcome = await writer.write({ kind: 'restore', events });
  if (outcome.kind === 'not-next')
    throw new RestoreRefused(
      `event ${events[outcome.at]!.id} does not follow what is stored: its revision is not the next of ${events[outcome.at]!.stream}, or its id is taken`,
    );
}
