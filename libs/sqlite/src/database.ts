// A database as the project opens it: pragmas set and asserted on every open, statements that keep it alive.
import { pathToFileURL } from 'node:url';
import type { DatabaseSyncInstance as DatabaseSync, StatementSyncInstance as StatementSync } from '@photostructure/sqlite';
import { driver } from './driver.js';
import { DatabaseNotOpened, faultOf } from './fault.js';

export type SqlValue = null | number | bigint | string | Uint8Array;

export interface OpenDatabase {
  mode: 'read-write' | 'read-only';
  /** FULL: a commit is on the disk when it returns. NORMAL: the last commits may be lost when power fails, for what can be rebuilt. */
  synchronous?: 'FULL' | 'NORMAL';
  /** Pages in the write-ahead log at which a commit copies it into the file. */
  walAutocheckpointPages?: number;
  /** How long a statement waits for another connection's lock. */
  busyTimeoutMs?: number;
  /** DELETE for a file that exists for its lock alone: a database in WAL mode cannot be locked as a whole. */
  journal?: 'WAL' | 'DELETE';
  /** Reads a file that nobody writes, in a place where SQLite may not put its files beside it. Read-only alone. */
  immutable?: boolean;
}

/**
 * `LIMIT` by a parameter. Of a bare one the planner looks at the value, and compiles the statement anew each time it is given: for a short
 * read that takes several times as long as the reading.
 */
export const limitedTo = (parameter = '?'): string => `LIMIT ${parameter} + 0`;

const SYNCHRONOUS = { NORMAL: 1, FULL: 2 } as const;

/**
 * Opens a file, and makes it where it is absent and may be written.
 * @throws DatabaseNotOpened
 */
export function openDatabase(file: string, options: OpenDatabase): Database {
  let raw: DatabaseSync | undefined;
  try {
    const location = options.immutable ? `${pathToFileURL(file).href}?immutable=1` : file;
    raw = new driver.DatabaseSync(location, { readOnly: options.mode === 'read-only', timeout: options.busyTimeoutMs ?? 5000 });
    const database = new Database(raw);
    setPragmas(database, options);
    return database;
  } catch (error) {
    if (raw?.isOpen) raw.close();
    throw new DatabaseNotOpened(file, faultOf(error) ?? 'other', { cause: error });
  }
}

function setPragmas(database: Database, options: OpenDatabase): void {
  database.exec('PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA secure_delete = ON');
  if (options.mode === 'read-only') {
    // Touches the file, so that one that is no database fails here and not at the first query.
    database.pragma('schema_version');
    return;
  }
  const journal = options.journal ?? 'WAL';
  if (journal === 'WAL') assertPragma(database, 'journal_mode', 'wal', 'WAL');
  else database.pragma('journal_mode = DELETE');
  const synchronous = options.synchronous ?? 'FULL';
  assertPragma(database, 'synchronous', SYNCHRONOUS[synchronous], synchronous);
  const pages = options.walAutocheckpointPages ?? 1000;
  assertPragma(database, 'wal_autocheckpoint', pages, String(pages));
}

/** A pragma that a database does not obey answers no error: so what it says afterwards is compared. */
function assertPragma(database: Database, name: string, expected: number | string, value: string): void {
  database.pragma(`${name} = ${value}`);
  const actual = database.pragma(name);
  if (actual !== expected) throw new Error(`PRAGMA ${name} is ${String(actual)} and should be ${expected}`);
}

export class Database {
  constructor(private readonly raw: DatabaseSync) {}

  get isOpen(): boolean {
    return this.raw.isOpen;
  }

  /** Whether a transaction is open: some errors of SQLite end it by themselves. */
  get inTransaction(): boolean {
    return this.raw.isTransaction;
  }

  exec(sql: string): void {
    this.raw.exec(sql);
  }

  prepare<Row = Record<string, SqlValue>>(sql: string): Statement<Row> {
    return new Statement<Row>(this.raw, this.raw.prepare(sql));
  }

  /** A statement whose rows are arrays in the order of its columns: a third faster for wide rows. */
  prepareArrays<Row extends readonly SqlValue[]>(sql: string): Statement<Row> {
    const statement = this.raw.prepare(sql);
    statement.setReturnArrays(true);
    return new Statement<Row>(this.raw, statement);
  }

  /** Runs `PRAGMA …` and answers the first column of its first row. */
  pragma(text: string): SqlValue | undefined {
    const row = this.prepare(`PRAGMA ${text}`).get();
    return row && Object.values(row)[0];
  }

  /** Runs `work` in a transaction that takes the write lock at once; whatever it throws rolls everything back. */
  transaction<Result>(work: () => Result): Result {
    this.raw.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.raw.exec('COMMIT');
      return result;
    } catch (error) {
      this.rollback();
      throw error;
    }
  }

  /** Ends an open transaction, if there is one, without its changes. */
  rollback(): void {
    if (this.raw.isOpen && this.raw.isTransaction) this.raw.exec('ROLLBACK');
  }

  /** Idempotent. Ends an open transaction first: one driver would keep its locks until the statements are collected. */
  close(): void {
    this.rollback();
    if (this.raw.isOpen) this.raw.close();
  }
}

export class Statement<Row> {
  /** @param database held for its own sake: in one driver a statement does not keep its database alive. */
  constructor(
    private readonly database: DatabaseSync,
    private readonly raw: StatementSync,
  ) {}

  run(...values: SqlValue[]): { changes: number; lastInsertRowid: number | bigint } {
    return this.raw.run(...values);
  }

  get(...values: SqlValue[]): Row | undefined {
    return (this.raw.get(...values) as Row | null | undefined) ?? undefined;
  }

  all(...values: SqlValue[]): Row[] {
    return this.raw.all(...values) as Row[];
  }

  /** Row by row. The read transaction stays open until the iteration ends: never await in between. */
  *iterate(...values: SqlValue[]): Generator<Row, void, undefined> {
    if (!this.database.isOpen) throw new Error('the database is closed');
    for (const row of this.raw.iterate(...values)) yield row as Row;
  }
}
