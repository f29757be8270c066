// The register as it stood at a moment, for one reader: rows that know which record made each of their values what it is.
import { isRefusal, type LocalizedText, type Reader, type RecordNumber, type Refusal, type Uuid } from '#kernel';
import type { AnyList, Moment, Projection, ReadModels, Row, TableDefinition, VersionsQuery } from '#read-models';
import { code, date, shown, texts, type Origin, type Value } from './values.js';

const PAGE = 500;

/** A row, and where its values come from. */
export class Known {
  private history: readonly Row[] | undefined;

  constructor(
    readonly row: Row,
    private readonly versions: () => readonly Row[],
  ) {}

  get id(): Uuid {
    return this.row.id;
  }

  /** The record that ended it, of what stands no more: a remark that was struck. */
  get endedBy(): RecordNumber | undefined {
    return this.row.validTo ?? undefined;
  }

  /** Where the entity as such comes from: the record that it began with. */
  get began(): Origin {
    const first = this.row.validFrom === this.row.first ? this.row : this.versionsOf().at(-1)!;
    return { record: this.row.first, illustrative: first.illustrative };
  }

  get<T>(column: string): T | null {
    if (!(column in this.row)) throw new Error(`the register has no column ${column} here`);
    return (this.row as unknown as Record<string, T | null>)[column]!;
  }

  /** The record that made the column what it is. */
  from(column: string): Origin {
    this.get(column);
    if (this.row.validFrom === this.row.first) return { record: this.row.first, illustrative: this.row.illustrative };
    const versions = this.versionsOf();
    const now = valueIn(versions[0]!, column);
    let made = 0;
    while (made + 1 < versions.length && valueIn(versions[made + 1]!, column) === now) made += 1;
    return { record: versions[made]!.validFrom, illustrative: versions[made]!.illustrative };
  }

  texts(column: string): Value | undefined {
    return texts(this.get<LocalizedText>(column), this.from(column));
  }

  code(column: string): Value | undefined {
    return code(this.get<string>(column), this.from(column));
  }

  date(column: string): Value | undefined {
    return date(this.get<string>(column), this.from(column));
  }

  shown(column: string): Value | undefined {
    return shown(this.get<string | number>(column), this.from(column));
  }

  private versionsOf(): readonly Row[] {
    return (this.history ??= this.versions());
  }
}

const valueIn = (row: Row, column: string): string => JSON.stringify((row as unknown as Record<string, unknown>)[column] ?? null);

/** A list or a detail could not be read: the refusal says why. */
export class Unreadable extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.detail);
  }
}

export class RegisterAt {
  private readonly lists = new Map<string, AnyList>();
  private readonly tables = new Map<string, TableDefinition>();
  private readonly known = new Map<string, Known | undefined>();
  private incomplete = false;

  constructor(
    private readonly readModels: Pick<ReadModels, 'list' | 'detail' | 'versions' | 'logRow'>,
    readonly moment: Moment,
    private readonly reader: Reader,
    private readonly projections: readonly Projection[],
  ) {
    for (const { tables, lists = [] } of projections) {
      for (const table of tables) this.tables.set(table.name, table);
      for (const list of lists) this.lists.set(list.name, list);
    }
  }

  /** The entity; undefined where there is none, or not for this reader. */
  detail(table: string, id: Uuid | string | null | undefined): Known | undefined {
    if (!id) return undefined;
    const key = `${table}/${id}`;
    if (!this.known.has(key)) {
      const row = this.readModels.detail(this.table(table), id as Uuid, this.moment, this.reader);
      this.known.set(key, row && this.knowing(this.table(table), row));
    }
    return this.known.get(key);
  }

  /** The entity as it stands, or as it was last where it has ended; undefined where there was none, or its history is not for this reader. */
  recorded(table: string, id: Uuid | string | null | undefined): Known | undefined {
    const standing = this.detail(table, id);
    if (standing || !id) return standing;
    const [last] = this.versions(table, id, { limit: 1 });
    return last && this.knowing(this.table(table), last);
  }

  /** Whether there is such an entity, or was one that has ended, and it is not for this reader. */
  isHidden(table: string, id: Uuid | string): boolean {
    if (this.recorded(table, id)) return false;
    return this.versions(table, id, { limit: 1 }, { ...this.reader, role: 'auditor' }).length > 0;
  }

  /** All rows, in the order in which they were recorded. @throws Unreadable */
  async list(name: string, where: Readonly<Record<string, string>> = {}, keep?: (row: Row) => boolean): Promise<Known[]> {
    const definition = this.lists.get(name);
    if (!definition) throw new Error(`there is no list ${name}`);
    const found: Known[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.readModels.list(definition, {
        moment: this.moment,
        reader: this.reader,
        where,
        sort: 'recorded',
        limit: PAGE,
        ...(cursor !== undefined && { cursor }),
        ...(keep && { keep }),
      });
      if (isRefusal(page)) throw new Unreadable(page);
      found.push(...page.rows.map((row) => this.knowing(definition.table, row)));
      cursor = page.next;
    } while (cursor !== undefined);
    return found;
  }

  /** Every version of the entity up to the moment, the newest first; of one that has ended too. @throws Unreadable */
  history(table: string, id: Uuid | string): readonly Row[] {
    return this.versions(table, id);
  }

  /** The records that made the versions of the entity, the one that ended it, and those that set who may see what it was; ascending. @throws Unreadable */
  recordsOf(table: string, id: Uuid | string): RecordNumber[] {
    const records = this.versions(table, id, { past: true }).flatMap(({ validFrom, validTo }) =>
      validTo === null ? [validFrom] : [validFrom, validTo],
    );
    return [...new Set(records)].sort((a, b) => a - b);
  }

  /** The type of the record's event. */
  typeOf(record: RecordNumber): string | undefined {
    return this.readModels.logRow(record)?.type;
  }

  /** The same register, for the same reader, as it stood at an earlier record. */
  asOf(record: number): RegisterAt {
    return new RegisterAt(this.readModels, { record: record as Moment['record'], isNow: false }, this.reader, this.projections);
  }

  /** Whether some of what was recorded of anything that was read here was lost. */
  get isIncomplete(): boolean {
    return this.incomplete;
  }

  private versions(
    table: string,
    id: Uuid | string,
    query: Partial<Pick<VersionsQuery, 'limit' | 'past'>> = {},
    reader = this.reader,
  ): readonly Row[] {
    const page = this.readModels.versions(this.table(table), id as Uuid, { moment: this.moment, limit: PAGE, ...query }, reader);
    if (isRefusal(page)) throw new Unreadable(page);
    return page.rows;
  }

  private knowing(table: TableDefinition, row: Row): Known {
    this.incomplete ||= row.incomplete === true;
    return new Known(row, () => this.history(table.name, row.id));
  }

  private table(name: string): TableDefinition {
    const table = this.tables.get(name);
    if (!table) throw new Error(`there is no table ${name}`);
    return table;
  }
}
