import { describe, expect, it } from '@jest/globals';
import type { Revision, StreamName, Uuid, UtcTime } from '#kernel';
import { FoldedStream } from './folded-stream.js';
import { FoldedStreams } from './folded-streams.js';
import { tally, tallyStream } from './testing/tally.js';

function grow(folded: FoldedStream, by: number): void {
  for (let count = 0; count < by; count++) {
    const revision = (folded.revision + 1) as Revision;
    const recordedAt = '2024-04-29T12:00:00.000Z' as UtcTime;
    folded.fold(
      { type: 'added', data: { by: 1 }, id: `${revision}` as Uuid, revision, recordedAt, occurredAt: recordedAt as never },
      `${revision}` as Uuid,
      undefined,
    );
  }
}

function foldedFrom(events: number): FoldedStream {
  const folded = new FoldedStream(tallyStream(), tally);
  grow(folded, events);
  return folded;
}

describe('folded streams', () => {
  const kept = (cache: FoldedStreams, streams: readonly FoldedStream[]): boolean[] =>
    streams.map(({ stream }) => cache.get(stream) !== undefined);

  it('are kept up to a number of events, the least recently used go first', () => {
    const cache = new FoldedStreams(10);
    const [a, b, c] = [foldedFrom(4), foldedFrom(4), foldedFrom(4)] as const;
    cache.keep(a);
    cache.keep(b);
    cache.get(a.stream);
    cache.keep(c);
    expect(kept(cache, [a, b, c])).toEqual([true, false, true]);
  });

  it('are kept when one alone is too large', () => {
    const cache = new FoldedStreams(10);
    const large = foldedFrom(11);
    cache.keep(foldedFrom(1));
    cache.keep(large);
    expect(cache.get(large.stream)).toBe(large);
  });

  it('weigh more as they grow', () => {
    const cache = new FoldedStreams(10);
    const [a, b] = [foldedFrom(1), foldedFrom(5)] as const;
    cache.keep(a);
    grow(a, 8);
    cache.grew(a.stream, 8);
    cache.keep(b);
    expect(kept(cache, [a, b])).toEqual([false, true]);
  });

  it('weigh nothing once they are gone, however they grew', () => {
    const cache = new FoldedStreams(10);
    for (let round = 0; round < 100; round++) {
      const folded = foldedFrom(0);
      cache.keep(folded);
      grow(folded, 3);
      cache.grew(folded.stream, 3);
      cache.drop(folded.stream);
    }
    const [a, b] = [foldedFrom(5), foldedFrom(5)] as const;
    cache.keep(a);
    cache.keep(b);
    expect(kept(cache, [a, b])).toEqual([true, true]);
  });

  it('that are kept again count once, and one that is not kept does not grow', () => {
    const cache = new FoldedStreams(10);
    const [a, b] = [foldedFrom(5), foldedFrom(5)] as const;
    for (let times = 0; times < 5; times++) cache.keep(a);
    cache.grew('meeting-of-nobody' as StreamName, 100);
    cache.keep(b);
    expect(kept(cache, [a, b])).toEqual([true, true]);
  });
});
