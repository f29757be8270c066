// The victim of the fault tests: several writers append without pause, and note each acknowledged event in a second file.
import { openSync, writeSync } from 'node:fs';
import { SqliteEventStore } from '#event-store';
import { newStream, sealAppend } from '../../libs/event-store/src/testing/sealed-events.js';

export interface AppendingOrder {
  directory: string;
  /** One id a line, each after its append was answered. */
  acknowledgements: string;
  writers: number;
  /** Appends of each writer; without end where absent. */
  appends?: number;
  synchronous?: 'FULL' | 'NORMAL';
  walAutocheckpointPages?: number;
}

const order = JSON.parse(process.argv[2]!) as AppendingOrder;
const { synchronous, walAutocheckpointPages } = order;
const store = await SqliteEventStore.open({
  directory: order.directory,
  mode: 'writer',
  faultTests: { ...(synchronous && { synchronous }), ...(walAutocheckpointPages && { walAutocheckpointPages }) },
});
const acknowledgements = openSync(order.acknowledgements, 'a');

async function write(writer: number): Promise<void> {
  let stream = newStream();
  let last: number | 'none' = 'none';
  for (let count = 0; count < (order.appends ?? Infinity); count++) {
    const size = 1 + ((writer + count) % 3);
    const { events } = await store.append(sealAppend(stream, last, size, { text: `remark ${count} `.repeat(1 + (count % 40)) }));
    writeSync(acknowledgements, events.map((event) => `${event.id}\n`).join(''));
    last = events[events.length - 1]!.revision;
    if (last > 20) [stream, last] = [newStream(), 'none'];
  }
}

process.stdout.write('ready\n');
await Promise.all(Array.from({ length: order.writers }, (_, writer) => write(writer)));
await store.close();
