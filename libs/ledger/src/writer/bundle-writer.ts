// Writes bundles, line by line, from events as the store gives them. It judges nothing: the verifier reads what stands there, also when a live store is verified.
import { BUNDLE_FORMAT, TILE_WIDTH, toBase64, type BundleLine, type BundleScope, type EventLine, type FactLine } from '../core/index.js';
import type { StoredEvent } from '#kernel';

/** A statement of the report, to stand below its event. */
export type Fact = Omit<FactLine, 'kind' | 'event'>;

interface BundleParts {
  origin: string;
  scope: BundleScope;
  /** The signed checkpoint, and how many records it covers. */
  checkpoint: string;
  size: number;
  /** Notes of the changes of keys that the record holds, in its order: who trusts an older key follows them to the one that signed. */
  keyChanges?: Iterable<string>;
  /** Streams of which every event up to the checkpoint is exported; with scope `whole` all are. */
  streams?: Iterable<string>;
  factsOf?: (event: StoredEvent, index: number) => Iterable<Fact>;
}

export interface CompleteBundle extends BundleParts {
  /**
   * Every record up to the checkpoint, in the order of the log. What lies beyond is left out. Where the store gives a record no more there is
   * nothing in its place: the bundle goes on behind it, and has no end.
   */
  events: AsyncIterable<readonly (StoredEvent | undefined)[]>;
  /** Whether an event is exported; of the others the leaf entry alone is. Removals, and whatever lies in `log`, should be. */
  isExported: (event: StoredEvent, index: number) => boolean;
  /** Its leaf entry, recomputed from what the store holds; of a placeholder its hashes are. */
  entryOf: (event: StoredEvent) => string;
  /** `width` hashes of level 0, as they were signed: from the signer's tiles, not from the events. */
  tile: (index: number, width: number) => Uint8Array | Promise<Uint8Array>;
}

export interface SelectionBundle extends BundleParts {
  /** By growing index; without the event where the store gives a record no more: then the bundle has no end, since that may have been of it. */
  events: AsyncIterable<readonly { index: number; event: StoredEvent | undefined }[]>;
  /** From the leaf's sibling up. */
  proofOf: (index: number) => readonly Uint8Array[] | Promise<readonly Uint8Array[]>;
  /** That the history goes on from a checkpoint that the auditor keeps. */
  consistency?: { from: number; proof: readonly Uint8Array[] };
}

const write = (line: BundleLine): string => JSON.stringify(line);

/** The lines, without newlines. */
export async function* completeBundleLines(bundle: CompleteBundle): AsyncGenerator<string> {
  const { size, events, isExported, entryOf, factsOf } = bundle;
  yield* head(bundle, true);
  const counted = { events: 0, leaves: 0, facts: 0 };
  let index = 0;
  let isWhole = true;
  for await (const batch of events) {
    for (const event of batch.slice(0, size - index)) {
      if (index % TILE_WIDTH === 0) yield write(await tileLine(bundle, index));
      if (event === undefined) {
        isWhole = false;
      } else if (event.lost || !isExported(event, index)) {
        counted.leaves += 1;
        yield write({ kind: 'leaf', index, entry: entryOf(event) });
      } else {
        counted.events += 1;
        yield write(eventLine(event, index));
        for (const fact of factsOf?.(event, index) ?? []) {
          counted.facts += 1;
          yield write({ kind: 'fact', event: index, ...fact });
        }
      }
      index += 1;
    }
    if (index === size) break;
  }
  if (isWhole) yield write({ kind: 'end', ...counted });
}

/** The lines, without newlines. */
export async function* selectionBundleLines(bundle: SelectionBundle): AsyncGenerator<string> {
  const { events, proofOf, consistency, factsOf } = bundle;
  yield* head(bundle, false, consistency);
  const counted = { events: 0, leaves: 0, facts: 0 };
  let isWhole = true;
  for await (const batch of events) {
    for (const { index, event } of batch) {
      isWhole &&= event !== undefined;
      // Of a placeholder there is nothing to show, and its leaf entry alone has no place in a selection.
      if (!event || event.lost) continue;
      counted.events += 1;
      yield write({ ...eventLine(event, index), proof: (await proofOf(index)).map(toBase64) });
      for (const fact of factsOf?.(event, index) ?? []) {
        counted.facts += 1;
        yield write({ kind: 'fact', event: index, ...fact });
      }
    }
  }
  if (isWhole) yield write({ kind: 'end', ...counted });
}

function* head(
  { origin, scope, checkpoint, size, streams = [], keyChanges = [] }: BundleParts,
  complete: boolean,
  consistency?: SelectionBundle['consistency'],
): Generator<string> {
  yield write({ kind: 'header', format: BUNDLE_FORMAT, origin, scope, size, complete });
  for (const note of keyChanges) yield write({ kind: 'key', note });
  yield write({ kind: 'checkpoint', note: checkpoint });
  if (consistency) yield write({ kind: 'consistency', from: consistency.from, proof: consistency.proof.map(toBase64) });
  for (const name of streams) yield write({ kind: 'stream', name });
}

async function tileLine({ tile, size }: CompleteBundle, firstIndex: number): Promise<BundleLine> {
  const index = firstIndex / TILE_WIDTH;
  return { kind: 'tile', index, hashes: toBase64(await tile(index, Math.min(TILE_WIDTH, size - firstIndex))) };
}

const eventLine = (event: StoredEvent, index: number): EventLine => ({
  kind: 'event',
  index,
  stream: event.stream,
  rev: event.revision,
  id: event.id,
  type: event.type,
  tv: event.schemaVersion,
  at: event.recordedAt,
  data: event.data,
  meta: event.meta,
  salts: { data: event.dataSalt, meta: event.metaSalt },
  seal: event.seal,
  sealed: event.sealed.map(({ hash, salt, value }) => ({ hash, salt, value })),
});

/** Lines as chunks of bytes of some 64 kB, each line with its newline: what goes into a file or an answer. */
export async function* bundleChunks(lines: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  let text = '';
  for await (const line of lines) {
    text += `${line}\n`;
    if (text.length < 65_536) continue;
    yield Buffer.from(text);
    text = '';
  }
  if (text !== '') yield Buffer.from(text);
}
