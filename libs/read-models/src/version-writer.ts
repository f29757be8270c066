// Turns what a projection puts and ends into versions, changes and search documents. One event at a time; written at its end.
import type { Audience, Uuid } from '#kernel';
import type { Database, Statement } from '#sqlite';
import { decode, encode, type Stored } from './columns.js';
import type { Scope, TableWriter } from './projection.js';
import { ENTITIES_PER_RECORD, HEAD, quoted, type CompiledTable, type Schema } from './schema.js';
import type { SearchRows } from './search-rows.js';
import type { TableDefinition } from './table.js';

/** The last version of an entity. */
interface Version {
  entity: number;
  first: number;
  rowid: number | bigint;
  stands: boolean;
  audience: string | null;
  illustrative: 0 | 1;
  values: Stored[];
}

/** What an event makes of an entity. */
interface Draft {
  table: WrittenTable;
  id: Uuid;
  last: Version | undefined;
  stands: boolean;
  /** It ended before, and who may see what it was is set now. */
  setsPast: boolean;
  audience: string | null;
  illustrative: 0 | 1;
  values: Stored[];
}

/** What an event that is written needs to be known by. */
export interface Written {
  record: number;
  revision: number;
  illustrative: boolean;
}

interface WrittenTable {
  compiled: CompiledTable;
  versions: Map<string, Version>;
  drafts: Map<string, Draft>;
  begun: number;
  insert: Statement<unknown>;
  lookUp: Statement<readonly (string | number | null)[]>;
  end: Statement<unknown>;
}

/** So many versions are kept in memory before they are looked up again. */
const KEPT_VERSIONS = 20_000;

export class VersionWriter implements TableWriter {
  /** Raised by every change of an entity on which another entity's audience may depend. */
  audienceEpoch = 0;
  private readonly tables = new Map<string, WrittenTable>();
  private readonly insertChange: Statement<unknown>;
  private drafts: Draft[] = [];
  private kept = 0;

  constructor(
    database: Database,
    schema: Schema,
    private readonly search: SearchRows,
  ) {
    for (const compiled of schema.tables.values()) this.tables.set(compiled.name, writtenTable(database, compiled));
    this.insertChange = database.prepare('INSERT INTO changes (record, ordinal, tbl, entity, kind) VALUES (?, ?, ?, ?, ?)');
  }

  put(table: Pick<TableDefinition, 'name'>, id: Uuid, columns: object): void {
    const draft = this.draft(table, id);
    if (!draft.stands) begin(draft);
    putColumns(draft, draft.table.compiled, columns);
  }

  end(table: Pick<TableDefinition, 'name'>, id: Uuid): void {
    this.draft(table, id).stands = false;
  }

  setAudience(table: Pick<TableDefinition, 'name'>, id: Uuid, audience: Audience | null): void {
    const draft = this.draft(table, id);
    if (draft.stands || !draft.last || draft.last.stands) return this.put(table, id, { audience });
    draft.setsPast = true;
    draft.illustrative = draft.last.illustrative;
    draft.values = [...draft.last.values];
    putColumns(draft, draft.table.compiled, { audience });
  }

  scopeOf(name: string, id: Uuid, column: string): Scope | null {
    const table = this.tables.get(name);
    const index = scopeIndex(table?.compiled, name, column);
    const value = (table!.drafts.get(id) ?? table!.versions.get(id) ?? lookUp(table!, id))?.values[index];
    return decode(table!.compiled.columns[index]!.column.type, value ?? null) as Scope | null;
  }

  /** @throws where what the event made may not be written */
  check(): void {
    for (const draft of this.drafts) assertScopesKept(draft);
  }

  /** Writes what the event made. */
  write(event: Written): void {
    let ordinal = 0;
    for (const draft of this.drafts) {
      if (!draft.stands && !draft.last?.stands && !draft.setsPast) continue;
      this.writeDraft(draft, event, ordinal);
      ordinal += 1;
    }
    this.discard();
  }

  /** Forgets what the event made: it is not written. */
  discard(): void {
    for (const { table } of this.drafts) {
      table.drafts.clear();
      table.begun = 0;
    }
    this.drafts = [];
  }

  /** Forgets what was read and written: a transaction was undone, or the tables were cut back. */
  forget(): void {
    this.discard();
    for (const { versions } of this.tables.values()) versions.clear();
    this.kept = 0;
  }

  private draft({ name }: Pick<TableDefinition, 'name'>, id: Uuid): Draft {
    const table = this.tables.get(name);
    if (!table) throw new TypeError(`the table ${name} is not declared`);
    const drafted = table.drafts.get(id);
    if (drafted) return drafted;
    const last = table.versions.get(id) ?? lookUp(table, id);
    const draft: Draft = last?.stands
      ? {
          table,
          id,
          last,
          stands: true,
          setsPast: false,
          audience: last.audience,
          illustrative: last.illustrative,
          values: [...last.values],
        }
      : { table, id, last, stands: false, setsPast: false, audience: null, illustrative: 0, values: [] };
    table.drafts.set(id, draft);
    this.drafts.push(draft);
    return draft;
  }

