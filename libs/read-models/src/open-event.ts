// From an event as stored to one as projections get it: upcast, with its texts open.
import { parseStreamName, unseal, type JsonObject, type Metadata, type RecordNumber, type StoredEvent } from '#kernel';
import type { EventCatalogue } from './catalogue.js';
import type { ProjectedEvent } from './projection.js';

/** @throws UnknownEvent */
export function openEvent(event: StoredEvent, record: RecordNumber, catalogue: EventCatalogue): ProjectedEvent {
  const texts = new Map<string, string>();
  for (const { hash, value } of event.sealed) texts.set(hash, value);
  // Upcasters see references, not texts: what is read later must not depend on what was removed.
  const data = catalogue.upcast(event.type, event.schemaVersion, JSON.parse(event.data) as JsonObject);
  const meta = JSON.parse(event.meta) as Metadata;
  return {
    record,
    id: event.id,
    type: event.type,
    stream: event.stream,
    streamId: parseStreamName(event.stream).id!,
    revision: event.revision,
    recordedAt: event.recordedAt,
    occurredAt: meta.occurredAt,
    data: event.data.includes('"$sealed"') ? unseal(data, texts) : data,
    meta: event.meta.includes('"$sealed"') ? unseal(meta, texts) : (meta as unknown as Metadata<string>),
  };
}
