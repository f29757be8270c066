// The target beside the source, record by record and byte by byte.
import type { LoggedEvent, Position } from '#event-store';
import type { StoredEvent } from '#kernel';
import type { End } from './ends.js';
import { LogCursor } from './log-cursor.js';
import { MigrationRefused } from './migration-refused.js';
import type { Walk } from './history.js';

const FIELDS = [
  'stream',
  'revision',
  'id',
  'type',
  'schemaVersion',
  'recordedAt',
  'data',
  'meta',
  'dataSalt',
  'metaSalt',
  'seal',
  'leaf',
] as const;

export interface Compared {
  /** Records in the target: the same as in the source. */
  records: number;
  /** Where in the target the record lies that was sought. */
  place: Position | undefined;
}

interface Comparing {
  /** A position of the source: asked for is where in the target the same record lies. */
  sought?: string | undefined;
  progress?: (records: number) => void;
}

/**
 * All that lies in the target must be the beginning of what is in the source.
 * @param walk goes over the source as far as the target reaches
 * @throws MigrationRefused at the first record that differs
 */
export async function compare(source: End, target: End, walk: Walk, { sought, progress }: Comparing = {}): Promise<Compared> {
  const cursor = new LogCursor(source.store.readLog());
  let place: Position | undefined;
  try {
    for await (const events of target.store.readLog()) {
      for (const event of events) {
        const given = await cursor.next();
        if (!given)
          throw new MigrationRefused(
            `${target.place} holds record ${walk.records + 1}, and ${source.place} ends before it: they are not the same history any more`,
          );
        const found = differenceOf(walk.pass(given), event);
        if (found) throw new MigrationRefused(describe(found, walk.records, target));
        if (given.position === sought) place = event.position;
      }
      progress?.(walk.records);
    }
    return { records: walk.records, place };
  } finally {
    await cursor.close();
  }
}

type Difference = (typeof FIELDS)[number] | 'lost' | 'sealed' | 'removed';

function differenceOf(given: StoredEvent, found: LoggedEvent): Difference | undefined {
  for (const field of FIELDS) if (given[field] !== found[field]) return field;
  if (given.lost?.data !== found.lost?.data || given.lost?.meta !== found.lost?.meta) return 'lost';
  const [expected, actual] = [given.sealed, found.sealed].map((sealed) =>
    sealed.map(({ hash, salt, value }) => JSON.stringify([hash, salt, value])),
  );
  if (expected!.every((value, index) => value === actual![index]) && expected!.length === actual!.length) return undefined;
  return expected!.every((value) => actual!.includes(value)) ? 'removed' : 'sealed';
}

function describe(found: Difference, record: number, { place }: End): string {
  if (found === 'removed')
    return `record ${record} in ${place} holds a text that was removed since, and it cannot be destroyed there: move to a fresh one, and destroy this one`;
  return `record ${record} in ${place} is not that of the source: its ${found} differs. Another history lies there, or it was changed: move to a fresh one`;
}
