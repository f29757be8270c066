// Cursors: opaque, valid for one list in one order, and pinned to a record number, so that what is recorded meanwhile moves nothing.
export interface Cursor {
  /** What the cursor belongs to: the list and its sort, or the search. */
  of: string;
  /** The record at which the whole list is read. */
  record: number;
  /** The last entity, document or ordinal that the reader saw. */
  after: number;
  /** Its sort key, where the list is sorted by one. */
  key?: string | number;
}

export const writeCursor = ({ of, record, after, key }: Cursor): string =>
  Buffer.from(JSON.stringify(key === undefined ? [of, record, after] : [of, record, after, key])).toString('base64url');

/** Undefined where the text is no cursor of this list. Never throws, whatever it is given. */
export function readCursor(text: string, of: string): Cursor | undefined {
  if (text.length > 1000 || !/^[A-Za-z0-9_-]+$/.test(text)) return undefined;
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    return undefined;
  }
  if (!Array.isArray(parts)) return undefined;
  const [owner, record, after, key] = parts as unknown[];
  if (owner !== of || !isCount(record) || !isCount(after)) return undefined;
  if (key === undefined) return { of, record, after };
  return typeof key === 'string' || Number.isSafeInteger(key) ? { of, record, after, key: key as string | number } : undefined;
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
