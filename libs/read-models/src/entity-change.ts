// One change as the register holds it. Rows are made where they are asked for: most who list changes want the fields that differ.
import type { RecordNumber, UtcTime, Uuid } from '#kernel';
import { decode } from './columns.js';
import type { Change, ChangedField } from './reading.js';
import { rowOf, type StoredRow } from './rows.js';
import { HEAD, type CompiledTable } from './schema.js';
import type { Row } from './table.js';

/** A row of `changes`, and what the log says of its record. */
export type StoredChange = readonly [
  record: RecordNumber,
  ordinal: number,
  table: string,
  entity: number,
  kind: Change['kind'],
  event: Uuid,
  type: string,
  recordedAt: UtcTime,
];

const [VALID_FROM, VALID_TO, ID, FIRST, AUDIENCE] = (['valid_from', 'valid_to', 'id', 'first', 'audience'] as const).map((column) =>
  HEAD.indexOf(column),
) as [number, number, number, number, number];

/** It says who may see what had ended before. */
const neverStood = (version: StoredRow): boolean => version[VALID_TO] === version[VALID_FROM];

export class EntityChange implements Change {
  readonly record: RecordNumber;
  readonly event: Change['event'];
  readonly kind: Change['kind'];
  readonly id: Uuid;
  /** The record that began the entity. */
  readonly first: RecordNumber;
  readonly isOfPast: boolean;
  incomplete = false;
  private readonly old: StoredRow | undefined;
  private readonly current: StoredRow | undefined;
  private rows: { before: Row | undefined; after: Row | undefined } | undefined;

  /** @param versions of the entity up to the record: the newest, and the one before */
  constructor(
    [record, , , , kind, id, type, recordedAt]: StoredChange,
    private readonly of: CompiledTable,
    versions: readonly StoredRow[],
  ) {
    this.record = record;
    this.event = { id, type, recordedAt };
    this.kind = kind;
    this.id = versions[0]![ID] as Uuid;
    this.first = versions[0]![FIRST] as RecordNumber;
    this.current = versions.find((version) => version[VALID_FROM] === record);
    this.isOfPast = this.current !== undefined && neverStood(this.current);
    this.old = this.isOfPast ? versions[1] : versions.find((version) => version[VALID_TO] === record);
  }

  get table(): string {
    return this.of.name;
  }

  get before(): Row | undefined {
    return this.asRows().before;
  }

  get after(): Row | undefined {
    return this.asRows().after;
  }

  /** What lies in the file is compared, where equal values are equal texts: only what differs is read. */
  get fields(): ChangedField[] {
    const fields: ChangedField[] = [];
    const compare = (field: string, at: number, read: (stored: StoredRow[number]) => unknown): void => {
      const [before, after] = [this.old?.[at] ?? null, this.current?.[at] ?? null];
      if (before === after) return;
      fields.push({ field, ...(before !== null && { before: read(before) }), ...(after !== null && { after: read(after) }) });
    };
    for (const [index, { name, column }] of this.of.columns.entries())
      compare(name, HEAD.length + index, (stored) => decode(column.type, stored));
    compare('audience', AUDIENCE, (stored) => JSON.parse(stored as string));
    return fields;
  }

  private asRows(): { before: Row | undefined; after: Row | undefined } {
    return (this.rows ??= { before: this.row(this.old), after: this.row(this.current) });
  }

  private row(stored: StoredRow | undefined): Row | undefined {
    const row = stored && rowOf(this.of, stored, this.record);
    if (row && this.incomplete) row.incomplete = true;
    return row;
  }
}
