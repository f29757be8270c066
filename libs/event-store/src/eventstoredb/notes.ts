// Bookkeeping: one stream a key, outside the prefix of the record. The last event is the value.
import { randomUUID } from 'node:crypto';
import { StoreUnavailable } from '../errors.js';
import type { Bookkeeping } from '../port.js';
import type { Appending } from './appending.js';
import type { Names } from './names.js';
import type { Pages } from './pages.js';

/** Others that write the same key at the same time: each time, one of them is done. */
const MAX_ROUNDS = 50;

export class Notes implements Bookkeeping {
  constructor(
    private readonly names: Names,
    private readonly pages: Pages,
    private readonly appending: Appending,
  ) {}

  async read(key: string): Promise<string | undefined> {
    return (await this.last(key))?.value;
  }

  async write(key: string, value: string): Promise<void> {
    // The same id in every round: where an append came through unheard, it is found instead of written twice.
    const events = [{ id: randomUUID(), type: 'note-written', data: Buffer.from(value) }];
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const last = await this.last(key);
      if (
        last?.id === events[0]!.id ||
        (await this.appending.append({ stream: this.streamOf(key), expected: last?.revision ?? 'none', events }))
      )
        return;
    }
    throw new StoreUnavailable('failing', `too many write the note ${key}`);
  }

  /** Writes a value where there is none yet. Answers the one that stands. */
  async writeOnce(key: string, value: string): Promise<string> {
    const standing = await this.read(key);
    if (standing !== undefined) return standing;
    const events = [{ id: randomUUID(), type: 'note-written', data: Buffer.from(value) }];
    if (await this.appending.append({ stream: this.streamOf(key), expected: 'none', events })) return value;
    return (await this.read(key))!;
  }

  private async last(key: string): Promise<{ id: string; revision: number; value: string } | undefined> {
    const [last] = await this.pages.stream(this.streamOf(key), 'end', 'backwards', 1);
    return last && { id: last.id, revision: Number(last.revision), value: Buffer.from(last.data as Uint8Array).toString('utf8') };
  }

  /** The names of streams are kept to ASCII. */
  private streamOf(key: string): string {
    return `${this.names.note}${encodeURIComponent(key)}`;
  }
}
