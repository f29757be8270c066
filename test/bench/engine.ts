// Both sides of the scenarios on the protocol server: the adapter and the bare client, with the same calls, credentials and deadlines.
import { EventStoreDBClient } from '@eventstore/db-client';
import { Sealer, type Append } from '#event-store';
import { EventStoreDbEventStore } from '#event-store/eventstoredb';
import { randomId, sealed, streamName, utcTime, type Metadata, type Revision, type Sealed, type StreamName } from '#kernel';
import { sourceCommand, startProcess } from '../support/source-process.js';

export interface Engine {
  store: EventStoreDbEventStore;
  client: EventStoreDBClient;
  close: () => Promise<void>;
}

/** What the adapter sends with every call. */
export const CALL = { credentials: { username: 'plenary', password: 'plenary' }, requiresLeader: true, deadline: 5_000 } as const;

export async function openEngine(): Promise<Engine> {
  const server = startProcess(sourceCommand(new URL('./engine-server.ts', import.meta.url)));
  const url = await server.line();
  const store = await EventStoreDbEventStore.open({ url, mode: 'reader' });
  const client = EventStoreDBClient.connectionString(url);
  return {
    store,
    client,
    close: async () => {
      await store.close();
      await client.dispose();
      await server.kill();
    },
  };
}

const sealer = new Sealer(Buffer.alloc(32, 7));
const AT_MS = Date.parse('2024-04-29T07:30:00.000Z');
const TEXT = 'The delegation supported the plan, and called for clearer priorities. '.repeat(3);

/** Remarks for a stream from a revision on, sealed, each in an append of its own; made before anything is timed. */
export function remarks(stream: StreamName, from: number, count: number): Append[] {
  return Array.from({ length: count }, (_, index) => {
    const revision = from + index;
    const commandId = randomId();
    const metadata: Metadata<Sealed> = { occurredAt: '2024-04-29' as Metadata['occurredAt'], actor: { subject: commandId, role: 'secretariat', name: sealed('A. Clerk') }, commandId, correlation: commandId };
    const event = sealer.seal(stream, revision as Revision, utcTime(AT_MS + revision), { id: randomId(), event: { type: 'remark-made', data: { remark: randomId(), text: [{ lang: 'en', text: sealed(TEXT) }] } }, schemaVersion: 1, metadata });
    return { stream, expected: revision === 0 ? 'none' : ((revision - 1) as Revision), events: [event], isFirst: true };
  });
}

export const newMeeting = (): StreamName => streamName('meeting', randomId());
