// Finds texts: every word must occur, the latest recorded first, so that what was found once is found in the same place.
import { setImmediate } from 'node:timers/promises';
import type { Reader, RecordNumber, Refusal } from '#kernel';
import { readCursor, writeCursor } from './cursor.js';
import type { Opened } from './list-reader.js';
import { markIncomplete } from './incomplete.js';
import { readingRefusals } from './reading-refusals.js';
import type { Hit, SearchPage, SearchQuery } from './reading.js';
import { rowOf } from './rows.js';
import { firstDoc } from './search-rows.js';

const CHUNK = 500;
const MAX_WORDS = 20;

/** A query of FTS5 in which nothing that a person types is an operator, but a star at the end of a word: any ending. */
export function matchOf(text: string, tables?: readonly string[]): string | undefined {
  const words = text
    .normalize('NFC')
    .replaceAll('\0', ' ')
    .split(/\s+/u)
    .filter((word) => /[\p{L}\p{N}]/u.test(word))
    .slice(0, MAX_WORDS);
  if (words.length === 0) return undefined;
  const terms = words.map((word) => `"${word.replaceAll('"', '""').replace(/\*+$/, '')}"${word.endsWith('*') ? '*' : ''}`).join(' ');
  return `words : (${terms})${tables ? ` AND tbl : (${tables.map((table) => `"${table}"`).join(' OR ')})` : ''}`;
}

export async function search(
  opened: Opened,
  text: string,
  query: SearchQuery,
  reader: Reader,
  limit: number,
): Promise<SearchPage | Refusal> {
  const cursor = query.cursor === undefined ? undefined : readCursor(query.cursor, 'search');
  if (query.cursor !== undefined && !cursor) return readingRefusals['cursor-unreadable']('Begin the search again without it.');
  const record = (cursor?.record ?? query.moment.record) as RecordNumber;
  const moment = { record, isNow: query.moment.isNow && record === query.moment.record };
  const match = matchOf(text, query.tables);
  if (match === undefined) return { hits: [], moment };
  const hits: Found[] = [];
  // What later records began did not stand at the moment, and none of it is looked at.
  let before = cursor?.after ?? firstDoc(record + 1, 0);
  for (let read = CHUNK; read === CHUNK && hits.length <= limit;) {
    const chunk = readChunk(opened(), { ...query, match, record, before }, reader);
    for (const hit of chunk.hits) {
      // An entity's languages lie side by side: it is found once.
      const last = hits.at(-1);
      if (last?.entity === hit.entity && last.hit.table === hit.hit.table) hits[hits.length - 1] = hit;
      else hits.push(hit);
    }
    [read, before] = [chunk.read, chunk.last];
    if (read === CHUNK) await setImmediate();
  }
  const page = hits.slice(0, limit);
  markIncomplete(
    opened().connection,
    page.map(({ hit }) => hit.row),
    record,
  );
  return {
    hits: page.map(({ hit }) => hit),
    moment,
    ...(hits.length > limit && { next: writeCursor({ of: 'search', record, after: page.at(-1)!.doc }) }),
  };
}

interface Found {
  hit: Hit;
  doc: number;
  entity: number;
}

interface ChunkQuery extends SearchQuery {
  match: string;
  record: number;
  before: number;
}

function readChunk({ connection, audiences }: ReturnType<Opened>, { match, record, before, tables, lang }: ChunkQuery, reader: Reader) {
  const narrowed = `${tables ? ` AND d.tbl IN (SELECT value FROM json_each(?4))` : ''}${lang === undefined ? '' : ` AND d.lang = ?${tables ? 5 : 4}`}`;
  const docs = connection.statement(
    `SELECT d.doc, d.tbl, d.entity, d.lang FROM search s CROSS JOIN search_docs d ON d.doc = s.rowid
WHERE s.search MATCH ?1 AND s.rowid < ?2 AND d.valid_from <= ?3 AND (d.valid_to IS NULL OR d.valid_to > ?3)${narrowed}
ORDER BY s.rowid DESC LIMIT ${CHUNK}`,
  );
  return connection.snapshot((snapshot) => {
    const found = docs.all(
      match,
      before,
      record,
      ...(tables ? [JSON.stringify(tables)] : []),
      ...(lang === undefined ? [] : [lang]),
    ) as unknown as [number, string, number, string][];
    const hits = found.flatMap(([doc, name, entity, language]) => {
      const table = connection.table(name);
      const stored = connection.statement(table.versionsUpTo).get(entity, record, 1)!;
      return audiences.sees(reader, table, stored, snapshot)
        ? [{ doc, entity, hit: { table: name, lang: language, row: rowOf(table, stored, record) } }]
        : [];
    });
    return { hits, read: found.length, last: found.at(-1)?.[0] ?? before };
  });
}
