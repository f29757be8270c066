// Puts the missing records behind those that are stored: as they were where a source has them, as placeholders where nothing does.
import { historyRestored, placeholderOf, Sealer, sealFor, SYSTEM_SUBJECT, type SqliteEventStore } from '#event-store';
import { derivedId, LOG_STREAM, utcTime, type LocalizedText, type Revision, type StoredEvent } from '#kernel';
import type { Plan } from './plan.js';
import { rangesOf } from './ranges.js';
import type { LostRecord } from './recover.js';
import type { SignedHistory } from './signed-history.js';
import type { FoundEvent } from './sources.js';
import type { StoredPart } from './stored-part.js';

interface PuttingBack {
  writerKey: Buffer;
  nowMs: number;
  batch: number;
  declareLost?: { reason: LocalizedText; authority: LocalizedText };
}

/** The log reaches the signed size together with the record of what was lost: a crash before leaves one that is still too short. */
export async function putBack(store: Pick<SqliteEventStore, 'restore'>, part: StoredPart, plan: Plan, signed: SignedHistory, parts: PuttingBack): Promise<{ lost: LostRecord[]; withheld: number }> {
  const lost: LostRecord[] = part.unnamed.map(({ record, event }) => lostRecord(record, event));
  const removed = new Set(part.removed.map(({ record, hash }) => `${record}/${hash}`));
  const readers = plan.sources.map((source) => new InOrder(source.eventsAfter(part.size)));
  let [withheld, logRevision, lastAt] = [0, part.logRevisionStored, part.lastAt];
  let batch: StoredEvent[] = [];
  for (let index = part.size; index < signed.size; index++) {
    const source = plan.sourceOf(index);
    const found = source === undefined ? placeholderOf(parts.writerKey, await signed.entryAt(index)) : await readers[source]!.at(index);
    // The restore applies removals again: what the law made go does not come back with an older source.
    const sealed = found.sealed.filter(({ hash }) => !removed.has(`${index + 1}/${hash}`));
    withheld += found.sealed.length - sealed.length;
    const event: StoredEvent = { ...found, sealed, seal: sealFor(parts.writerKey, found) };
    if (event.lost) lost.push(lostRecord(index + 1, event));
    if (event.stream === LOG_STREAM) logRevision = event.revision;
    if (lastAt === undefined || event.recordedAt > lastAt) lastAt = event.recordedAt;
    batch.push(event);
    if (batch.length < parts.batch || index === signed.size - 1) continue;
    await store.restore(batch);
    batch = [];
  }
  if (lost.length > 0) batch.push(statement(signed, lost, (logRevision + 1) as Revision, Math.max(parts.nowMs, Date.parse(lastAt!)), parts));
  await store.restore(batch);
  for (const reader of readers) await reader.close();
  return { lost, withheld };
}

function statement({ checkpoint: { origin, size, root } }: SignedHistory, lost: readonly LostRecord[], revision: Revision, atMs: number, { writerKey, declareLost }: PuttingBack): StoredEvent {
  const recordedAt = utcTime(atMs);
  const commandId = derivedId(`${origin}/${Buffer.from(root).toString('hex')}`, 'history-restored');
  const first = new Map<string, number>();
  for (const each of lost) first.set(each.stream, Math.min(each.revision, first.get(each.stream) ?? Infinity));
  const streams = [...first].map(([stream, at]) => ({ stream: stream as StoredEvent['stream'], revision: at }));
  const sealed = new Sealer(writerKey).seal(LOG_STREAM, revision, recordedAt, {
    id: derivedId(commandId, 'event/0'),
    event: historyRestored({ size, lost: rangesOf(lost.map(({ record }) => record)), streams, ...declareLost! }),
    schemaVersion: 1,
    metadata: { occurredAt: recordedAt as never, actor: { subject: SYSTEM_SUBJECT, role: 'system' }, commandId, correlation: commandId },
  });
  return { ...sealed, stream: LOG_STREAM, revision };
}

const lostRecord = (record: number, { type, stream, revision }: StoredEvent): LostRecord => ({ record, type, stream, revision });

/** Events of a source, asked for by growing index. */
class InOrder {
  constructor(private readonly events: AsyncGenerator<FoundEvent>) {}

  async at(index: number): Promise<StoredEvent> {
    for (;;) {
      const next = await this.events.next();
      if (next.done) throw new Error(`record ${index + 1} was in the source, and is not any more`);
      if (next.value.index === index) return next.value.event;
    }
  }

  async close(): Promise<void> {
    await this.events.return(undefined);
  }
}
