// Puts the missing records behind those that are stored: as they were where a source has them, as placeholders where nothing does.
import { historyRestored, placeholderOf, Sealer, sealFor, SYSTEM_SUBJECT, type SqliteEventStore } from '#event-store';
import { derivedId, LOG_STREAM, utcTime, type LocalizedText, type Revision, type StoredEvent } from '#kernel';
import type { Plan } from './plan.js';
import { rangesOf } from './ranges.js';
import type { LostRecord } from './recover.js';
import type { SignedHistory } from './signed-history.js';
import type { FoundEvent } from './sources.js';
import type { StoredPart } from './stored-part.js';
import { wantedIn } from './wanted-in.js';

/** Why records are given up, and who says so. */
export interface Statement {
  reason: LocalizedText;
  authority: LocalizedText;
}

interface PuttingBack {
  writerKey: Buffer;
  nowMs: number;
  batch: number;
  declareLost?: Statement;
}

interface PutBack {
  lost: LostRecord[];
  /** The record that says so. */
  statedBy: number | undefined;
  withheld: number;
}

/** The log reaches the signed size together with the record of what was lost: a crash before leaves one that is still too short. */
export async function putBack(
  store: Pick<SqliteEventStore, 'restore' | 'refill' | 'addTexts'>,
  part: StoredPart,
  plan: Plan,
  signed: SignedHistory,
  parts: PuttingBack,
): Promise<PutBack> {
  await addTexts(store, part, plan, signed, parts);
  const found = new FoundEvents(part, plan, signed, parts.writerKey);
  await refill(store, part, plan, found, parts.batch);
  const lost: LostRecord[] = [...part.unnamed]
    .filter(([record]) => plan.sourceOf(record - 1) === undefined)
    .map(([record, event]) => lostRecord(record, event));
  let [logRevision, lastAt] = [part.logRevisionStored, part.lastAt];
  let batch: StoredEvent[] = [];
  for (let index = part.size; index < signed.size; index++) {
    const event = plan.sourceOf(index) === undefined ? placeholderOf(parts.writerKey, signed.entryAt(index)) : await found.at(index);
    if (event.lost) lost.push(lostRecord(index + 1, event));
    if (event.stream === LOG_STREAM) logRevision = event.revision;
    if (lastAt === undefined || event.recordedAt > lastAt) lastAt = event.recordedAt;
    batch.push(event);
    if (batch.length < parts.batch || index === signed.size - 1) continue;
    await store.restore(batch);
    batch = [];
  }
  if (lost.length > 0)
    batch.push(statement(signed, lost, (logRevision + 1) as Revision, Math.max(parts.nowMs, Date.parse(lastAt!)), parts));
  await store.restore(batch);
  await found.close();
  return { lost, statedBy: lost.length > 0 ? Math.max(part.size, signed.size) + 1 : undefined, withheld: found.withheld };
}

/** What is found again of the texts of records that stand. */
async function addTexts(
  store: Pick<SqliteEventStore, 'addTexts'>,
  part: StoredPart,
  plan: Plan,
  signed: SignedHistory,
  { writerKey, batch: batchSize }: PuttingBack,
): Promise<void> {
  const found = new FoundEvents(part, plan, signed, writerKey);
  let batch: { record: number; sealed: StoredEvent['sealed'] }[] = [];
  for (const record of plan.texts.recordsWith('found')) {
    if (!part.textless.has(record - 1)) continue;
    batch.push({ record, sealed: await found.textsAt(record - 1) });
    if (batch.length < batchSize) continue;
    await store.addTexts(batch);
    batch = [];
  }
  await store.addTexts(batch);
  await found.close();
}

/** What is found again of placeholders that nothing explains. */
async function refill(
  store: Pick<SqliteEventStore, 'refill'>,
  part: StoredPart,
  plan: Plan,
  found: FoundEvents,
  batchSize: number,
): Promise<void> {
  let batch: { record: number; event: StoredEvent }[] = [];
  for (const record of plan.found()) {
    if (record > part.size) break;
    batch.push({ record, event: await found.at(record - 1) });
    if (batch.length < batchSize) continue;
    await store.refill(batch);
    batch = [];
  }
  await store.refill(batch);
}

function statement(
  { checkpoint: { origin, size, root } }: SignedHistory,
  lost: readonly LostRecord[],
  revision: Revision,
  atMs: number,
  { writerKey, declareLost }: PuttingBack,
): StoredEvent {
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

/** Events from the sources that have them, asked for by growing index. */
class FoundEvents {
  /** Texts that were removed by law and lay there. */
  withheld = 0;
  private readonly removed: ReadonlySet<string>;
  private readonly readers: readonly InOrder[];

  constructor(
    part: StoredPart,
    private readonly plan: Plan,
    signed: SignedHistory,
    private readonly writerKey: Buffer,
  ) {
    this.removed = new Set(part.removed.map(({ record, hash }) => `${record}/${hash}`));
    this.readers = plan.sources.map((source) => new InOrder(wantedIn(source, plan, signed, () => undefined)));
  }

  async at(index: number): Promise<StoredEvent> {
    const from = await this.readers[this.plan.sourceOf(index)!]!.at(index);
    const found = { ...from, sealed: [...from.sealed, ...(await this.textsAt(index))].sort((a, b) => (a.hash < b.hash ? -1 : 1)) };
    // The restore applies removals again: what the law made go does not come back with an older source.
    const sealed = found.sealed.filter(({ hash }) => !this.removed.has(`${index + 1}/${hash}`));
    this.withheld += found.sealed.length - sealed.length;
    return { ...found, sealed, seal: sealFor(this.writerKey, found) };
  }

  /** Those that its source lacks, and others have. */
  async textsAt(index: number): Promise<StoredEvent['sealed']> {
    const texts = [];
    for (const [source, hashes] of this.plan.texts.takenFrom(index)) {
      const { sealed } = await this.readers[source]!.at(index);
      texts.push(...sealed.filter(({ hash }) => hashes.has(hash)));
    }
    return texts;
  }

  async close(): Promise<void> {
    for (const reader of this.readers) await reader.close();
  }
}

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
