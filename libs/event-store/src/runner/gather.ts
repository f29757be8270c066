// What a command must see of other streams, read before anything is decided: the revisions seen become the decision's basis.
import { isRefusal, streamName, type Look, type Refusal, type Revision, type StreamRevision } from '#kernel';
import type { FoldedStream } from './folded-stream.js';
import type { Runner } from './runner.js';
import type { Waiting } from './stream-queue.js';

export interface Gathered {
  seen: unknown;
  refusal: Refusal | undefined;
  decidedOn: StreamRevision[];
}

export async function gather(runner: Runner, waiting: Waiting, folded: FoldedStream): Promise<Gathered> {
  const { look } = waiting.definition;
  if (!look) return { seen: undefined, refusal: undefined, decidedOn: [] };
  const decidedOn = new Map<string, StreamRevision>();
  const reading: Look = {
    async at(decider, id) {
      const stream = streamName(decider.category, id);
      if (stream === folded.stream) return undefined;
      const other = await runner.durable(stream, decider);
      const revision = other.exists ? (other.revision as Revision) : null;
      const before = decidedOn.get(stream);
      // Looked at twice while it moved: keep the older revision, so that the append's check finds the move.
      if (!before) decidedOn.set(stream, { stream, revision });
      return other.exists ? (other.state as never) : undefined;
    },
  };
  const seen = await look(waiting.submission.input as never, reading, folded.state as never);
  return { ...(isRefusal(seen) ? { seen: undefined, refusal: seen } : { seen, refusal: undefined }), decidedOn: [...decidedOn.values()] };
}
