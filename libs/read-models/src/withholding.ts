// Withholds texts that were removed: in every version that came to hold them, closed ones included, and in the search index. The
// events of the entities that the text may have reached are projected again without it, so that what lies there afterwards is
// what a rebuild from the emptied store would make. What looks the same but was typed on its own stays.
import type { RemovedValue } from '#event-store';
import type { Audience, RecordNumber, Revision, StreamName, Uuid } from '#kernel';
import type { Database } from '#sqlite';
import { decode, type Stored } from './columns.js';
import type { ProjectedEvent, Scope, TableWriter } from './projection.js';
import { quoted, type CompiledTable, type Schema } from './schema.js';
import type { SearchRows } from './search-rows.js';
import type { TableDefinition } from './table.js';
import { keepsTexts, putColumns, scopeIndex } from './version-writer.js';

/** Where a record lies in the store, and what it must hash to. */
export interface PlaceInStore {
  record: RecordNumber;
  stream: StreamName;
  revision: Revision;
  leaf: string;
}

interface Version {
  record: number;
  ordinal: number;
  /** Undefined where the record ended the entity. */
  values: Stored[] | undefined;
  /** False where the entity had ended before: the version says who may see what it was. */
  stands: boolean;
}

/** An entity whose events are gone through again. */
interface Reached {
  table: CompiledTable;
  entity: number;
  /** Records that begin or end one of its versions, ascending. */
  records: number[];
  stands: boolean;
  setsPast: boolean;
  audience: string | null;
  values: Stored[];
  versions: Version[];
}

export class Withholding implements TableWriter {
  private readonly reached = new Map<string, Reached>();
  private touched = new Set<Reached>();

  constructor(
    private readonly database: Database,
    private readonly schema: Schema,
    values: readonly RemovedValue[],
  ) {
    const changed = database.prepareArrays<[string, number]>('SELECT DISTINCT tbl, entity FROM changes WHERE record = ?');
    for (const record of new Set(values.map((value) => value.record))) {
      for (const [name, entity] of changed.all(record)) this.reach(this.schema.tables.get(name)!, entity);
    }
  }

  /** The records whose events are to be applied again, ascending. */
  places(): PlaceInStore[] {
    const records = new Set([...this.reached.values()].flatMap((each) => each.records));
    const place = this.database.prepare<{ stream: StreamName; revision: Revision; leaf: Uint8Array }>(
      'SELECT stream, revision, leaf FROM log WHERE record = ?',
    );
    return [...records]
      .sort((a, b) => a - b)
      .map((record) => {
        const { stream, revision, leaf } = place.get(record)!;
        return { record: record as RecordNumber, stream, revision, leaf: Buffer.from(leaf).toString('hex') };
      });
  }

  /** Takes up the next of these records. */
  apply(event: ProjectedEvent, handlers: readonly ((event: never, t: TableWriter) => void)[]): void {
    this.touched = new Set();
    for (const apply of handlers) apply(event as never, this);
    const ordinal = this.database.prepareArrays<[number]>('SELECT ordinal FROM changes WHERE record = ? AND tbl = ? AND entity = ?');
    for (const each of this.touched) {
      const found = ordinal.get(event.record, each.table.name, each.entity);
      // What an event begins and ends was never there.
      if (found) {
        const values = each.stands || each.setsPast ? [...each.values] : undefined;
        each.versions.push({ record: event.record, ordinal: found[0], values, stands: each.stands });
      }
      each.setsPast = false;
    }
  }

  put(table: Pick<TableDefinition, 'name'>, id: Uuid, columns: object): void {
    const reached = this.touch(table.name, id);
    if (!reached) return;
    if (!reached.stands) Object.assign(reached, { stands: true, audience: null, values: reached.table.columns.map(() => null) });
    putColumns(reached, reached.table, columns);
  }

  end(table: Pick<TableDefinition, 'name'>, id: Uuid): void {
    const reached = this.touch(table.name, id);
    if (reached) reached.stands = false;
  }

  setAudience(table: Pick<TableDefinition, 'name'>, id: Uuid, audience: Audience | null): void {
    const reached = this.touch(table.name, id);
    if (!reached || reached.stands || reached.versions.length === 0) return this.put(table, id, { audience });
    reached.setsPast = true;
  }

  scopeOf(table: string, id: Uuid, column: string): Scope | null {
    const compiled = this.schema.tables.get(table);
    const { type } = compiled!.columns[scopeIndex(compiled, table, column)]!.column;
    const value = this.database
      .prepareArrays<[Stored]>(`SELECT ${quoted(column)} FROM ${table} WHERE id = ? AND valid_from = first`)
      .get(id)?.[0];
    return decode(type, value ?? null) as Scope | null;
  }

  /** Writes what came of it. Answers whether any row held a text that was removed. */
  write(search: SearchRows): boolean {
    let found = false;
    for (const each of this.reached.values()) {
      if (!this.rewrite(each)) continue;
      found = true;
      if (each.table.searched.length > 0) indexAgain(search, each);
    }
    return found;
  }

  private rewrite({ table, entity, versions }: Reached): boolean {
    const columns = table.columns.map(({ name }) => quoted(name));
    const read = this.database.prepareArrays<Stored[]>(
      `SELECT ${columns.join(', ')} FROM ${table.name} WHERE entity = ? AND valid_from = ?`,
    );
    const update = this.database.prepare(
      `UPDATE ${table.name} SET ${columns.map((name) => `${name} = ?`).join(', ')} WHERE entity = ? AND valid_from = ?`,
    );
    let found = false;
    for (const { record, values } of versions) {
      if (!values) continue;
      const written = read.get(entity, record);
      if (!written) throw new Error(`${table.name} has no version of entity ${entity} from record ${record} on`);
      if (written.every((value, index) => value === values[index])) continue;
      update.run(...values, entity, record);
      found = true;
    }
    return found;
  }

  private touch(table: string, id: Uuid): Reached | undefined {
    const reached = this.reached.get(`${table}/${id}`);
    if (reached) this.touched.add(reached);
    return reached;
  }

  private reach(table: CompiledTable, entity: number): void {
    // Typed texts lie nowhere else; and what only counts or lists may have as many versions as the history has records.
    if (!table.columns.some(({ column }) => column.type === 'texts' || column.type === 'json')) return;
    const rows = this.database
      .prepareArrays<[Uuid, number, number | null]>(
        `SELECT id, valid_from, valid_to FROM ${table.name} WHERE entity = ? ORDER BY valid_from`,
      )
      .all(entity);
    const first = rows[0];
    if (!first) return;
    const records = [...new Set(rows.flatMap(([, from, to]) => (to === null ? [from] : [from, to])))].sort((a, b) => a - b);
    this.reached.set(`${table.name}/${first[0]}`, {
      table,
      entity,
      records,
      stands: false,
      setsPast: false,
      audience: null,
      values: [],
      versions: [],
    });
  }
}

/** Every document of the entity anew, as its versions begin and end them. */
function indexAgain(search: SearchRows, { table, entity, versions }: Reached): void {
  for (const { record, ordinal } of versions) search.forget(record, ordinal);
  let before: Stored[] | undefined;
  for (const { record, ordinal, values, stands } of versions) {
    if (values && !stands) continue;
    if (before && values && keepsTexts(table, before, values)) continue;
    if (before) search.end(table, entity, record);
    if (values) search.begin(table, entity, record, ordinal, values);
    before = values;
  }
}
