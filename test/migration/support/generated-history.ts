// A signed history in a data directory, of many streams that interleave: sealed by the real sealer under the keys of the place.
import { openLog, readKeys, Sealer, SqliteEventStore, type Append } from '#event-store';
import { derivedId, sealed, streamName, utcTime, type Metadata, type Revision, type Sealed, type StoredEvent, type Uuid } from '#kernel';
import { LogKey, Signer } from '#ledger/writer';
import { logSourceOf } from '../../../apps/api/src/ledger/log-source.js';
import type { Place } from '../../ledger/support/lost-tail.js';

const STARTED_MS = Date.UTC(2024, 3, 29, 7, 30);
const BATCH = 1_000;
const ORIGIN = 'records.example.org/moving';

/** Numbers that the seed decides. */
function drawn(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** @param records record 1 among them */
export async function generate(place: Place, records: number, streams: number, named = ORIGIN): Promise<void> {
  const store = await SqliteEventStore.open({ directory: place.data, mode: 'writer' });
  try {
    const { origin } = await openLog(store, place.keys, named, STARTED_MS);
    const { writer, signing } = readKeys(place.keys);
    const sealer = new Sealer(writer!);
    const draw = drawn(7);
    const revisions = new Array<number>(streams).fill(-1);
    for (let at = 1; at < records;) {
      const batch: StoredEvent[] = [];
      for (; at < records && batch.length < BATCH; at++) {
        const of = Math.floor(draw() * streams);
        revisions[of]! += 1;
        batch.push(eventOf(sealer, of, revisions[of]! as Revision, at, draw));
      }
      await store.restore(batch);
    }
    const signer = await Signer.open({
      source: logSourceOf(store, writer!),
      key: new LogKey(origin, signing!),
      directory: place.signer,
      bookkeeping: store.bookkeeping,
      now: () => STARTED_MS + records,
      settleMs: 0,
    });
    while ((signer.last?.size ?? 0) < records) await signer.tick();
  } finally {
    await store.close();
  }
}

function eventOf(sealer: Sealer, of: number, revision: Revision, at: number, draw: () => number): StoredEvent {
  const stream = streamName('meeting', derivedId('moving', `stream ${of}`));
  const named = (what: string): Uuid => derivedId('moving', `${what} ${at}`);
  const recordedAt = utcTime(STARTED_MS + at);
  const metadata: Metadata<Sealed> = {
    occurredAt: '2024-04-29T09:30:00+02:00' as never,
    actor: { subject: derivedId('moving', 'subject'), role: 'secretariat', name: sealed('A. Clerk') },
    commandId: named('command'),
    correlation: named('command'),
  };
  const texts = Array.from({ length: Math.floor(draw() * 3) }, (_, index) => ({
    lang: ['en', 'fr'][index]!,
    text: sealed(`Said ${at}: naïve “quotes” \\ \n 日本語 ${'…'.repeat(Math.floor(draw() * 40))}`),
  }));
  const event = sealer.seal(stream, revision, recordedAt, {
    id: named('event'),
    event: { type: 'remark-made', data: { remark: named('remark'), number: at, text: texts } },
    schemaVersion: 1,
    metadata,
  });
  return { ...event, sealed: [...event.sealed].sort((a, b) => (a.hash < b.hash ? -1 : 1)), stream, revision };
}

/** One more event for a stream of its own, as a node of the place would append it. */
export function nextAppend({ keys }: Pick<Place, 'keys'>, at: number): Append {
  const { stream, revision, ...event } = eventOf(new Sealer(readKeys(keys).writer!), at, 0 as Revision, at, drawn(at));
  return { stream, expected: revision === 0 ? 'none' : ((revision - 1) as Revision), events: [event] };
}
