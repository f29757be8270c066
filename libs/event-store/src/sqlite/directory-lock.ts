// One process writes a directory: it holds an exclusive transaction open on lock.db, which dies with the process.
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StoreNotOpened } from '../errors.js';
import { DatabaseNotOpened, faultOf, openDatabase, type Database } from '#sqlite';

export interface Holder {
  held: boolean;
  /** Where the holder listens, once it has announced it. */
  address?: string;
}

/** Another process that asks who holds the lock has it for a moment: so long a new holder waits. */
const LOCK_WAIT_MS = 250;

// Nothing but SQLite may open lock.db: POSIX drops a process's locks when it closes any descriptor of the file.
const lockFile = (directory: string): string => join(directory, 'lock.db');
const serverFile = (directory: string): string => join(directory, 'server.json');

export class DirectoryLock {
  private constructor(
    private readonly directory: string,
    private readonly database: Database,
  ) {}

  /**
   * The lock, or 'read-only' where the directory cannot be written.
   * @throws StoreNotOpened where another process, or another store of this one, holds it
   */
  static take(directory: string): DirectoryLock | 'read-only' {
    let database: Database | undefined;
    try {
      database = openDatabase(lockFile(directory), { mode: 'read-write', journal: 'DELETE', busyTimeoutMs: LOCK_WAIT_MS });
      database.exec('BEGIN EXCLUSIVE');
    } catch (error) {
      database?.close();
      const fault = error instanceof DatabaseNotOpened ? error.fault : faultOf(error);
      if (fault === 'busy') throw new StoreNotOpened(heldMessage(directory), { cause: error });
      if (fault === 'read-only' || fault === 'cannot-open') return 'read-only';
      throw new StoreNotOpened(`${directory} cannot be locked: ${(error as Error).message}`, { cause: error });
    }
    rmSync(serverFile(directory), { force: true });
    return new DirectoryLock(directory, database);
  }

  /** Tells other processes where the holder listens. */
  announce(address: string): void {
    const draft = `${serverFile(this.directory)}.new`;
    writeFileSync(draft, `${JSON.stringify({ address, pid: process.pid })}\n`);
    renameSync(draft, serverFile(this.directory));
  }

  release(): void {
    if (!this.database.isOpen) return;
    rmSync(serverFile(this.directory), { force: true });
    this.database.close();
  }
}

function heldMessage(directory: string): string {
  const address = announcedAddress(directory);
  return `another process holds ${directory}${address ? `; it listens at ${address}` : ''}`;
}

/** Whether a process writes the directory, and where it listens. Writes nothing. */
export function holderOf(directory: string): Holder {
  if (!existsSync(lockFile(directory)) || !isLocked(directory)) return { held: false };
  const address = announcedAddress(directory);
  return { held: true, ...(address !== undefined && { address }) };
}

function isLocked(directory: string): boolean {
  try {
    openDatabase(lockFile(directory), { mode: 'read-only', busyTimeoutMs: 0 }).close();
    return false;
  } catch (error) {
    if (error instanceof DatabaseNotOpened && error.fault === 'busy') return true;
    throw new StoreNotOpened(`${directory} cannot be asked who holds it: ${(error as Error).message}`, { cause: error });
  }
}

function announcedAddress(directory: string): string | undefined {
  try {
    const { address } = JSON.parse(readFileSync(serverFile(directory), 'utf8')) as { address?: unknown };
    return typeof address === 'string' ? address : undefined;
  } catch {
    return undefined;
  }
}
