// The server of a data directory: the one that holds it, or one that is started in this process for as long as a verb needs it.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ApiClient } from './api-client.js';
import { Failure, type Environment } from './command-line.js';

/** A server that is starting announces its address soon. */
const ANNOUNCED_WITHIN_MS = 10_000;

export interface AdminAccess {
  client: ApiClient;
  /** The admin's, with which the client asks. */
  token: string;
  /** Whether a server was running. */
  running: boolean;
}

/**
 * Calls `use` with an admin's client of the server of PLENARY_DATA.
 * @throws Failure where the directory holds no history, is held by a server that cannot be reached, or its token cannot be read
 */
export async function withServer<T>(env: Environment, use: (access: AdminAccess) => Promise<T>): Promise<T> {
  const { readConfiguration, serve, ADMIN_TOKEN_FILE } = await import('#api');
  const configuration = readConfiguration(env);
  const address = await addressOfHolder(configuration.data);
  const tokenFile = join(configuration.keys, ADMIN_TOKEN_FILE);
  const askAt = (base: string, running: boolean): Promise<T> => {
    const token = readAdminToken(tokenFile);
    return use({ client: new ApiClient(base, token), token, running });
  };
  if (address !== undefined) return askAt(address, true);
  await assertHistory(configuration.data);
  const serving = await serve({ ...configuration, host: '127.0.0.1', port: 0, logLevel: 'error' });
  try {
    return await askAt(serving.address, false);
  } finally {
    await serving.stop();
  }
}

/** Only `serve` and `demo` open a new history: elsewhere a mistaken directory would become one. */
export async function assertHistory(directory: string): Promise<void> {
  const { LOG_FILE, SqliteEventStore } = await import('#event-store');
  if (existsSync(join(directory, LOG_FILE))) {
    const store = await SqliteEventStore.open({ directory, mode: 'reader' });
    const records = store.lastRecord();
    await store.close();
    if (records > 0) return;
  }
  throw new Failure(`there is no history in ${directory}: PLENARY_DATA must name the directory of one. plenary serve opens a new one`);
}

/** Undefined where nobody holds the directory. */
export async function addressOfHolder(directory: string): Promise<string | undefined> {
  const { SqliteEventStore } = await import('#event-store');
  if (!existsSync(directory)) return undefined;
  for (const until = Date.now() + ANNOUNCED_WITHIN_MS; ; await delay(100)) {
    const holder = SqliteEventStore.holderOf(directory);
    if (!holder.held) return undefined;
    if (holder.address !== undefined) return holder.address;
    if (Date.now() > until)
      throw new Failure(`another process holds ${directory} and does not tell where it listens; stop it, or wait until it has started`);
  }
}

function readAdminToken(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new Failure(
      `the admin's token cannot be read from ${file}: ${(error as Error).message}. PLENARY_KEYS must name the directory with which the server was started`,
    );
  }
}
