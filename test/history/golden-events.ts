// Golden files: each type and version of event, once, as it is stored; and what projections write when they read it.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RecordNumber, StoredEvent, Uuid } from '#kernel';
import { openEvent, type TableWriter } from '#read-models';
import { catalogue, projections } from '../../apps/api/src/composition.js';

export const EVENTS = fileURLToPath(new URL('../fixtures/events', import.meta.url));
export const MAKE_FIXTURES = 'npm run fixtures';

/** A call of a projection: what it put into a row, or which it ended. */
export type Write = { put: string; id: Uuid; columns: object } | { end: string; id: Uuid };

export interface GoldenEvent {
  /** As stored, with salts, seal, leaf and sealed values. Written once, and never again. */
  event: StoredEvent;
  /** What the projections of today make of it: made anew when they come to write other rows. */
  writes: Write[];
}

export const goldenName = ({ type, schemaVersion }: Pick<StoredEvent, 'type' | 'schemaVersion'>): string =>
  `${type}.v${schemaVersion}.json`;

/** All of them, by file name. */
export const goldenEvents = (): [string, GoldenEvent][] =>
  readdirSync(EVENTS)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => [file, JSON.parse(readFileSync(join(EVENTS, file), 'utf8')) as GoldenEvent]);

/** The record number is no part of an event: it is the same for every golden file. */
const ANY_RECORD = 1 as RecordNumber;

export function writesOf(stored: StoredEvent): Write[] {
  const writes: Write[] = [];
  const writer: TableWriter = {
    put: ({ name }, id, columns) => void writes.push({ put: name, id, columns }),
    end: ({ name }, id) => void writes.push({ end: name, id }),
    setAudience: ({ name }, id, audience) => void writes.push({ put: name, id, columns: { audience } }),
    // Of a single event, what came before is not known.
    scopeOf: () => null,
  };
  const event = openEvent(stored, ANY_RECORD, catalogue);
  for (const { apply, applyAny } of projections) {
    if (Object.hasOwn(apply, event.type)) apply[event.type]!(event as never, writer);
    applyAny?.(event, writer);
  }
  return JSON.parse(JSON.stringify(writes)) as Write[];
}

/** Writes the files of types and versions that have none, from the first event of each; of the others only what projections write. */
export function writeGoldenEvents(events: readonly StoredEvent[]): void {
  mkdirSync(EVENTS, { recursive: true });
  for (const stored of events) {
    const file = join(EVENTS, goldenName(stored));
    if (!existsSync(file)) writeFileSync(file, textOf({ event: withoutPosition(stored), writes: [] }));
  }
  for (const [file, { event }] of goldenEvents()) writeFileSync(join(EVENTS, file), textOf({ event, writes: writesOf(event) }));
}

const textOf = (golden: GoldenEvent): string => `${JSON.stringify(golden, undefined, 2)}\n`;

const withoutPosition = ({
  stream,
  revision,
  id,
  type,
  schemaVersion,
  recordedAt,
  data,
  meta,
  dataSalt,
  metaSalt,
  seal,
  leaf,
  sealed,
}: StoredEvent): StoredEvent => ({
  stream,
  revision,
  id,
  type,
  schemaVersion,
  recordedAt,
  data,
  meta,
  dataSalt,
  metaSalt,
  seal,
  leaf,
  sealed,
});
