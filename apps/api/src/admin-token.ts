// The first admin's token: made by the first start, beside the keys, so that there is somebody who can make others.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SYSTEM_SUBJECT, writeSecret, type Outcome } from '#event-store';
import { drawSecret, hashSecret, issueToken, readToken, writeToken } from '#identity';
import { randomId, streamName } from '#kernel';
import type { PlenaryNode } from './plenary-node.js';

export const ADMIN_TOKEN_FILE = 'admin.token';

/** Answers where the token lies. A file that is there is left alone, and must hold a token. */
export async function ensureAdminToken(node: PlenaryNode, keysDirectory: string): Promise<string> {
  const file = join(keysDirectory, ADMIN_TOKEN_FILE);
  if (existsSync(file)) {
    if (!readToken(readFileSync(file, 'utf8').trim())) throw new Error(`${file} holds no token: remove it, and the next start makes a new one`);
    return file;
  }
  if (!node.store.canWrite || node.diverged !== undefined) return file;
  const id = randomId();
  const secret = drawSecret();
  // Written first: a token that is recorded and was told to nobody could never be used.
  mkdirSync(keysDirectory, { recursive: true, mode: 0o700 });
  writeSecret(keysDirectory, ADMIN_TOKEN_FILE, `${writeToken({ id, secret })}\n`);
  const commandId = randomId();
  const outcome: Outcome = await node.runner.submit(issueToken, {
    stream: streamName('token', id),
    input: { subject: randomId(), secretHash: hashSecret(secret), role: 'admin', bodies: [], name: [{ lang: 'en', text: 'Administrator' }] },
    commons: {},
    commandId,
    correlation: commandId,
    actor: { subject: SYSTEM_SUBJECT, role: 'system' },
    bodies: 'all',
  });
  if (outcome.kind === 'refused') throw new Error(`the admin token was refused: ${outcome.refusal.detail}`);
  return file;
}
