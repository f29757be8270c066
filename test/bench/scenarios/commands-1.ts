// One connection records a meeting, each command durable before its answer, against what the disk can sync one after the other.
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { drive } from '../http-load.js';
import { openMeeting, Recording, remarks, setUp } from '../recording.js';
import { compare, median, perSecond } from '../rounds.js';
import { check, type Scenario } from '../scenario.js';
import { Served, withServed } from '../served.js';

const PAGE_BYTES = 4096;
/** A file that has its size already: so SQLite writes its write-ahead log, and so a sync is fastest. */
const FILE_PAGES = 2000;
/** A disk that others use too changes its pace within a second: so slices are short, and there are many. */
const SLICE_MS = 200;
const SLICES_PER_ROUND = 4;
/** Before anything counts: a server that serves for a while has compiled what it runs, which some hundred commands do not bring about. */
const WARMING_CONNECTIONS = 64;

export const commands1: Scenario = {
  names: ['commands-1'],
  run: ({ sizes, scratch }) =>
    withServed(Served.withNoOp(join(scratch, 'commands-1')), async (served) => {
      const secretariat = await setUp(served);
      const recording = new Recording(secretariat, await openMeeting(served, secretariat), WARMING_CONNECTIONS);
      const recordBy = async (connections: number, forMs: number): Promise<number> => {
        const { answered, elapsedMs } = await drive({
          address: served.address,
          connections,
          forMs,
          next: (connection) => recording.next(connection),
          onAnswer: (answer, connection) => recording.acknowledged(answer, connection),
        });
        await served.caughtUp();
        return (answered * 1000) / elapsedMs;
      };
      await recordBy(WARMING_CONNECTIONS, sizes.roundMs);
      const record = (): Promise<number> => recordBy(1, SLICE_MS);
      const sync = (): Promise<number> => Promise.resolve(syncRate(join(scratch, 'synced'), SLICE_MS));
      const { first, second, ratio } = await compare(sizes.rounds * SLICES_PER_ROUND, record, sync);
      // As fast as anything can be that one connection asks of the server: beyond it lies what the disk alone would allow.
      const noOps = remarks(secretariat, '/bench/no-op');
      const noOpRates: number[] = [];
      for (let slice = 0; slice < SLICES_PER_ROUND; slice++) {
        const { answered, elapsedMs } = await drive({
          address: served.address,
          connections: 1,
          forMs: SLICE_MS,
          next: () => noOps[slice % noOps.length],
          onAnswer: ({ status }) => check(status === 201, `the no-op POST was answered with ${status}`),
        });
        noOpRates.push((answered * 1000) / elapsedMs);
      }
      await recording.check(served);
      return [
        {
          name: 'commands-1',
          value: ratio,
          bound: { is: 'at-least', value: 0.3 },
          says: 'Commands over HTTP, one connection, to the serial rate of write and fsync of 4 KiB',
          figures: [
            ['commands', perSecond(first)],
            ['serial syncs', perSecond(second)],
            ['no-op POST, one connection', perSecond(median(noOpRates))],
          ],
        },
      ];
    }),
};

function syncRate(file: string, forMs: number): number {
  const page = Buffer.alloc(PAGE_BYTES, 'x');
  const descriptor = openSync(file, 'w');
  try {
    for (let at = 0; at < FILE_PAGES; at++) writeSync(descriptor, page);
    fsyncSync(descriptor);
    const start = performance.now();
    let count = 0;
    while (performance.now() < start + forMs) {
      writeSync(descriptor, page, 0, PAGE_BYTES, (count % FILE_PAGES) * PAGE_BYTES);
      fsyncSync(descriptor);
      count += 1;
    }
    return (count * 1000) / (performance.now() - start);
  } finally {
    closeSync(descriptor);
  }
}
