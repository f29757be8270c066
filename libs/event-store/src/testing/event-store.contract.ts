// The contract of the port: an adapter binds it in a few lines, and keeps every promise that the port makes.
import { afterEach, beforeEach, describe } from '@jest/globals';
import type { EventStore } from '../port.js';
import { describeAppends } from './contract/appends.contract.js';
import { describeBookkeeping } from './contract/bookkeeping.contract.js';
import { describeChecks } from './contract/checks.contract.js';
import { describeReads } from './contract/reads.contract.js';
import { describeRetries } from './contract/retries.contract.js';
import { describeSubscriptions } from './contract/subscriptions.contract.js';

export interface StoreHarness {
  /** An empty store. */
  store: EventStore;
  /** Closes the store, and opens what it left behind. */
  reopen(): Promise<EventStore>;
  /** Closes what is open, and removes it. */
  destroy(): Promise<void>;
}

/** The harness of the test that runs. */
export interface Bound {
  readonly store: EventStore;
  reopen(): Promise<EventStore>;
  /** An empty store beside the first; destroyed after the test. */
  another(): Promise<StoreHarness>;
}

export function describeEventStore(name: string, makeStore: () => Promise<StoreHarness>): void {
  describe(`event store: ${name}`, () => {
    let harness: StoreHarness;
    const others: StoreHarness[] = [];
    const bound: Bound = {
      get store() {
        return harness.store;
      },
      reopen: () => harness.reopen(),
      another: async () => {
        const other = await makeStore();
        others.push(other);
        return other;
      },
    };
    beforeEach(async () => {
      harness = await makeStore();
    });
    afterEach(async () => {
      for (const each of [harness, ...others.splice(0)]) await each.destroy();
    });

    describeAppends(bound);
    describeRetries(bound);
    describeChecks(bound);
    describeReads(bound);
    describeSubscriptions(bound);
    describeBookkeeping(bound);
  });
}
