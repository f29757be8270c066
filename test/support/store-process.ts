// A process with a SQLite event store: opens it as told, prints what it found, and stays until its standard input ends.
import { SqliteEventStore } from '#event-store';
// Not by `#event-store/testing`: its contract suite needs Jest.
import { logOf } from '../../libs/event-store/src/testing/collect.js';
import { newStream, sealAppend } from '../../libs/event-store/src/testing/sealed-events.js';

export interface StoreProcessOrder {
  directory: string;
  mode: 'writer' | 'reader';
  announce?: string;
  appends?: number;
}

export interface StoreProcessReport {
  canWrite: boolean;
  records: number;
  /** The class of the error that an append met, with its reason. */
  refused?: string;
}

const order = JSON.parse(process.argv[2]!) as StoreProcessOrder;
const store = await SqliteEventStore.open(order);
if (order.announce) store.announce(order.announce);
let refused: string | undefined;
for (let count = 0; count < (order.appends ?? 0); count++) {
  await store.append(sealAppend(newStream())).catch((error: Error & { reason?: string }) => {
    refused = `${error.constructor.name} ${error.reason ?? ''}`;
  });
}
const report: StoreProcessReport = { canWrite: store.canWrite, records: (await logOf(store)).length, ...(refused && { refused }) };
process.stdout.write(`${JSON.stringify(report)}\n`);
process.stdin.resume();
process.stdin.once('end', () => void store.close());
