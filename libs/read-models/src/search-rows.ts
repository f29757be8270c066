// The search index: a document for each language of an entity's searched texts, and for as long as these stand.
import type { RemovedText } from '#kernel';
import type { Database, Statement } from '#sqlite';
import type { Stored } from './columns.js';
import type { CompiledTable } from './schema.js';

/** Texts by language, in one form whatever the keyboard sent. */
export function searchedTexts(table: CompiledTable, values: readonly Stored[]): Map<string, string> {
  const byLanguage = new Map<string, string>();
  for (const index of table.searched) {
    const stored = values[index];
    if (stored === null || stored === undefined) continue;
    const texts = table.columns[index]!.column.type === 'texts' ? (JSON.parse(stored as string) as { lang: string; text: string | RemovedText }[]) : [{ lang: '', text: String(stored) }];
    for (const { lang, text } of texts) {
      if (typeof text !== 'string') continue;
      const before = byLanguage.get(lang);
      byLanguage.set(lang, before === undefined ? text.normalize('NFC') : `${before}\n${text.normalize('NFC')}`);
    }
  }
  return byLanguage;
}

/**
 * Documents are numbered by the record that began them, times this, plus their ordinal: more than an event within the limit of
 * an append could begin. So a number tells nothing about other records' texts, and the order is that of recording.
 */
const DOCS_PER_RECORD = 8192;

export class SearchRows {
  private readonly insertDoc: Statement<unknown>;
  private readonly insertWords: Statement<unknown>;
  private readonly close: Statement<unknown>;
  private record = 0;
  private begun = 0;

  /** @param deferred leaves the words for `fill`, which writes them faster */
  constructor(
    private readonly database: Database,
    private readonly deferred: boolean,
  ) {
    this.insertDoc = database.prepare('INSERT INTO search_docs (doc, tbl, entity, lang, valid_from) VALUES (?, ?, ?, ?, ?)');
    this.insertWords = database.prepare('INSERT INTO search (rowid, words) VALUES (?, ?)');
    this.close = database.prepare('UPDATE search_docs SET valid_to = ? WHERE entity = ? AND tbl = ? AND valid_to IS NULL');
  }

  begin(table: CompiledTable, entity: number, record: number, values: readonly Stored[]): void {
    if (record !== this.record) [this.record, this.begun] = [record, 0];
    for (const [lang, text] of searchedTexts(table, values)) {
      const doc = record * DOCS_PER_RECORD + this.begun++;
      this.insertDoc.run(doc, table.name, entity, lang, record);
      if (!this.deferred) this.insertWords.run(doc, text);
    }
  }

  end(table: CompiledTable, entity: number, record: number): void {
    this.close.run(record, entity, table.name);
  }

  cutBackTo(record: number): void {
    this.database.prepare('DELETE FROM search WHERE rowid IN (SELECT doc FROM search_docs WHERE valid_from > ?)').run(record);
    this.database.prepare('DELETE FROM search_docs WHERE valid_from > ?').run(record);
    this.database.prepare('UPDATE search_docs SET valid_to = NULL WHERE valid_to > ?').run(record);
    this.record = 0;
  }
}

/** Writes the words of every document that has none yet, from the rows that hold its texts. */
export function fillSearch(database: Database, tables: ReadonlyMap<string, CompiledTable>): void {
  const insert = database.prepare('INSERT INTO search (rowid, words) VALUES (?, ?)');
  for (const table of tables.values()) {
    if (table.searched.length === 0) continue;
    const columns = table.columns.map(({ name }) => `v."${name}"`).join(', ');
    const docs = database.prepareArrays<[number, string, ...Stored[]]>(
      `SELECT d.doc, d.lang, ${columns} FROM search_docs d CROSS JOIN ${table.name} v ON v.entity = d.entity AND v.valid_from = d.valid_from WHERE d.tbl = ? ORDER BY d.doc`,
    );
    for (const [doc, lang, ...values] of docs.iterate(table.name)) insert.run(doc, searchedTexts(table, values).get(lang) ?? '');
  }
}
