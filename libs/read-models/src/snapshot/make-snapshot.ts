// A copy of the read models as they are at one record, with what another node needs to prove it: made beside a server that goes on.
import { closeSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { sync } from '#durable';
import type { RecordNumber } from '#kernel';
import { equalBytes, toHex, type Checkpoint } from '#ledger/core';
import { faultOf, openDatabase, type Database } from '#sqlite';
import { isContinuable } from '../made-file.js';
import { currentFile } from '../read-models-file.js';
import type { Schema } from '../schema.js';
import { rootAt } from '../tree-rows.js';
import { SNAPSHOT_FORMAT, writeManifest } from './manifest.js';
import { SnapshotRefused } from './snapshot-refused.js';

export interface MakeSnapshot {
  dataDirectory: string;
  /** A file that is not there yet. */
  to: string;
  schema: Schema;
  origin: string;
  /** The newest signed checkpoint that covers at most so many records. */
  checkpointUpTo: (records: RecordNumber) => Promise<{ note: string; checkpoint: Checkpoint } | undefined>;
}

/** @returns the last record that it holds, and how many the checkpoint covers. @throws SnapshotRefused, and faults of the disk: then there is no file */
export async function makeSnapshot({
  dataDirectory,
  to,
  schema,
  origin,
  checkpointUpTo,
}: MakeSnapshot): Promise<{ record: RecordNumber; covered: number }> {
  const file = currentFile(dataDirectory);
  if (file === undefined) throw new SnapshotRefused('not-ready', `there are no read models in ${dataDirectory}: start the server once`);
  const draft = `${to}.part`;
  try {
    copyInto(file, draft);
    const database = openDatabase(draft, { mode: 'read-write', journal: 'DELETE' });
    try {
      if (!isContinuable(database, schema))
        throw new SnapshotRefused(
          'other-version',
          `the read models in ${dataDirectory} were made by another release: start the server of this one first`,
        );
      forgetResidues(database);
      const { record } = database.prepare<{ record: RecordNumber }>('SELECT record FROM checkpoint').get()!;
      const signed = await checkpointUpTo(record);
      if (!signed)
        throw new SnapshotRefused('not-signed', `no checkpoint covers any of the ${record} records yet: try again in a few seconds`);
      const { note, checkpoint } = signed;
      if (!equalBytes(rootAt(database, checkpoint.size), checkpoint.root))
        throw new SnapshotRefused(
          'altered',
          `the read models in ${dataDirectory} are not of the history that was signed: plenary rebuild makes them anew from the log`,
        );
      writeManifest(database, { format: SNAPSHOT_FORMAT, origin, record, root: toHex(rootAt(database, record)), checkpoint: note });
      database.close();
      await sync(draft);
      renameSync(draft, to);
      await sync(dirname(to));
      return { record, covered: checkpoint.size };
    } finally {
      database.close();
    }
  } catch (error) {
    rmSync(draft, { force: true });
    if (faultOf(error) === 'full') throw new Error(`${to} cannot be written: the disk is full`, { cause: error });
    throw error;
  }
}

/** One state of the file, without its free pages: nothing that was overwritten comes along. For nobody else's eyes: it holds what is restricted. */
function copyInto(file: string, draft: string): void {
  rmSync(draft, { force: true });
  closeSync(openSync(draft, 'wx', 0o600));
  const source = openDatabase(file, { mode: 'read-only' });
  try {
    source.prepare('VACUUM INTO ?').run(draft);
  } finally {
    source.close();
  }
}

/** Words of removed texts lie in the search index until it is written anew. */
function forgetResidues(database: Database): void {
  if (database.prepare<{ residues: number }>('SELECT residues FROM checkpoint').get()!.residues === 0) return;
  database.exec(`INSERT INTO search (search) VALUES ('optimize')`);
  database.exec('VACUUM; UPDATE checkpoint SET residues = 0');
}
