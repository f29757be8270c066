// Who read what is restricted, took bundles away, or was refused: one file a day, beside the record. A day that is over is sealed;
// its hash becomes a record, so that nobody can change the file afterwards unseen.
import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { makeDirectoryUnsynced } from '#durable';
import { isUuid, randomId, utcTime, type Uuid } from '#kernel';
import { SyncSoon } from './sync-soon.js';

/** `restricted-read`: a list or a detail that showed something restricted. `history-read`: the record itself, whose every event may be. */
export type Accessed = 'refused-login' | 'refused-command' | 'restricted-read' | 'history-read' | 'export';

export interface Access {
  what: Accessed;
  method: string;
  /** As it was asked for; what was searched for is left out. */
  address: string;
  status: number;
  /** Correlation id, by which records name the request. */
  request: string;
  subject?: Uuid;
  token?: Uuid;
  role?: string;
  /** Of whoever failed to log in: nothing else is known of them. */
  from?: string;
}

export interface NotedAccess extends Access {
  /** RFC 3339, UTC. */
  at: string;
}

/** A day that is over. */
export interface SealedDay {
  day: string;
  entries: number;
  /** Hex SHA-256 of the file's bytes. */
  hash: string;
}

const DAY_MS = 86_400_000;
const OPEN = '.open.ndjson';
const SEALED = '.ndjson';
const NODE_FILE = 'node';
const RECORDED_FILE = 'recorded';
const NEWLINE = 10;

export class AccessLog {
  private current: { day: string; descriptor: number } | undefined;
  /** Of the last access, and of the days that are over: what goes well with the one does not mend the other. */
  private readonly failures: { note?: string; day?: string } = {};

  private constructor(
    private readonly directory: string,
    /** Names this node's log among those of others. */
    readonly node: Uuid,
    private readonly now: () => number,
    private readonly disk: SyncSoon,
  ) {}

  /** Where nothing can be written there, nothing is noted, and `trouble` says so. @param now milliseconds since 1970 @param syncPath puts a file, or the names in a directory, on the disk */
  static open(directory: string, now: () => number, syncPath?: (path: string) => Promise<void>): AccessLog {
    const disk = new SyncSoon(syncPath);
    try {
      return new AccessLog(directory, nodeIn(directory), now, disk);
    } catch (error) {
      const log = new AccessLog(directory, randomId(), now, disk);
      log.failures.note = (error as Error).message;
      return log;
    }
  }

  /** Why the last access could not be noted, or not be put on the disk, or a day that is over not be recorded, for health; undefined where all were. */
  get trouble(): string | undefined {
    return this.failures.note ?? this.disk.failure ?? this.failures.day;
  }

  /** @param failure why the days that are over could not be recorded; undefined where they were */
  looked(failure?: string): void {
    if (failure === undefined) delete this.failures.day;
    else this.failures.day = failure;
  }

  /** Never throws: that nothing can be noted is told by health, and must not keep anybody from the record. On the disk within a moment: see `synced`. */
  note(access: Access): void {
    try {
      const line = Buffer.from(`${JSON.stringify({ at: utcTime(this.now()), ...access } satisfies NotedAccess)}\n`);
      if (writeSync(this.descriptorOf(this.dayToWrite()), line) < line.length)
        throw new Error('a line was cut off: there is no room for it');
      delete this.failures.note;
      this.disk.wrote(this.file(this.current!.day, OPEN));
    } catch (error) {
      // Opened anew by the next one, which looks how the file ends.
      this.close();
      this.failures.note = (error as Error).message;
    }
  }

  /** Resolves once all that was noted so far is on the disk, or could not be put there, which `trouble` tells. */
  synced(): Promise<void> {
    return this.disk.synced();
  }

  /** Closes the files of the days that are over; what they hold is on the disk before anybody records their hash. @throws where it cannot be put there */
  async sealDays(): Promise<void> {
    const today = dayOf(this.now());
    for (const day of this.daysWith(OPEN)) {
      if (day >= today) continue;
      if (this.current?.day === day) this.close();
      await this.disk.syncPath(this.file(day, OPEN));
      renameSync(this.file(day, OPEN), this.file(day, SEALED));
    }
  }

  /** The days that are over and not marked as recorded, in their order. */
  unrecordedDays(): string[] {
    const file = join(this.directory, RECORDED_FILE);
    const last = existsSync(file) ? readFileSync(file, 'utf8') : '';
    return this.daysWith(SEALED).filter((day) => day > last);
  }

