// `plenary migrate` in a process of its own, killed at a moment that the database tells.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { ProtocolServer } from '../../../libs/event-store/src/eventstoredb/testing/index.js';
import type { Place } from '../../ledger/support/lost-tail.js';
import { BUILT } from '../../support/plenary.js';
import { startedHere } from '../../support/started-here.js';

export interface RunOut {
  /** 'SIGKILL' where it was killed in time. */
  end: number | NodeJS.Signals;
  output: string;
}

/** @param calls of the database, after which it is killed */
export async function runMigration(
  { keys, signer }: Place,
  from: string,
  to: string,
  database: ProtocolServer,
  calls = Infinity,
): Promise<RunOut> {
  const before = database.seen.length;
  const child = startedHere(
    spawn(process.execPath, ['--no-warnings', BUILT, 'migrate', '--from', from, '--to', to], {
      env: { PATH: process.env['PATH'], PLENARY_KEYS: keys, PLENARY_SIGNER_DIR: signer },
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  if (calls !== Infinity) void database.until(() => database.seen.length >= before + calls).then(() => child.kill('SIGKILL'));
  const [status, signal] = await ended;
  return { end: signal ?? status!, output };
}
