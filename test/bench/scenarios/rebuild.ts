// Everything rebuilt beside the files that serve, against bare versioned rows written to one of the tables.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { bodiesProjection } from '#bodies/record';
import { meetingsProjection } from '#meetings/record';
import { compile, currentFile, dump, type Dump } from '#read-models';
import { openDatabase, type Database, type SqlValue } from '#sqlite';
import { prepare } from '../prepared.js';
import { compare, median, perSecond } from '../rounds.js';
import { check, type Scenario } from '../scenario.js';
import { Served, withServed } from '../served.js';

const ENGINE_TABLES = new Set(['changes', 'checkpoint', 'clock_restarts', 'log', 'search', 'search_docs', 'tree']);
const ROWS_PER_TRANSACTION = 2000;
/** Of the ceiling's rows, so many end the version before. */
const CORRECTED = 0.25;

export const rebuild: Scenario = {
  names: ['rebuild'],
  async run(context) {
    const { sizes, scratch } = context;
    const { directory } = await prepare(context, sizes.logEvents);
    return withServed(Served.product(directory), async (served) => {
      const events = await served.caughtUp();
      const before = dumped(directory);
      const rows = Object.entries(before).reduce((sum, [table, versions]) => sum + (ENGINE_TABLES.has(table) ? 0 : versions.length), 0);
      const eventRates: number[] = [];
      const rebuilt = async (): Promise<number> => {
        const start = performance.now();
        const { records } = await served.ask('POST', '/read-models/rebuild', served.adminToken, {});
        const seconds = (performance.now() - start) / 1000;
        check(records === events, `${String(records)} of ${events} records were rebuilt`);
        eventRates.push(events / seconds);
        return rows / seconds;
      };
      const ceiling = (): Promise<number> => Promise.resolve(bareRowRate(join(scratch, 'ceiling.db'), rows));
      const { first, second, ratio } = await compare(Math.min(sizes.rounds, 5), rebuilt, ceiling);
      const after = dumped(directory);
      for (const table of Object.keys(before)) check(JSON.stringify(after[table]) === JSON.stringify(before[table]), `${table} was rebuilt to something else`);
      return [
        {
          name: 'rebuild', value: ratio, bound: { is: 'at-least', value: 0.4 },
          says: 'Versioned rows a second of a whole rebuild (log read and verified, rows, changes, tree, search) to bare versioned rows written to the indexed table of remarks',
          figures: [
            ['rebuild', `${perSecond(first)} rows`], ['bare rows', `${perSecond(second)} rows`], ['events rebuilt', perSecond(median(eventRates.slice(1)))],
            ['events', events.toLocaleString('en')], ['rows', rows.toLocaleString('en')],
          ],
        },
      ];
    });
  },
};

function dumped(directory: string): Dump {
  const database = openDatabase(currentFile(directory)!, { mode: 'read-only' });
  try {
    return dump(database);
  } finally {
    database.close();
  }
}

/** Versions of remarks with every index of their table in place, by bare statements, where durability costs nothing. */
function bareRowRate(file: string, rows: number): number {
  rmSync(file, { force: true });
  const { create, indexes, columns } = compile([bodiesProjection, meetingsProjection]).tables.get('remarks')!;
  const database = openDatabase(file, { mode: 'read-write', synchronous: 'NORMAL' });
  try {
    database.exec('PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA secure_delete = OFF; PRAGMA cache_size = -64000');
    for (const statement of [...create, ...indexes]) database.exec(statement);
    return writeRows(database, rows, columns.map(({ name }) => name));
  } finally {
    database.close();
    rmSync(file, { force: true });
  }
}

function writeRows(database: Database, rows: number, columns: readonly string[]): number {
  const names = ['entity', 'valid_from', 'id', 'first', 'revision', 'illustrative', ...columns.map((name) => `"${name}"`)];
  const insert = database.prepare(`INSERT INTO remarks (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`);
  const end = database.prepare('UPDATE remarks SET valid_to = ? WHERE rowid = ?');
  const id = (number: number): string => `00000000-0000-8000-8000-${String(number).padStart(12, '0')}`;
  const said = JSON.stringify([{ lang: 'en', text: 'Customs plays a significant role in facilitating legitimate trade. '.repeat(3) }]);
  const values: Readonly<Record<string, SqlValue>> = { occurredAt: '2024-04-29', kind: 'statement', speaker: JSON.stringify({ person: id(1) }), text: said, corrected: 0 };
  let corrected = 0;
  const start = performance.now();
  for (let at = 0; at < rows; ) {
    database.transaction(() => {
      for (const until = Math.min(at + ROWS_PER_TRANSACTION, rows); at < until; at++) {
        const again = at > 0 && corrected < at * CORRECTED;
        if (again) corrected += 1;
        const first = again ? at : at + 1;
        if (again) end.run(at + 1, at);
        insert.run(first, at + 1, id(first), first, at, 0, ...columns.map((name) => (name === 'meeting' ? id(Math.floor(first / 50)) : (values[name] ?? null))));
      }
    });
  }
  return (rows * 1000) / (performance.now() - start);
}