  /** A day is in the record, and so are those before it. Where the mark is lost, all are offered to the record again. */
  markRecorded(day: string): void {
    writeFileSync(join(this.directory, RECORDED_FILE), day, { mode: 0o600 });
  }

  /** @returns undefined where there is no such day */
  sealed(day: string): SealedDay | undefined {
    const bytes = this.read(day, SEALED);
    return bytes && { day, entries: countLines(bytes), hash: createHash('sha256').update(bytes).digest('hex') };
  }

  /** The bytes of a day as they stand: today's grow. Undefined where nothing was noted, or the day is none. */
  bytesOf(day: string): Buffer | undefined {
    return this.read(day, SEALED) ?? this.read(day, OPEN);
  }

  /** The days of which something is there, the newest first. */
  days(): string[] {
    return [...new Set([...this.daysWith(OPEN), ...this.daysWith(SEALED)])].sort().reverse();
  }

  close(): void {
    if (this.current) closeSync(this.current.descriptor);
    this.current = undefined;
  }

  /** A clock that was set back never writes into a day that is sealed. */
  private dayToWrite(): string {
    const today = dayOf(this.now());
    if (this.current && this.current.day >= today) return this.current.day;
    const last = this.daysWith(SEALED).at(-1);
    return last !== undefined && last >= today ? dayOf(Date.parse(last) + DAY_MS) : today;
  }

  private descriptorOf(day: string): number {
    // Whoever moved the file away has what is in it: what comes goes into a new one, and not where nobody finds it.
    if (this.current && (this.current.day !== day || !isAt(this.file(day, OPEN), this.current.descriptor))) this.close();
    if (!this.current) {
      if (!existsSync(this.file(day, OPEN))) this.disk.named(this.directory);
      const descriptor = openSync(this.file(day, OPEN), 'a+', 0o600);
      this.current = { day, descriptor };
      // A crash may have cut the last line off: the next one must not be lost with it.
      if (!endsInNewline(descriptor)) writeSync(descriptor, '\n');
    }
    return this.current.descriptor;
  }

  private read(day: string, ending: string): Buffer | undefined {
    return DAY.test(day) && existsSync(this.file(day, ending)) ? readFileSync(this.file(day, ending)) : undefined;
  }

  private daysWith(ending: string): string[] {
    if (!existsSync(this.directory)) return [];
    return readdirSync(this.directory)
      .filter((name) => DAY.test(name.slice(0, DAY_LENGTH)) && name.slice(DAY_LENGTH) === ending)
      .map((name) => name.slice(0, DAY_LENGTH))
      .sort();
  }

  private file(day: string, ending: string): string {
    return join(this.directory, `${day}${ending}`);
  }
}

const DAY = /^\d{4}-\d\d-\d\d$/;
const DAY_LENGTH = 10;
const dayOf = (ms: number): string => utcTime(ms).slice(0, DAY_LENGTH);

function isAt(path: string, descriptor: number): boolean {
  const there = statSync(path, { throwIfNoEntry: false });
  const open = fstatSync(descriptor);
  return there?.ino === open.ino && there.dev === open.dev;
}

/** @throws where it cannot be read or made */
function nodeIn(directory: string): Uuid {
  makeDirectoryUnsynced(directory, 0o700);
  const file = join(directory, NODE_FILE);
  if (!existsSync(file)) writeFileSync(file, randomId(), { mode: 0o600 });
  const node = readFileSync(file, 'utf8').trim();
  if (!isUuid(node)) throw new Error(`${file} does not hold the id of this node`);
  return node;
}

function endsInNewline(descriptor: number): boolean {
  const { size } = fstatSync(descriptor);
  const last = Buffer.alloc(1);
  return size === 0 || (readSync(descriptor, last, 0, 1, size - 1) === 1 && last[0] === NEWLINE);
}

/** The lines of a day. One that a crash cut off says nothing any more, and is passed over. */
export function accessesIn(bytes: Buffer): NotedAccess[] {
  const accesses: NotedAccess[] = [];
  for (const line of bytes.toString().split('\n')) {
    try {
      accesses.push(JSON.parse(line) as NotedAccess);
    } catch {
      // No line that was noted: those are JSON.
    }
  }
  return accesses.filter((access) => typeof access === 'object' && access !== null);
}

function countLines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}
