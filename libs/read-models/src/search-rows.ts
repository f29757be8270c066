// The search index: a document for each language of an entity's searched texts, and for as long as these stand.
import type { RemovedText } from '#kernel';
import type { Database, Statement } from '#sqlite';
import type { Stored } from './columns.js';
import type { CompiledTable } from './schema.js';

/** Texts by language, in one form whatever the keyboard sent. A text that was removed leaves its language without words. */
export function searchedTexts(table: CompiledTable, values: readonly Stored[]): Map<string, string> {
  const byLanguage = new Map<string, string>();
  for (const index of table.searched) {
    const stored = values[index];
    if (stored === null || stored === undefined) continue;
    const texts =
      table.columns[index]!.column.type === 'texts'
        ? (JSON.parse(stored as string) as { lang: string; text: string | RemovedText }[])
        : [{ lang: '', text: String(stored) }];
    for (const { lang, text } of texts) {
      const before = byLanguage.get(lang);
      const words = typeof text === 'string' ? text.normalize('NFC') : '';
      byLanguage.set(lang, before === undefined ? words : `${before}\n${words}`);
    }
  }
  return byLanguage;
}

/**
 * Documents are numbered by the record that began them, by the ordinal of the change that did, and by language: more of these
 * than an event within the limit of an append, or an entity, could have. So a number tells nothing about other records' texts,
 * the order is that of recording, and it stays the same whatever is removed.
 */
const CHANGES_PER_RECORD = 32_768;
const DOCS_PER_CHANGE = 128;
export const firstDoc = (record: number, ordinal: number): number => (record * CHANGES_PER_RECORD + ordinal) * DOCS_PER_CHANGE;

export class SearchRows {
  private readonly insertDoc: Statement<unknown>;
  private readonly insertWords: Statement<unknown>;
  private readonly close: Statement<unknown>;

  /** @param deferred leaves the words for `fill`, which writes them faster */
  constructor(
    private readonly database: Database,
    private readonly deferred: boolean,
  ) {
    this.insertDoc = database.prepare('INSERT INTO search_docs (doc, tbl, entity, lang, valid_from) VALUES (?, ?, ?, ?, ?)');
    this.insertWords = database.prepare('INSERT INTO search (rowid, words, tbl) VALUES (?, ?, ?)');
    this.close = database.prepare('UPDATE search_docs SET valid_to = ? WHERE entity = ? AND tbl = ? AND valid_to IS NULL');
  }

  /** @param ordinal of the change, among those of the record */
  begin(table: CompiledTable, entity: number, record: number, ordinal: number, values: readonly Stored[]): void {
    let doc = firstDoc(record, ordinal);
    for (const [lang, text] of searchedTexts(table, values)) {
      this.insertDoc.run(doc, table.name, entity, lang, record);
      if (!this.deferred) this.insertWords.run(doc, text, table.name);
      doc += 1;
    }
  }

  end(table: CompiledTable, entity: number, record: number): void {
    this.close.run(record, entity, table.name);
  }

  /** As if a change had begun none. */
  forget(record: number, ordinal: number): void {
    const from = firstDoc(record, ordinal);
    if (!this.deferred)
      this.database
        .prepare('DELETE FROM search WHERE rowid IN (SELECT doc FROM search_docs WHERE doc BETWEEN ? AND ?)')
        .run(from, from + DOCS_PER_CHANGE - 1);
    this.database.prepare('DELETE FROM search_docs WHERE doc BETWEEN ? AND ?').run(from, from + DOCS_PER_CHANGE - 1);
  }

  cutBackTo(record: number): void {
    this.database.prepare('DELETE FROM search WHERE rowid IN (SELECT doc FROM search_docs WHERE valid_from > ?)').run(record);
    this.database.prepare('DELETE FROM search_docs WHERE valid_from > ?').run(record);
    this.database.prepare('UPDATE search_docs SET valid_to = NULL WHERE valid_to > ?').run(record);
  }
}

/** Writes the words of every document that has none yet, from the rows that hold its texts. */
export function fillSearch(database: Database, tables: ReadonlyMap<string, CompiledTable>): void {
  const insert = database.prepare('INSERT INTO search (rowid, words, tbl) VALUES (?, ?, ?)');
  for (const table of tables.values()) {
    if (table.searched.length === 0) continue;
    const columns = table.columns.map(({ name }) => `v."${name}"`).join(', ');
    const docs = database.prepareArrays<[number, string, ...Stored[]]>(
      `SELECT d.doc, d.lang, ${columns} FROM search_docs d CROSS JOIN ${table.name} v ON v.entity = d.entity AND v.valid_from = d.valid_from WHERE d.tbl = ? ORDER BY d.doc`,
    );
    for (const [doc, lang, ...values] of docs.iterate(table.name))
      insert.run(doc, searchedTexts(table, values).get(lang) ?? '', table.name);
  }
}
