// Both sides of the scenarios on a database: the adapter and the bare client, with the same calls, credentials and deadlines. Without
// EVENTSTORE_URL it is the protocol server.
import { EventStoreDBClient } from '@eventstore/db-client';
import { Sealer, type Append } from '#event-store';
import { EventStoreDbEventStore } from '#event-store/eventstoredb';
import { randomId, sealed, streamName, utcTime, type Metadata, type Revision, type Sealed, type StreamName } from '#kernel';
import { sourceCommand, startProcess } from '../support/source-process.js';

export interface Engine {
  /** Before the names of its streams, in a database that others may use too. */
  prefix: string;
  store: EventStoreDbEventStore;
  client: EventStoreDBClient;
  close: () => Promise<void>;
}

/** The database to measure on, instead of the protocol server. */
export const DATABASE = process.env['EVENTSTORE_URL'];

/** What the adapter sends with every call. */
export const CALL = { credentials: { username: 'plenary', password: 'plenary' }, requiresLeader: true, deadline: 5_000 } as const;

export async function openEngine(): Promise<Engine> {
  const server = DATABASE ? { url: DATABASE, kill: () => Promise.resolve() } : await startProtocolServer();
  const namespace = `plenary-bench-${randomId()}`;
  const store = await EventStoreDbEventStore.open({ url: server.url, mode: 'reader', namespace });
  const client = EventStoreDBClient.connectionString(server.url);
  return {
    prefix: `${namespace}:`,
    store,
    client,
    close: async () => {
      await store.close();
      await client.dispose();
      await server.kill();
    },
  };
}

/** What the figures are of. */
export const ON_WHAT = DATABASE ? 'on a real server' : "on the protocol server; no statement about a database's own speed";

/** In a process of its own. */
export async function startProtocolServer(): Promise<{ url: string; kill: () => Promise<unknown> }> {
  const server = startProcess(sourceCommand(new URL('./engine-server.ts', import.meta.url)));
  return { url: await server.line(), kill: () => server.kill() };
}

const sealer = new Sealer(Buffer.alloc(32, 7));
const AT_MS = Date.parse('2024-04-29T07:30:00.000Z');
const TEXT = 'The delegation supported the plan, and called for clearer priorities. '.repeat(3);

/** Remarks for a stream from a revision on, sealed, each in an append of its own; made before anything is timed. */
export function remarks(stream: StreamName, from: number, count: number): Append[] {
  return Array.from({ length: count }, (_, index) => {
    const revision = from + index;
    const commandId = randomId();
    const metadata: Metadata<Sealed> = {
      occurredAt: '2024-04-29' as Metadata['occurredAt'],
      actor: { subject: commandId, role: 'secretariat', name: sealed('A. Clerk') },
      commandId,
      correlation: commandId,
    };
    const event = sealer.seal(stream, revision as Revision, utcTime(AT_MS + revision), {
      id: randomId(),
      event: { type: 'remark-made', data: { remark: randomId(), text: [{ lang: 'en', text: sealed(TEXT) }] } },
      schemaVersion: 1,
      metadata,
    });
    return { stream, expected: revision === 0 ? 'none' : ((revision - 1) as Revision), events: [event], isFirst: true };
  });
}

export const newMeeting = (): StreamName => streamName('meeting', randomId());

/** As the server itself says, at the first of the hosts. */
export async function serverVersion(url: string): Promise<string> {
  const [, host] = /^esdb(?:\+discover)?:\/\/(?:[^@/]*@)?([^,/?]+)/.exec(url) ?? [];
  const answer = await fetch(`${/tls=false/.test(url) ? 'http' : 'https'}://${host}/info`);
  const { esVersion, dbVersion } = (await answer.json()) as { esVersion?: string; dbVersion?: string };
  return dbVersion ? `KurrentDB ${dbVersion}` : `EventStoreDB ${esVersion}`;
}
