// The way to the database. A connection that failed is replaced as a whole: calls that it still carries end by themselves.
import { EventStoreDBClient, NotLeaderError, type Credentials, type EndPoint } from '@eventstore/db-client';
import { credentialsIn, directedTo } from './connection-string.js';
import { failureOf, TimeLimitReached } from './failures.js';

/** Options of every call: the leader alone knows what is durable, and own credentials keep one append's failure from others. */
export interface CallOptions {
  credentials: Credentials;
  requiresLeader: true;
  deadline: number;
}

export type Call<Result> = (client: EventStoreDBClient, options: CallOptions) => Promise<Result>;

/** A server without TLS asks nobody who he is; what is sent it never sees. */
const NOBODY: Credentials = { username: 'plenary', password: 'plenary' };

interface Line {
  client: EventStoreDBClient;
  users: number;
  retired: boolean;
}

export class Connection {
  private line: Line | undefined;
  /** Where a server that was not the leader sent us. */
  private leader: EndPoint | undefined;
  private readonly credentials: Credentials;

  /** @param limitMs within which every call ends */
  constructor(
    private readonly url: string,
    private readonly limitMs: number,
  ) {
    this.credentials = credentialsIn(url) ?? NOBODY;
  }

  /** @throws what the client throws, TimeLimitReached */
  async call<Result>(run: Call<Result>): Promise<Result> {
    const { client, release } = this.hold();
    try {
      const result = await within(this.limitMs, run(client, this.options));
      release();
      return result;
    } catch (error) {
      release(error);
      throw error;
    }
  }

  get options(): CallOptions {
    return { credentials: this.credentials, requiresLeader: true, deadline: this.limitMs };
  }

  /** A client for as long as it is held. Given back with the error that it met, it is given to nobody else if that may be its fault. */
  hold(): { client: EventStoreDBClient; release: (error?: unknown) => void } {
    const line = (this.line ??= { client: openClient(this.url, this.leader), users: 0, retired: false });
    line.users += 1;
    let held = true;
    const release = (error?: unknown): void => {
      if (!held) return;
      held = false;
      line.users -= 1;
      if (error !== undefined) this.retireFor(line, error);
      if (line.retired && line.users === 0) void dispose(line.client);
    };
    return { client: line.client, release };
  }

  async close(): Promise<void> {
    const { line } = this;
    this.line = undefined;
    if (line) await dispose(line.client);
  }

  private retireFor(line: Line, error: unknown): void {
    const failure = failureOf(error);
    if (failure === 'conflict' || failure === 'deleted' || failure === 'refused') return;
    line.retired = true;
    if (this.line !== line) return;
    this.line = undefined;
    this.leader = error instanceof NotLeaderError ? error.leader : undefined;
  }
}

function openClient(url: string, leader: EndPoint | undefined): EventStoreDBClient {
  const client = EventStoreDBClient.connectionString(leader ? directedTo(leader, url) : url);
  // The client's own way to reconnect closes the channel under calls that are about to begin: these throw where nobody can catch it,
  // and never end. Here a connection is replaced instead.
  (client as unknown as { handleError: () => Promise<void> }).handleError = () => Promise.resolve();
  return client;
}

async function dispose(client: EventStoreDBClient): Promise<void> {
  try {
    await client.dispose();
    // The client cancels its calls, and leaves the channel open.
    const { getChannel } = client as unknown as { getChannel: () => Promise<{ close: () => void }> };
    (await getChannel()).close();
  } catch {
    // It never connected.
  }
}

/** @throws TimeLimitReached; what comes of the promise after that is nobody's concern any more */
export async function within<Result>(limitMs: number, promise: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>(
    (_, reject) => (timer = setTimeout(() => reject(new TimeLimitReached(`no answer within ${limitMs} ms`)), limitMs)),
  );
  promise.catch(() => undefined);
  try {
    return await Promise.race([promise, over]);
  } finally {
    clearTimeout(timer);
  }
}
