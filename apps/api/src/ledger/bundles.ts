// Bundles from the live log: the whole history, or the streams that a body, a meeting or a decision touches.
import { leafEntryOf, type EventStore } from '#event-store';
import {
  isRefusal,
  isSealedReference,
  type Metadata,
  type Reader,
  type RecordNumber,
  type Revision,
  type StoredEvent,
  type StreamName,
  type Uuid,
} from '#kernel';
import { isCanonicalJson } from '#ledger/core';
import { completeBundleLines, selectionBundleLines, type Fact } from '#ledger/writer';
import { isNamedIn, type LogRow, type ReadModels, type Schema } from '#read-models';
import type { SignedTree } from './checkpoint-watch.js';
import type { Ledger } from './ledger.js';
import { keyChangesBefore } from './log-source.js';
import { logWithGaps } from './past-gaps.js';

export const BUNDLE_SCOPES = {
  body: 'bodies',
  meeting: 'meetings',
  decision: 'decisions',
  document: 'documents',
  seat: 'seats',
  'follow-up': 'follow_ups',
} as const;
export type BundleScopeKind = 'whole' | keyof typeof BUNDLE_SCOPES;

export interface BundleRequest {
  kind: BundleScopeKind;
  id?: Uuid;
  /** With all leaf entries up to the checkpoint, so that nothing about its streams can have been left out. */
  complete: boolean;
  /** Size of a checkpoint that the auditor keeps, from which a selection proves to go on. */
  from?: number;
  /** A signed checkpoint of this log, with cosignatures, at which the bundle is made; the newest where absent. */
  cosigned?: string;
}

const CHANGES_PAGE = 500;
const LOG_STREAM = 'log';

export class BundleSources {
  constructor(
    readonly store: EventStore,
    readonly ledger: Ledger,
    readonly readModels: ReadModels,
    readonly schema: Schema,
    readonly origin: string,
  ) {}
}

/** The lines of a bundle, without newlines. @param streams those that are exported whole, beside `log`; all where absent */
export async function* bundleLines(
  { store, ledger, origin }: BundleSources,
  tree: SignedTree,
  request: BundleRequest,
  streams: ReadonlySet<string> | undefined,
): AsyncGenerator<string> {
  const isIn = (stream: string): boolean => streams === undefined || stream === LOG_STREAM || streams.has(stream);
  const common = {
    origin,
    scope: { kind: request.kind, ...(request.id && { id: request.id }) },
    checkpoint: tree.note,
    size: tree.size,
    keyChanges: await keyChangesBefore(tree.note, store),
    ...(streams && { streams: [...streams].sort() }),
    factsOf,
  };
  if (request.complete) {
    yield* completeBundleLines({
      entryOf: leafEntryOf,
      ...common,
      events: logWithGaps(store, tree.size),
      isExported: ({ stream }) => isIn(stream),
      tile: (index, width) => ledger.tile(index, width),
    });
    return;
  }
  const consistency =
    request.from === undefined ? undefined : { from: request.from, proof: await ledger.proveConsistency(request.from, tree) };
  yield* selectionBundleLines({
    ...common,
    events: selected(store, tree.size, isIn),
    proofOf: async (index) => (await ledger.prove(index + 1, tree)).proof,
    ...(consistency && { consistency }),
  });
}

async function* selected(store: EventStore, size: number, isIn: (stream: string) => boolean) {
  let index = 0;
  for await (const events of logWithGaps(store, size)) {
    const start = index;
    yield events.slice(0, size - start).flatMap((event, at) => (!event || isIn(event.stream) ? [{ index: start + at, event }] : []));
    index += events.length;
    if (index >= size) return;
  }
}

/** The streams of all records that touched the entity, or something that names it: none where nothing of that id was recorded by then. */
export async function streamsOf(
  { store, readModels, schema }: BundleSources,
  { kind, id }: BundleRequest,
  upTo: number,
  reader: Reader,
): Promise<Set<string>> {
  const table = BUNDLE_SCOPES[kind as keyof typeof BUNDLE_SCOPES];
  const streams = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await readModels.changes(
      { after: 0 as RecordNumber, upTo: upTo as RecordNumber, limit: CHANGES_PAGE, ...(cursor !== undefined && { cursor }) },
      reader,
    );
    if (isRefusal(page)) throw new Error(page.detail);
    for (const change of page.changes) {
      const { definition } = schema.tables.get(change.table)!;
      const isOf = (change.table === table && change.id === id) || isNamedIn(definition, change.after ?? change.before, table, id!);
      if (!isOf) continue;
      const log = readModels.logRow(change.record)!;
      streams.add(log.stream);
      // What a decision was taken on belongs to it: without the attendance its quorum cannot be counted again.
      if (log.type === 'decision-taken') for (const basis of await decidedOn(store, log)) streams.add(basis);
    }
    cursor = page.next;
  } while (cursor !== undefined);
  return streams;
}

async function decidedOn(store: EventStore, { stream, revision }: LogRow): Promise<string[]> {
  for await (const [event] of store.readStream(stream as StreamName, { from: revision as Revision, limit: 1 })) {
    return ((JSON.parse(event!.meta) as Metadata).decidedOn ?? []).map((basis) => basis.stream);
  }
  return [];
}

/** The readable report: when each event happened, and what was typed in it, each with its place in the event. */
export function* factsOf(event: StoredEvent, index: number): Generator<Fact> {
  // What was altered in the store may be no JSON any more, or nested without end: the event stands in the bundle as it is, and is judged there.
  if (!isCanonicalJson(event.meta) || !isCanonicalJson(event.data)) return;
  const under = [event.stream, event.type];
  const { occurredAt } = JSON.parse(event.meta) as { occurredAt: string };
  yield { order: index, under, label: 'occurredAt', part: 'meta', pointer: '/occurredAt', value: occurredAt };
  const texts = new Map(event.sealed.map(({ hash, value }) => [hash, value]));
  for (const { pointer, hash } of sealedIn(JSON.parse(event.data), '')) {
    const value = texts.get(hash);
    // A text that was removed by law is no statement any more: its removal is an event of its own.
    if (value !== undefined) yield { order: index, under, label: pointer.slice(1), pointer, value };
  }
}

function* sealedIn(value: unknown, pointer: string): Generator<{ pointer: string; hash: string }> {
  if (isSealedReference(value)) yield { pointer, hash: value.$sealed };
  else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) yield* sealedIn(inner, `${pointer}/${key}`);
  }
}
