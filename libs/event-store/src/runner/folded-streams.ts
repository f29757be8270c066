// A bounded cache of folded streams, least recently used first out.
import type { StreamName } from '#kernel';
import type { FoldedStream } from './folded-stream.js';

export class FoldedStreams {
  private readonly kept = new Map<StreamName, FoldedStream>();
  private weight = 0;

  /** @param capacity how many events the kept streams may have been folded from, in all */
  constructor(private readonly capacity: number) {}

  get(stream: StreamName): FoldedStream | undefined {
    const folded = this.kept.get(stream);
    if (folded) {
      this.kept.delete(stream);
      this.kept.set(stream, folded);
    }
    return folded;
  }

  keep(folded: FoldedStream): void {
    this.drop(folded.stream);
    this.kept.set(folded.stream, folded);
    this.weight += weightOf(folded);
    for (const [stream, oldest] of this.kept) {
      if (this.weight <= this.capacity || stream === folded.stream) break;
      this.kept.delete(stream);
      this.weight -= weightOf(oldest);
    }
  }

  /** Accounts for events that were folded into a stream, if it is still kept. */
  grew(stream: StreamName, by: number): void {
    if (this.kept.has(stream)) this.weight += by;
  }

  drop(stream: StreamName): void {
    const folded = this.kept.get(stream);
    if (!folded) return;
    this.kept.delete(stream);
    this.weight -= weightOf(folded);
  }
}

/** A stream without events is remembered too, and weighs as much as one event. */
const weightOf = (folded: FoldedStream): number => Math.max(1, folded.revision + 1);