  private writeDraft(draft: Draft, { record, revision, illustrative }: Written, ordinal: number): void {
    const { table, last } = draft;
    const entity = last?.entity ?? record * ENTITIES_PER_RECORD + table.begun++;
    const first = last?.first ?? record;
    if (last?.stands) table.end.run(record, last.rowid);
    let version: Version;
    if (draft.stands || draft.setsPast) {
      const { audience, values, stands } = draft;
      // What a version keeps of the one before stays sample data, if it was.
      const sample = draft.illustrative === 1 || illustrative ? 1 : 0;
      const row = table.insert.run(entity, record, stands ? null : record, draft.id, first, revision, audience, sample, ...values);
      version = { entity, first, rowid: row.lastInsertRowid, stands, audience, illustrative: sample, values };
    } else {
      version = { ...last!, stands: false };
    }
    this.insertChange.run(record, ordinal, table.compiled.name, entity, kindOf(draft));
    this.index(draft, entity, record, ordinal);
    if (last && bearsOnAudiences(draft)) this.audienceEpoch += 1;
    this.keep(table, draft.id, version);
  }

  private index({ table: { compiled }, last, stands, values }: Draft, entity: number, record: number, ordinal: number): void {
    if (compiled.searched.length === 0) return;
    if (last?.stands && stands && keepsTexts(compiled, last.values, values)) return;
    if (last?.stands) this.search.end(compiled, entity, record);
    if (stands) this.search.begin(compiled, entity, record, ordinal, values);
  }

  private keep(table: WrittenTable, id: Uuid, version: Version): void {
    if (this.kept >= KEPT_VERSIONS) {
      for (const { versions } of this.tables.values()) versions.clear();
      this.kept = 0;
    }
    table.versions.set(id, version);
    this.kept += 1;
  }
}

/** Gives what a projection puts to an entity's values. */
export function putColumns(draft: { audience: string | null; values: Stored[] }, compiled: CompiledTable, columns: object): void {
  for (const [name, value] of Object.entries(columns)) {
    // Sample data is marked by its event, whatever a projection passes on.
    if (value === undefined || name === 'illustrative') continue;
    if (name === 'audience') {
      draft.audience = value === null ? null : JSON.stringify(value);
      continue;
    }
    const index = compiled.columnIndex.get(name);
    if (index === undefined) throw new TypeError(`${compiled.name} has no column ${name}`);
    draft.values[index] = encode(compiled.columns[index]!.column.type, value, `${compiled.name}.${name}`);
  }
}

/** Where a column stands that never changes over an entity's life. */
export function scopeIndex(compiled: CompiledTable | undefined, table: string, column: string): number {
  const index = compiled?.columnIndex.get(column);
  if (index === undefined || !compiled!.scopes.includes(index))
    throw new TypeError(`no list has ${table}.${column} as a scope: it may change`);
  return index;
}

/** Texts that stay as they are keep their documents. */
export const keepsTexts = ({ searched }: CompiledTable, before: readonly Stored[], after: readonly Stored[]): boolean =>
  searched.every((index) => before[index] === after[index]);

function writtenTable(database: Database, compiled: CompiledTable): WrittenTable {
  const columns = [...HEAD, ...compiled.columns.map(({ name }) => quoted(name))];
  const { name } = compiled;
  return {
    compiled,
    versions: new Map(),
    drafts: new Map(),
    begun: 0,
    insert: database.prepare(`INSERT INTO ${name} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`),
    lookUp: database.prepareArrays(
      `SELECT rowid, ${columns.join(', ')} FROM ${name}
       WHERE entity = (SELECT entity FROM ${name} WHERE id = ? AND valid_from = first) ORDER BY valid_from DESC LIMIT 1`,
    ),
    end: database.prepare(`UPDATE ${name} SET valid_to = ? WHERE rowid = ?`),
  };
}

function lookUp(table: WrittenTable, id: Uuid): Version | undefined {
  const row = table.lookUp.get(id);
  if (!row) return undefined;
  const [rowid, entity, , validTo, , first, , audience, illustrative, ...values] = row;
  return {
    entity: entity as number,
    first: first as number,
    rowid: rowid as number,
    stands: validTo === null,
    audience: audience as string | null,
    illustrative: illustrative as 0 | 1,
    values,
  };
}

function begin(draft: Draft): void {
  draft.stands = true;
  draft.setsPast = false;
  draft.audience = null;
  draft.illustrative = 0;
  draft.values = draft.table.compiled.columns.map(() => null);
}

const kindOf = ({ last, stands, setsPast }: Draft): 'began' | 'changed' | 'ended' =>
  setsPast ? 'changed' : !last?.stands ? 'began' : stands ? 'changed' : 'ended';

function assertScopesKept({ table: { compiled }, id, last, stands, values }: Draft): void {
  if (!last || !stands) return;
  for (const scope of compiled.scopes) {
    if (last.values[scope] === values[scope]) continue;
    throw new Error(`${compiled.name}.${compiled.columns[scope]!.name} of ${id} would change, and a list has it as a scope`);
  }
}

function bearsOnAudiences({ table: { compiled }, last, stands, setsPast, audience, values }: Draft): boolean {
  if (!compiled.isContainer || !(stands || setsPast)) return false;
  return audience !== last!.audience || compiled.audienceColumns.some((index) => values[index] !== last!.values[index]);
}
