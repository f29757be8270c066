// What a snapshot says of itself, in a table of its own beside those of the read models.
import type { RecordNumber } from '#kernel';
import type { Database } from '#sqlite';

/** Changes with the meaning of the table; what the read models hold has a fingerprint of its own. */
export const SNAPSHOT_FORMAT = 1;

export interface SnapshotManifest {
  format: number;
  origin: string;
  /** The last record that it holds. */
  record: RecordNumber;
  /** The root of the tree of all its records, in hex. */
  root: string;
  /** A signed checkpoint of that many records or fewer. */
  checkpoint: string;
}

export function writeManifest(database: Database, { format, origin, record, root, checkpoint }: SnapshotManifest): void {
  database.exec(
    'CREATE TABLE snapshot (format INTEGER NOT NULL, origin TEXT NOT NULL, record INTEGER NOT NULL, root TEXT NOT NULL, checkpoint TEXT NOT NULL)',
  );
  database.prepare('INSERT INTO snapshot VALUES (?, ?, ?, ?, ?)').run(format, origin, record, root, checkpoint);
}

/** Undefined where the file is no snapshot. */
export function readManifest(database: Database): SnapshotManifest | undefined {
  const made = database.prepare(`SELECT 1 AS made FROM sqlite_master WHERE type = 'table' AND name = 'snapshot'`).get();
  return made && database.prepare<SnapshotManifest>('SELECT format, origin, record, root, checkpoint FROM snapshot').get();
}

export function dropManifest(database: Database): void {
  database.exec('DROP TABLE snapshot');
}
