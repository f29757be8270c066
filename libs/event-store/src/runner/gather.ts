// What a command must see of other streams, read before anything is decided: the revisions seen become the decision's basis.
import { isRefusal, streamName, type Decider, type Look, type Refusal, type Revision, type StreamRevision, type Uuid } from '#kernel';
import type { FoldedStream } from './folded-stream.js';
import type { MayKnow, Runner, Sought } from './runner.js';
import type { Waiting } from './waiting-command.js';

export interface Gathered {
  seen: unknown;
  refusal: Refusal | undefined;
  decidedOn: StreamRevision[];
  /** Whether what was looked at is durable and as it was: `seen` may hold the states themselves, which go on changing. */
  stands(): boolean;
}

export async function gather(runner: Runner, waiting: Waiting, folded: FoldedStream): Promise<Gathered> {
  const { look } = waiting.definition;
  const lookUpNamed = runner.parts.namedByAny?.(waiting.submission);
  if (!look && !lookUpNamed) return { seen: undefined, refusal: undefined, decidedOn: [], stands: () => true };
  const reading = new Reading(runner, folded, waiting.mayKnow);
  const looked: unknown = (await lookUpNamed?.(reading)) ?? (await look?.(waiting.submission.input, reading, folded.state));
  const seen = reading.untold ?? looked;
  return {
    ...(isRefusal(seen) ? { seen: undefined, refusal: seen } : { seen, refusal: undefined }),
    decidedOn: reading.decidedOn(),
    stands: () => reading.stands(),
  };
}

class Reading implements Look {
  private readonly looked = new Map<FoldedStream, StreamRevision>();
  /** Why it cannot be told whether the sender may know of something. That counts as unknown, and this is the answer, whatever comes of it. */
  untold: Refusal | undefined;

  constructor(
    private readonly runner: Runner,
    private readonly own: FoldedStream,
    private readonly senderMayKnow: MayKnow | undefined,
  ) {}

  async at<State>(decider: Decider<State, never>, id: Uuid): Promise<State | undefined> {
    const state = await this.whole(decider, id);
    return state !== undefined && (await this.mayKnow({ stream: streamName(decider.category, id) })) ? state : undefined;
  }

  shows(table: string, id: Uuid): Promise<boolean> {
    return this.mayKnow({ table, id });
  }

  async whole<State>(decider: Decider<State, never>, id: Uuid): Promise<State | undefined> {
    const stream = streamName(decider.category, id);
    if (stream === this.own.stream) return undefined;
    const other = await this.runner.durable(stream, decider);
    if (!this.looked.has(other)) this.looked.set(other, { stream, revision: other.exists ? (other.revision as Revision) : null });
    return other.isKnown ? (other.state as State) : undefined;
  }

  private async mayKnow(of: Sought): Promise<boolean> {
    if (this.untold) return false;
    const answer = (await this.senderMayKnow?.(of)) ?? true;
    if (!isRefusal(answer)) return answer;
    this.untold = answer;
    return false;
  }

  /** No round of a stream that was looked at began since: what was read may otherwise be of events that never become durable. */
  stands(): boolean {
    for (const [other, { revision }] of this.looked) if (other.pending || other.revision !== (revision ?? -1)) return false;
    return true;
  }

  /** Looked at twice while it moved: the older revision, so that the append's check finds the move. */
  decidedOn(): StreamRevision[] {
    const first = new Map<string, StreamRevision>();
    for (const each of this.looked.values()) if (!first.has(each.stream)) first.set(each.stream, each);
    return [...first.values()];
  }
}
