// Where lost records may still be: bundles that were exported, here or just now by another node, and other data directories of the same installation.
import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { LOG_FILE, SqliteEventStore } from '#event-store';
import type { Revision, StoredEvent, StreamName, UtcTime, Uuid } from '#kernel';
import { Malformed, type BundleLine, type EventLine } from '#ledger/core';
import { checkEvent, linesOf, readLine } from '#ledger/verify';
import { eventsPastGaps, type Gap } from '../past-gaps.js';
import { writeRanges } from './ranges.js';

export interface FoundEvent {
  /** Of the leaf. */
  index: number;
  event: StoredEvent;
}

export interface RecoverySource {
  path: string;
  /**
   * Events after the first `size` records, in the order in which they stand there; the same at every call. Each hashes to its leaf, with every text
   * that it holds; whether that is what was signed is for others to say.
   * @param tell told of what cannot be used, as a sentence that names the source, be it all of it: what stands beside it is given all the same
   */
  eventsAfter(size: number, tell: (unusable: string) => void): AsyncGenerator<FoundEvent>;
}

/** How a source is called, where that is not where it lies, and why it was cut short, where that is known. */
export interface Obtained {
  from: string;
  cutShort?: string | undefined;
}

/** A directory is another data directory; a file is a bundle. Anything else is of no use, as the source itself says. */
export function sourceAt(path: string, obtained: Obtained = { from: path }): RecoverySource {
  try {
    if (statSync(path).isDirectory()) return new DirectorySource(path);
    return isDatabase(path) ? unusableSource(path, ofDatabase(path)) : new BundleSource(path, obtained);
  } catch (error) {
    return unusableSource(obtained.from, `cannot be read: ${(error as Error).message}`);
  }
}

/** @param why the end of a sentence that the path begins */
export const unusableSource = (path: string, why: string): RecoverySource => ({
  path,
  // eslint-disable-next-line require-yield
  async *eventsAfter(_, tell) {
    tell(`${path} ${why}`);
    await Promise.resolve();
  },
});

const DATABASE = 'SQLite format 3\0';

function isDatabase(path: string): boolean {
  const bytes = Buffer.alloc(DATABASE.length);
  const descriptor = openSync(path, 'r');
  try {
    readSync(descriptor, bytes);
  } finally {
    closeSync(descriptor);
  }
  return bytes.toString('latin1') === DATABASE;
}

const ofDatabase = (path: string): string =>
  basename(path) === LOG_FILE
    ? `is a log by itself: bring the data directory in which it lies, ${dirname(path)}`
    : 'is a snapshot, or another database: it holds what is made of the records, and none of the records themselves. Bring a bundle, a data directory or a node that has them. A copy of a log is brought in a directory of its own, as log.db';

class DirectorySource implements RecoverySource {
  constructor(readonly path: string) {}

  async *eventsAfter(size: number, tell: (unusable: string) => void): AsyncGenerator<FoundEvent> {
    let store: SqliteEventStore | undefined;
    try {
      store = await SqliteEventStore.open({ directory: this.path, mode: 'reader' });
      for await (const { index, event } of eventsPastGaps(store, size, (gap) => tell(this.sentenceOf(gap)))) {
        // A placeholder there brings nothing back here.
        const found = event.lost ? undefined : checked(lineOf(index, event), this.path, tell);
        if (found) yield found;
      }
    } catch (error) {
      // Whatever it is that lies there, or where not even its end is found: it is of no use, and other sources are.
      tell(`${this.path} cannot be read: ${(error as Error).message}`);
    } finally {
      await store?.close();
    }
  }

  private sentenceOf({ unreadable, ...range }: Gap): string {
    const isOne = range.from === range.to;
    const records = `${isOne ? 'record' : 'records'} ${writeRanges([range])} in ${this.path}`;
    return unreadable === undefined ? `${records} ${isOne ? 'is' : 'are'} missing` : `${records} cannot be read: ${unreadable}`;
  }
}

class BundleSource implements RecoverySource {
  readonly path: string;

  constructor(
    private readonly file: string,
    private readonly obtained: Obtained,
  ) {
    this.path = obtained.from;
  }

  async *eventsAfter(size: number, tell: (unusable: string) => void): AsyncGenerator<FoundEvent> {
    let number = 0;
    let last: BundleLine['kind'] | undefined;
    try {
      for await (const text of linesOf(createReadStream(this.file))) {
        number += 1;
        const line = this.read(text, number, tell);
        // Where it is no bundle, it has nothing else to say.
        if (number === 1 && !line) return;
        last = line?.kind ?? last;
        if (line?.kind !== 'event' || line.index < size) continue;
        const found = checked(line, this.path, tell);
        if (found) yield found;
      }
    } catch (error) {
      const what = error instanceof Malformed ? error.message : `cannot be read: ${(error as Error).message}`;
      tell(`${this.path} ${what}${number > 0 ? `, behind line ${number}` : ''}`);
      return;
    }
    if (last === 'end') return;
    const why = this.obtained.cutShort === undefined ? '' : ` (${this.obtained.cutShort})`;
    tell(
      number === 0 ? `${this.path} is empty${why}` : `${this.path} broke off in line ${number}, or behind it${why}: the rest is missing`,
    );
  }

  /** Undefined where it is no line of a bundle, as the last of one that broke off. */
  private read(text: string, number: number, tell: (unusable: string) => void): BundleLine | undefined {
    try {
      const line = readLine(text);
      if (number === 1 && line.kind !== 'header') throw new Malformed('is no header: this is no bundle');
      return line;
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      tell(number === 1 ? `${this.path}: line 1 ${error.message}` : `line ${number} of ${this.path} ${error.message}`);
      return undefined;
    }
  }
}

/** Undefined where it is not its own canonical form, or holds a text that is not the one that was sealed. */
function checked(line: EventLine, path: string, tell: (unusable: string) => void): FoundEvent | undefined {
  const { faults, leaf } = checkEvent(line);
  if (!faults[0]) return { index: line.index, event: eventOf(line, Buffer.from(leaf).toString('hex')) };
  tell(`record ${line.index + 1} in ${path} ${faults[0].message}`);
  return undefined;
}

const eventOf = ({ stream, rev, id, type, tv, at, data, meta, salts, seal, sealed }: EventLine, leaf: string): StoredEvent => ({
  id: id as Uuid,
  type,
  schemaVersion: tv,
  recordedAt: at as UtcTime,
  data,
  meta,
  dataSalt: salts.data,
  metaSalt: salts.meta,
  seal,
  leaf,
  sealed: [...sealed].sort((a, b) => (a.hash < b.hash ? -1 : 1)),
  stream: stream as StreamName,
  revision: rev as Revision,
});

const lineOf = (
  index: number,
  { id, type, schemaVersion, recordedAt, data, meta, dataSalt, metaSalt, seal, sealed, stream, revision }: StoredEvent,
): EventLine => ({
  kind: 'event',
  index,
  stream,
  rev: revision,
  id,
  type,
  tv: schemaVersion,
  at: recordedAt,
  data,
  meta,
  salts: { data: dataSalt, meta: metaSalt },
  seal,
  sealed: [...sealed],
});
