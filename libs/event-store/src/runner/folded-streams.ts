// A bounded cache of folded streams, least recently used first out.
import type { StreamName } from '#kernel';
import type { FoldedStream } from './folded-stream.js';

export class FoldedStreams {
  private readonly kept = new Map<StreamName, { folded: FoldedStream; weight: number }>();
  private weight = 0;

  /** @param capacity how many events the kept streams may have been folded from, in all */
  constructor(private readonly capacity: number) {}

  get(stream: StreamName): FoldedStream | undefined {
    const entry = this.kept.get(stream);
    if (entry) {
      this.kept.delete(stream);
      this.kept.set(stream, entry);
    }
    return entry?.folded;
  }

  keep(folded: FoldedStream): void {
    this.drop(folded.stream);
    // A stream without events is remembered too, and weighs as much as one event.
    const weight = Math.max(1, folded.revision + 1);
    this.kept.set(folded.stream, { folded, weight });
    this.weight += weight;
    for (const stream of this.kept.keys()) {
      if (this.weight <= this.capacity || stream === folded.stream) break;
      this.drop(stream);
    }
  }

  /** Accounts for events that were folded into a stream, if it is still kept. */
  grew(stream: StreamName, by: number): void {
    const entry = this.kept.get(stream);
    if (!entry) return;
    entry.weight += by;
    this.weight += by;
  }

  drop(stream: StreamName): void {
    this.weight -= this.kept.get(stream)?.weight ?? 0;
    this.kept.delete(stream);
  }
}
