// A bundle that is taken from the directory itself, past any server, stands in the list of those that were given out all the same.
import { join } from 'node:path';
import { AccessLog } from '#audit';
import { randomId } from '#kernel';

/** @returns why it could not be noted; undefined where it is, and on the disk */
export async function noteExport(dataDirectory: string, nowMs: number): Promise<string | undefined> {
  const log = AccessLog.open(join(dataDirectory, 'access'), () => nowMs);
  log.note({ what: 'export', method: 'COMMAND', address: 'plenary export', status: 200, request: randomId(), role: 'operator' });
  await log.synced();
  log.close();
  return log.trouble;
}
