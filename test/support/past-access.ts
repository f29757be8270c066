// What a node noted on a day long ago, for a data directory that a server is still to be started on.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const PAST_DAY = '2024-04-29';
export const ACCESS_NODE = '7b1d1f54-6c0f-4f43-9d53-0f6c2c0a9b1e';
export const PAST_LINES = `{"at":"${PAST_DAY}T22:00:00.000Z","what":"refused-login","request":"${ACCESS_NODE}"}\n{"at":"${PAST_DAY}T23:00:00.000Z","what":"refused-login"}\n`;

export function leavePastAccess(data: string): void {
  const directory = join(data, 'access');
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'node'), ACCESS_NODE);
  writeFileSync(join(directory, `${PAST_DAY}.open.ndjson`), PAST_LINES);
}
