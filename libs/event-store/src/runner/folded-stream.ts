// A stream as its runner holds it: the folded state, and what every stream keeps beside it (commands seen, resources touched).
import {
  derivedId,
  parseStreamName,
  type Decider,
  type DomainEvent,
  type FoldedEvent,
  type Metadata,
  type Revision,
  type StoredEvent,
  type StreamName,
  type Uuid,
} from '#kernel';
import type { EventStore } from '../port.js';

/** The untyped view of a decider that the runner works with. */
export type AnyDecider = Decider<unknown, never>;

export interface SeenCommand {
  first: Revision;
  count: number;
  /** `lost` where it cannot be compared any more: the event that held it is a placeholder. */
  digest: string | undefined;
}

/** Of a command's events, counted from 0. */
export const eventId = (commandId: Uuid, at: number): Uuid => derivedId(commandId, `event/${at}`);

/** Reads an event of an older schema version as one of today's. */
export type Upcast = (type: string, schemaVersion: number, data: object) => object;

export class FoldedStream {
  /** -1 while the stream does not exist. */
  revision = -1;
  state: unknown;
  /** Whether it holds events of a round that may yet fail: nobody else may go by it. */
  pending = false;
  readonly commands = new Map<Uuid, SeenCommand>();
  readonly touched = new Map<Uuid, Revision>();
  /** Placeholders of events that were lost: what they said is not in the state. */
  private readonly lost = new Map<Uuid, Revision>();
  private openingLost = false;
  private readonly entity: Uuid;

  constructor(
    readonly stream: StreamName,
    private readonly decider: AnyDecider,
  ) {
    this.state = decider.initial();
    this.entity = parseStreamName(stream).id ?? ('' as Uuid);
  }

  get exists(): boolean {
    return this.revision >= 0;
  }

  /** Whether its state says what it is of. Where the event that opened it is lost, nothing does: to others it is as if it were not there. */
  get isKnown(): boolean {
    return this.exists && !this.openingLost;
  }

  get isIncomplete(): boolean {
    return this.lost.size > 0;
  }

  /** Where the events of a command lie that came before. One whose events were lost took effect all the same: their ids tell. */
  seen(commandId: Uuid): SeenCommand | undefined {
    const known = this.commands.get(commandId);
    if (known || !this.isIncomplete) return known;
    const first = this.lost.get(eventId(commandId, 0));
    if (first === undefined) return undefined;
    let count = 1;
    while (this.lost.has(eventId(commandId, count))) count += 1;
    return { first, count, digest: 'lost' };
  }

  fold(event: FoldedEvent, commandId: Uuid, digest: string | undefined): void {
    this.revision = event.revision;
    this.state = this.decider.evolve(this.state, event as never);
    for (const id of this.decider.touches(event as never, this.entity)) this.touched.set(id, event.revision);
    const seen = this.commands.get(commandId);
    if (seen) seen.count += 1;
    else this.commands.set(commandId, { first: event.revision, count: 1, digest });
  }

  /** Folds the whole stream as it is stored. */
  static async read(store: EventStore, stream: StreamName, decider: AnyDecider, upcast: Upcast): Promise<FoldedStream> {
    const folded = new FoldedStream(stream, decider);
    for await (const batch of store.readStream(stream)) {
      for (const stored of batch) folded.foldStored(stored, upcast);
    }
    return folded;
  }

  private foldStored(stored: StoredEvent, upcast: Upcast): void {
    if (stored.lost) {
      this.revision = stored.revision;
      this.lost.set(stored.id, stored.revision);
      if (stored.revision === 0) this.openingLost = true;
      return;
    }
    const meta = JSON.parse(stored.meta) as Metadata;
    const data = upcast(stored.type, stored.schemaVersion, JSON.parse(stored.data) as object);
    const event: FoldedEvent<DomainEvent> = {
      type: stored.type,
      data,
      id: stored.id,
      revision: stored.revision,
      recordedAt: stored.recordedAt,
      occurredAt: meta.occurredAt,
      ...(meta.typedAt && { typedAt: meta.typedAt }),
    };
    this.fold(event, meta.commandId, meta.bodyDigest);
  }
}
