// Makes histories for tests: events sealed as a runner would seal them, in the order of a global log.
import { Sealer, type LoggedEvent, type Position } from '#event-store';
import {
  derivedId,
  sealText,
  utcTime,
  type Actor,
  type LocalizedText,
  type Metadata,
  type Revision,
  type Sealed,
  type SealedText,
  type StreamName,
  type Uuid,
} from '#kernel';

export const WRITER_KEY = Buffer.alloc(32, 7);
export const START_MS = Date.parse('2024-04-29T08:00:00.000Z');

/** An id that a test can tell again: the same for the same name. */
export const idOf = (name: string): Uuid => derivedId('test', name);
export const text = (english: string, lang = 'en'): LocalizedText => [{ lang, text: english }];
export const typed = (english: string, lang = 'en'): SealedText => sealText(text(english, lang));

export interface Recorded {
  stream: StreamName;
  type: string;
  /** Typed texts are marked, as a decider marks them. */
  data: object;
  schemaVersion?: number;
  /** Milliseconds; a second after the event before where absent. */
  recordedAt?: number;
  meta?: Partial<Metadata<Sealed>>;
}

const actor: Actor<Sealed> = { subject: idOf('subject'), role: 'secretariat' };

export class History {
  readonly events: LoggedEvent[] = [];
  private readonly revisions = new Map<string, number>();
  private readonly sealer: Sealer;
  private lastMs = START_MS - 1000;

  /** @param before what it goes on from */
  constructor(writerKey: Buffer = WRITER_KEY, before: readonly LoggedEvent[] = []) {
    this.sealer = new Sealer(writerKey);
    for (const event of before) {
      this.events.push(event);
      this.revisions.set(event.stream, event.revision);
      this.lastMs = Date.parse(event.recordedAt);
    }
  }

  /** What a property that fails prints. */
  [Symbol.for('fast-check/toStringMethod')](): string {
    return this.events.map(({ type, data }, index) => `${index + 1} ${type} ${data}`).join('\n');
  }

  record({ stream, type, data, schemaVersion = 1, recordedAt = this.lastMs + 1000, meta }: Recorded): this {
    const record = this.events.length + 1;
    const revision = ((this.revisions.get(stream) ?? -1) + 1) as Revision;
    const at = utcTime(recordedAt);
    const id = derivedId('test', `event ${record}`);
    const metadata: Metadata<Sealed> = {
      occurredAt: at as never,
      actor,
      commandId: derivedId('test', `command ${record}`),
      correlation: derivedId('test', `correlation ${record}`),
      ...meta,
    };
    const sealedEvent = this.sealer.seal(stream, revision, at, { id, event: { type, data }, schemaVersion, metadata });
    this.events.push({ ...sealedEvent, stream, revision, position: `test:${record}` as Position });
    this.revisions.set(stream, revision);
    this.lastMs = recordedAt;
    return this;
  }
}
