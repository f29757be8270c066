// Appends a number of events one after the other, tries each again until it is stored, and reports what it met.
import { SqliteEventStore, StoreUnavailable } from '#event-store';
import { logOf } from '../../libs/event-store/src/testing/collect.js';
import { newStream, resealed, sealAppend } from '../../libs/event-store/src/testing/sealed-events.js';

export interface RetryingReport {
  /** How often each reason was met. */
  failures: Record<string, number>;
  /** Appends that turned out to have been stored by an attempt that failed. */
  repeated: number;
  /** Events that were read while appends failed were always those that had been acknowledged, and no reading failed. */
  readsWentOn: boolean;
  /** Whether the store says that it is well again. */
  well: boolean;
}

const [directory, appends] = [process.argv[2]!, Number(process.argv[3])];
const store = await SqliteEventStore.open({ directory, mode: 'writer', faultTests: { walAutocheckpointPages: 20 } });
const report: RetryingReport = { failures: {}, repeated: 0, readsWentOn: true, well: false };
let acknowledged = 0;
process.stdout.write('ready\n');

for (let count = 0; count < appends; count++) {
  let append = sealAppend(newStream(), 'none', 2, { text: 'what was said '.repeat(100) });
  for (;;) {
    try {
      const { repeated } = await store.append(append);
      report.repeated += repeated ? 1 : 0;
      break;
    } catch (error) {
      const reason = error instanceof StoreUnavailable ? error.reason : (error as Error).constructor.name;
      report.failures[reason] = (report.failures[reason] ?? 0) + 1;
      if (store.trouble === undefined || (await logOf(store)).length < acknowledged) report.readsWentOn = false;
      append = resealed(append);
    }
  }
  acknowledged += 2;
}
report.well = store.trouble === undefined;
process.stdout.write(`${JSON.stringify(report)}\n`);
await store.close();
