// `npm run fixtures`: golden files of event types that have none, and the kept data directory where there is none. What is stored in
// either is never written again; what projections make of it is.
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readKeys, SqliteEventStore } from '#event-store';
import { KEPT, LOG, readKept } from '../test/history/data-directory.js';
import { writeEveryType } from '../test/history/every-type.js';
import { writeGoldenEvents } from '../test/history/golden-events.js';
import { TEST_KEYS } from '../test/history/histories.js';

const directory = mkdtempSync(join(tmpdir(), 'plenary-fixtures-'));
const store = await SqliteEventStore.open({ directory, mode: 'writer' });
const record = await writeEveryType(store);
writeGoldenEvents(record.events);
await record.close();
await store.close();

if (!existsSync(join(KEPT, LOG))) {
  mkdirSync(KEPT, { recursive: true });
  copyFileSync(join(directory, LOG), join(KEPT, LOG));
}
const { found } = await readKept(KEPT, readKeys(TEST_KEYS).writer!);
writeFileSync(join(KEPT, 'expected.json'), `${JSON.stringify(found, undefined, 2)}\n`);
rmSync(directory, { recursive: true });
