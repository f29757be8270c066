// Nodes, each a process of its own from the sources, on one database: the protocol server in this process, or one that is named.
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { LoggedEvent } from '#event-store';
import { logOf } from '#event-store/testing';
import { currentFile } from '#read-models';
import { openDatabase } from '#sqlite';
import { EventStoreDbEventStore } from '../../../libs/event-store/src/eventstoredb/index.js';
import { ProtocolServer } from '../../../libs/event-store/src/eventstoredb/testing/index.js';
import { dump, type Dump } from '../../../libs/read-models/src/dump.js';
import { Server, temporaryDirectory } from '../../support/server.js';
import { until } from '../../support/until.js';

export interface NodeHealth {
  status: number;
  projected: number;
  projection: string;
  store: string;
}

export interface Database {
  connectionString: string;
  stop: () => Promise<void>;
}

export class Nodes<On extends Database = ProtocolServer> {
  readonly directory = temporaryDirectory();
  private readonly running = new Map<string, Server>();
  private first: string | undefined;

  constructor(readonly database: On) {}

  static async open(): Promise<Nodes> {
    return new Nodes(await new ProtocolServer().start());
  }

  get env(): { EVENTSTORE_URL: string } {
    return { EVENTSTORE_URL: this.database.connectionString };
  }

  keysOf(name: string): string {
    return join(this.directory, name, 'keys');
  }

  /** The first one makes the keys; the others are given what every node is given, and not what signs. */
  async start(name: string, env: Record<string, string> = {}): Promise<Server> {
    if (this.first === undefined) this.first = name;
    else this.giveKeys(this.keysOf(this.first), this.keysOf(name));
    const node = await Server.start({ data: join(this.directory, name, 'data'), keys: this.keysOf(name), env: { ...this.env, ...env } });
    this.running.set(name, node);
    return node;
  }

  giveKeys(from: string, to: string): void {
    mkdirSync(to, { recursive: true });
    for (const file of ['writer.key', 'digest.key', 'admin.token'])
      if (!existsSync(join(to, file))) cpSync(join(from, file), join(to, file));
  }

  /** Of the log, as it lies in the protocol server. */
  records(this: Nodes): number {
    return this.database.log.records.filter(({ stream }) => stream.startsWith('plenary:')).length;
  }

  /** Read by an adapter of its own. */
  async log(): Promise<LoggedEvent[]> {
    const store = await EventStoreDbEventStore.open({ url: this.database.connectionString, mode: 'reader' });
    try {
      return await logOf(store);
    } finally {
      await store.close();
    }
  }

  /** Resolves once every node that runs has projected the whole log. Nothing must be written meanwhile. */
  async settled(): Promise<void> {
    const { length } = await this.log();
    for (const node of this.running.values()) await until(async () => (await healthOf(node)).projected === length);
  }

  async close(): Promise<void> {
    for (const node of this.running.values()) await node.kill();
    await this.database.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

export async function healthOf(node: Server): Promise<NodeHealth> {
  const { status, text } = await node.get('/health');
  return { ...(JSON.parse(text) as Omit<NodeHealth, 'status'>), status };
}

/** The register of a node that is stopped. */
export function registerOf({ data }: Server): Dump {
  const file = openDatabase(currentFile(data)!, { mode: 'read-only' });
  try {
    return dump(file);
  } finally {
    file.close();
  }
}
