// Builds appends for tests, sealed by the real sealer.
import type { Append } from '../port.js';
import { Sealer } from '../sealer.js';
import {
  randomId,
  sealed,
  streamName,
  utcTime,
  type Metadata,
  type Revision,
  type Sealed,
  type SealedEvent,
  type StreamName,
  type Uuid,
} from '#kernel';

export const testWriterKey = Buffer.alloc(32, 7);
export const testSealer = new Sealer(testWriterKey);

const SUBJECT = '11111111-1111-8111-8111-111111111111' as Uuid;
const RECORDED_FROM_MS = Date.UTC(2024, 3, 29, 7, 30);

export interface SealingOptions {
  ids?: readonly Uuid[];
  /** A text for each event; some with every kind of letter where absent. */
  text?: string;
  /** Other texts, each sealed by itself. */
  moreTexts?: readonly string[];
}

/** `count` events for a stream from revision `first` on. The same ids give other salts each time. */
export function sealEvents(stream: StreamName, first: number, count: number, options: SealingOptions = {}): SealedEvent[] {
  return Array.from({ length: count }, (_, index) => {
    const revision = (first + index) as Revision;
    return testSealer.seal(stream, revision, utcTime(RECORDED_FROM_MS + revision * 1000), {
      id: options.ids?.[index] ?? randomId(),
      event: {
        type: 'remark-made',
        data: {
          remark: randomId(),
          number: revision,
          text: [options.text ?? `Remark ${revision}: naïve “quotes” 日本語 𝒳 \\ \n\t`, ...(options.moreTexts ?? [])].map((text) => ({
            lang: 'en',
            text: sealed(text),
          })),
        },
      },
      schemaVersion: 1,
      metadata: metadata(),
    });
  });
}

const metadata = (): Metadata<Sealed> => ({
  occurredAt: '2024-04-29T09:30:00+02:00' as Metadata['occurredAt'],
  actor: { subject: SUBJECT, role: 'secretariat', name: sealed('A. Clerk') },
  commandId: randomId(),
  correlation: randomId(),
});

export const newStream = (): StreamName => streamName('meeting', randomId());

/** An append of `count` events to a stream whose last revision is `expected`. */
export function sealAppend(
  stream: StreamName,
  expected: number | 'none' = 'none',
  count = 1,
  options: SealingOptions & { checks?: Append['checks'] } = {},
): Append {
  const { checks, ...sealing } = options;
  return {
    stream,
    expected: expected as Append['expected'],
    events: sealEvents(stream, expected === 'none' ? 0 : expected + 1, count, sealing),
    ...(checks && { checks }),
  };
}

/** The same append tried again: the same ids, and other salts, seals and leaves. */
export const resealed = (append: Append): Append => ({
  ...append,
  events: sealEvents(append.stream, append.expected === 'none' ? 0 : append.expected + 1, append.events.length, {
    ids: append.events.map((event) => event.id),
  }),
});
