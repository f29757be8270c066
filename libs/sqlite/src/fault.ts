// What went wrong, by SQLite's primary result code: the drivers word their messages differently, the codes are the same where they are told.

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

/** SQLite's own words for a code: the package tells no code of what it meets while it reads rows. */
const WORDS: Readonly<Record<string, Fault>> = {
  'database is locked': 'busy',
  'attempt to write a readonly database': 'read-only',
  'disk I/O error': 'io',
  'database disk image is malformed': 'damaged',
  'database or disk is full': 'full',
  'unable to open database file': 'cannot-open',
  'file is not a database': 'not-a-database',
};

/** The fault that an error of the driver reports, or undefined where it is no error of SQLite. */
export function faultOf(error: unknown): Fault | undefined {
  const { code, errcode, message } = (error ?? {}) as { code?: unknown; errcode?: unknown; message?: string };
  if (typeof errcode === 'number') return FAULTS[errcode & PRIMARY_CODE] ?? 'other';
  return code === 'ERR_SQLITE_ERROR' ? WORDS[message ?? ''] : undefined;
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
