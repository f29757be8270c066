// Everything rebuilt beside the files that serve, against the same rows written by bare statements.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { schema } from '#api';
import { currentFile, dump, type Dump, type Schema } from '#read-models';
import { openDatabase, type Database, type SqlValue, type Statement } from '#sqlite';
import { prepare } from '../prepared.js';
import { compare, median, perSecond } from '../rounds.js';
import { check, type Scenario } from '../scenario.js';
import { Served, withServed } from '../served.js';

type CompiledTable = Schema['tables'] extends ReadonlyMap<string, infer Table> ? Table : never;

const ROWS_PER_TRANSACTION = 2000;
/** A write-ahead log as the file that serves has it, and the page cache with which a file is built. */
const AS_SERVED = 'PRAGMA secure_delete = OFF; PRAGMA cache_size = -64000';
/** Nothing that a crash would need: told beside, since a file that is built does without too. */
const UNSAFE = 'PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA secure_delete = OFF; PRAGMA cache_size = -64000';

export const rebuild: Scenario = {
  names: ['rebuild'],
  async run(context) {
    const { sizes, scratch } = context;
    const { directory } = await prepare(context, sizes.logEvents);
    return withServed(Served.product(directory), async (served) => {
      const events = await served.caughtUp();
      const before = dumped(directory);
      const versions = versionsIn(currentFile(directory)!, schema);
      const rows = versions.length;
      const eventRates: number[] = [];
      const rebuilt = async (): Promise<number> => {
        const start = performance.now();
        const { records } = await served.ask('POST', '/read-models/rebuild', served.adminToken, {});
        const seconds = (performance.now() - start) / 1000;
        check(records === events, `${String(records)} of ${events} records were rebuilt`);
        eventRates.push(events / seconds);
        return rows / seconds;
      };
      const ceiling = (): Promise<number> => Promise.resolve(bareRowRate(join(scratch, 'ceiling.db'), versions, AS_SERVED));
      const { first, second, ratio } = await compare(Math.min(sizes.rounds, 3), rebuilt, ceiling);
      const after = dumped(directory);
      for (const table of Object.keys(before))
        check(JSON.stringify(after[table]) === JSON.stringify(before[table]), `${table} was rebuilt to something else`);
      return [
        {
          name: 'rebuild',
          value: ratio,
          bound: { is: 'at-least', value: 0.4 },
          says: 'Versioned rows a second of a whole rebuild (log read and verified, rows, changes, tree, search) to the same rows written by bare statements into the same tables with their indexes',
          figures: [
            ['rebuild', `${perSecond(first)} rows`],
            ['bare rows', `${perSecond(second)} rows`],
            ['bare rows without a write-ahead log', `${perSecond(bareRowRate(join(scratch, 'ceiling.db'), versions, UNSAFE))} rows`],
            ['events rebuilt', perSecond(median(eventRates.slice(1)))],
            ['events', events.toLocaleString('en')],
            ['rows', rows.toLocaleString('en')],
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

interface BareTable {
  insert: Statement<unknown>;
  end: Statement<unknown>;
  /** Where the last version of an entity lies. */
  last: Map<number, number | bigint>;
}

interface BareRow {
  table: string;
  entity: number;
  from: number;
  values: readonly SqlValue[];
}

/** Every version that the file holds, in the order of the log. */
function versionsIn(file: string, schema: Schema): BareRow[] {
  const database = openDatabase(file, { mode: 'read-only' });
  try {
    return [...schema.tables.values()]
      .flatMap((table) =>
        database
          .prepareArrays<SqlValue[]>(`SELECT ${columnsOf(table)} FROM ${table.name}`)
          .all()
          .map((values) => ({ table: table.name, entity: values[0] as number, from: values[1] as number, values })),
      )
      .sort((a, b) => a.from - b.from);
  } finally {
    database.close();
  }
}

const columnsOf = ({ columns }: CompiledTable): string =>
  ['entity', 'valid_from', 'id', 'first', 'revision', 'audience', 'illustrative', ...columns.map(({ name }) => `"${name}"`)].join(', ');

/** Rows a second where the same versions are written by bare statements to the same tables, each ending the one before. */
function bareRowRate(file: string, rows: readonly BareRow[], settings: string): number {
  removeFile(file);
  const database = openDatabase(file, { mode: 'read-write', synchronous: 'NORMAL', walAutocheckpointPages: 4000 });
  database.exec(settings);
  try {
    for (const { create, indexes } of schema.tables.values()) for (const statement of [...create, ...indexes]) database.exec(statement);
    const tables = new Map([...schema.tables.values()].map((table) => [table.name, bareTable(database, table)]));
    const start = performance.now();
    for (let at = 0; at < rows.length; at += ROWS_PER_TRANSACTION) {
      database.transaction(() => {
        for (const row of rows.slice(at, at + ROWS_PER_TRANSACTION)) writeRow(tables.get(row.table)!, row);
      });
    }
    return (rows.length * 1000) / (performance.now() - start);
  } finally {
    database.close();
    removeFile(file);
  }
}

const bareTable = (database: Database, table: CompiledTable): BareTable => ({
  insert: database.prepare(
    `INSERT INTO ${table.name} (${columnsOf(table)}) VALUES (${Array.from({ length: table.columns.length + 7 }, () => '?').join(', ')})`,
  ),
  end: database.prepare(`UPDATE ${table.name} SET valid_to = ? WHERE rowid = ?`),
  last: new Map(),
});

function writeRow({ insert, end, last }: BareTable, { entity, from, values }: BareRow): void {
  const before = last.get(entity);
  if (before !== undefined) end.run(from, before);
  last.set(entity, insert.run(...values).lastInsertRowid);
}

function removeFile(file: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
}
