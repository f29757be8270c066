// Marks what is incomplete: an entity that was recorded in a stream of which events were lost.
import type { RecordNumber } from '#kernel';
import type { Connection } from './connection.js';

interface Markable {
  /** The record that began the entity. */
  first: number;
  incomplete?: boolean;
}

/** Rows are marked by the streams in which they were first recorded, as things stood at the moment. */
export function markIncomplete(connection: Connection, rows: readonly Markable[], record: RecordNumber): void {
  if (rows.length === 0 || !connection.statement('SELECT 1 FROM lost_records WHERE record <= ? LIMIT 1').get(record)) return;
  const statement = connection.statement(
    'SELECT 1 FROM log l JOIN lost_records x ON x.stream = l.stream WHERE l.record = ? AND x.record <= ? LIMIT 1',
  );
  for (const row of rows) if (statement.get(row.first, record)) row.incomplete = true;
}
