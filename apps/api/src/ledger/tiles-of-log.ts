// Tiles of level 0 where neither the signer's directory nor a register is at hand: hashed from the log itself. Of an altered record they
// show nothing; the root that was signed does.
import { leafEntryOf, nodeHashes, type EventStore } from '#event-store';
import { TILE_WIDTH, tileBytes, type HashOf } from '#ledger/core';
import type { SignedTiles } from './signed-tiles.js';

export class TilesOfLog implements SignedTiles {
  private reading: AsyncGenerator<Uint8Array> | undefined;
  /** The tile that comes next. */
  private next = 0;

  constructor(private readonly store: Pick<EventStore, 'readLog'>) {}

  file(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  /** Asked for by growing index, the log is read once. */
  async tile(index: number, width: number): Promise<Uint8Array> {
    if (!this.reading || index < this.next) await this.begin();
    for (;;) {
      const row: Uint8Array[] = [];
      while (row.length < (this.next < index ? TILE_WIDTH : width)) {
        const leaf = await this.reading!.next();
        if (leaf.done) throw new Error(`the log ends before record ${this.next * TILE_WIDTH + row.length + 1}`);
        row.push(leaf.value);
      }
      this.next += 1;
      if (this.next > index) return tileBytes(row);
    }
  }

  hashesFor(): Promise<HashOf> {
    return Promise.reject(new Error('the log alone makes no proofs'));
  }

  forget(): void {
    this.next = Infinity;
  }

  async close(): Promise<void> {
    await this.reading?.return(undefined);
  }

  private async begin(): Promise<void> {
    await this.close();
    this.reading = leavesOf(this.store);
    this.next = 0;
  }
}

async function* leavesOf(store: Pick<EventStore, 'readLog'>): AsyncGenerator<Uint8Array> {
  for await (const events of store.readLog()) for (const event of events) yield nodeHashes.leaf(Buffer.from(leafEntryOf(event)));
}
