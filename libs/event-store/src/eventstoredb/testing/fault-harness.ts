// A store on the protocol server behind a network that fails as told, with limits short enough to be met in a test.
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect } from '@jest/globals';
import { EventStoreDbEventStore, type OpenEventStoreDb } from '../eventstoredb-event-store.js';
import { FaultProxy } from './fault-proxy.js';
import { connectionString, ProtocolServer } from './protocol-server.js';

/** Within which a call ends. Long enough for one that is answered, on a machine that does much else. */
const CALL_LIMIT_MS = 1_500;

export class FaultHarness {
  readonly endangered: string[] = [];
  private readonly stores: EventStoreDbEventStore[] = [];

  private constructor(
    readonly server: ProtocolServer,
    readonly proxy: FaultProxy,
  ) {}

  static async start(): Promise<FaultHarness> {
    const server = await new ProtocolServer().start();
    return new FaultHarness(server, await new FaultProxy(() => server.port).start());
  }

  /** The way through the network that fails. */
  get url(): string {
    return connectionString(this.proxy.port);
  }

  async open(options: Partial<OpenEventStoreDb> = {}): Promise<EventStoreDbEventStore> {
    const store = await EventStoreDbEventStore.open({
      url: this.url,
      mode: 'node',
      onEndangered: (message) => this.endangered.push(message),
      ...options,
      // Pauses take a turn of the event loop: what is waited for in a test is what happens, not time.
      timing: {
        callLimitMs: CALL_LIMIT_MS,
        giveUpAfterMs: CALL_LIMIT_MS,
        pause: async (_, signal) => void (signal?.aborted || (await setImmediate())),
        ...options.timing,
      },
    });
    this.stores.push(store);
    return store;
  }

  async stop(): Promise<void> {
    this.proxy.heal();
    for (const store of this.stores.splice(0)) await store.close();
    await this.proxy.stop();
    await this.server.stop();
  }
}

/** A harness for each test, under which no rejection and no error of the client goes unhandled. */
export function useFaultHarness(onStarted: (harness: FaultHarness) => void): void {
  const unhandled: unknown[] = [];
  const remember = (reason: unknown): void => void unhandled.push(reason);
  let harness: FaultHarness;

  beforeEach(async () => {
    process.on('unhandledRejection', remember);
    process.on('uncaughtException', remember);
    harness = await FaultHarness.start();
    onStarted(harness);
  });

  afterEach(async () => {
    await harness.stop();
    process.off('unhandledRejection', remember);
    process.off('uncaughtException', remember);
    expect(unhandled.splice(0)).toEqual([]);
  });
}
