// The first admin's token: made by the first start, beside the keys, so that there is somebody who can make others.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeDirectory } from '#durable';
import { SYSTEM_SUBJECT, writeSecret, type Outcome } from '#event-store';
import { drawSecret, hashSecret, issueToken, readToken, writeToken, type TokenText } from '#identity';
import { derivedId, randomId, streamName } from '#kernel';
import type { PlenaryNode } from './plenary-node.js';

export const ADMIN_TOKEN_FILE = 'admin.token';

/** Answers where the token lies. A file that is there is left alone, and must hold a token; one that the record does not know is recorded. */
export async function ensureAdminToken(node: PlenaryNode, keysDirectory: string): Promise<string> {
  const file = join(keysDirectory, ADMIN_TOKEN_FILE);
  const found = existsSync(file) ? readToken(readFileSync(file, 'utf8').trim()) : undefined;
  if (!found && existsSync(file)) throw new Error(`${file} holds no token: remove it, and the next start makes a new one`);
  if (!node.store.canWrite || node.diverged !== undefined) return file;
  // A start that ended between the file and the record left a token that would let nobody in for good.
  if (found && (await isRecorded(node, found))) return file;
  await record(node, found ?? (await draw(keysDirectory)));
  return file;
}

/** Written first: a token that is recorded and was told to nobody could never be used. */
async function draw(keysDirectory: string): Promise<TokenText> {
  const token = { id: randomId(), secret: drawSecret() };
  await makeDirectory(keysDirectory, 0o700);
  writeSecret(keysDirectory, ADMIN_TOKEN_FILE, `${writeToken(token)}\n`);
  return token;
}

/** Also where what was recorded of it is lost, or says that it was revoked. */
async function isRecorded(node: PlenaryNode, { id }: TokenText): Promise<boolean> {
  for await (const events of node.store.readStream(streamName('token', id))) if (events.length > 0) return true;
  return false;
}

async function record(node: PlenaryNode, { id, secret }: TokenText): Promise<void> {
  // Of nodes that were given the same file, and start together, the second finds its command recorded.
  const commandId = derivedId(id, 'admin-token');
  const outcome: Outcome = await node.runner.submit(issueToken, {
    stream: streamName('token', id),
    input: {
      subject: randomId(),
      secretHash: hashSecret(secret),
      role: 'admin',
      bodies: [],
      name: [{ lang: 'en', text: 'Administrator' }],
    },
    commons: {},
    commandId,
    correlation: commandId,
    actor: { subject: SYSTEM_SUBJECT, role: 'system' },
    bodies: 'all',
  });
  if (outcome.kind === 'refused') throw new Error(`the admin token was refused: ${outcome.refusal.detail}`);
}
