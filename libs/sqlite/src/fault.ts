// What went wrong, by SQLite's primary result code: the drivers word their messages differently, the codes are the same.

export type Fault = 'busy' | 'full' | 'read-only' | 'io' | 'not-a-database' | 'damaged' | 'cannot-open' | 'constraint' | 'other';

const FAULTS: Readonly<Record<number, Fault>> = {
  5: 'busy',
  6: 'busy',
  8: 'read-only',
  10: 'io',
  11: 'damaged',
  13: 'full',
  14: 'cannot-open',
  19: 'constraint',
  26: 'not-a-database',
};
const PRIMARY_CODE = 0xff;

/** The fault that an error of the driver reports, or undefined where it is no error of SQLite. */
export function faultOf(error: unknown): Fault | undefined {
  const code = (error as { errcode?: unknown } | null | undefined)?.errcode;
  return typeof code === 'number' ? (FAULTS[code & PRIMARY_CODE] ?? 'other') : undefined;
}

/** A database file that could not be opened as asked. */
export class DatabaseNotOpened extends Error {
  constructor(
    readonly file: string,
    readonly fault: Fault,
    options: { cause: unknown },
  ) {
    super(`${file} ${SENTENCES[fault]} (${(options.cause as Error).message})`, options);
  }
}

const SENTENCES: Readonly<Record<Fault, string>> = {
  busy: 'is in use by another process',
  full: 'cannot grow: the disk is full',
  'read-only': 'cannot be written',
  io: 'cannot be read or written: the disk reports an error',
  'not-a-database': 'is not a database',
  damaged: 'is damaged',
  'cannot-open': 'cannot be opened',
  constraint: 'breaks one of its own constraints',
  other: 'cannot be used',
};
