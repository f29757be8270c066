// `plenary replay --check`: what the log makes, compared with what the read models hold. Needs no server, and disturbs none.
import { Failure, type Environment } from './command-line.js';
import { harmlessJson, harmlessLine, type Terminal } from './terminal.js';

const EQUAL = 0;
const DIFFERENT = 1;

/** @throws Failure where there is nothing to compare */
export async function checkCommand(env: Environment, terminal: Terminal, json: boolean): Promise<number> {
  const { catalogue, openToRead, readConfiguration, schema } = await import('#api');
  const { readKeys } = await import('#event-store');
  const { checkReplay, currentFile } = await import('#read-models');
  const { data, eventStore, keys } = readConfiguration(env);
  const writerKey = readKeys(keys).writer;
  if (!writerKey)
    throw new Failure(`there is no writer key in ${keys}: PLENARY_KEYS must name the directory with which the server was started`);
  const live = currentFile(data);
  if (live === undefined) throw new Failure(`there are no read models in ${data}`);
  const store = await openToRead({ directory: data, ...(eventStore !== undefined && { url: eventStore }) });
  try {
    const { record, root, difference } = await checkReplay({ store, parts: { schema, catalogue, writerKey }, live });
    if (json)
      terminal.print(
        harmlessJson(JSON.stringify({ equal: difference === undefined, records: record, root, ...(difference && { difference }) })),
      );
    else if (!difference)
      terminal.print(`Equal: the log of ${record} records makes exactly what the read models hold. Merkle root ${root}`);
    else terminal.print(harmlessLine(describe(difference, record)));
    return difference ? DIFFERENT : EQUAL;
  } finally {
    await store.close();
  }
}

interface Difference {
  kind: 'differs' | 'only-live' | 'only-rebuilt';
  table: string;
  row: Readonly<Record<string, unknown>>;
  column?: string;
  live?: unknown;
  rebuilt?: unknown;
}

function describe({ kind, table, row, column, live, rebuilt }: Difference, record: number): string {
  const where = `table ${table}, ${Object.entries(row)
    .map(([name, value]) =>
      name === 'valid_from' ? `version of record ${String(value)}` : `${name === 'id' ? 'entity' : name} ${String(value)}`,
    )
    .join(', ')}`;
  const until = `Different, compared at record ${record}: ${where}`;
  if (kind === 'differs')
    return `${until}, column ${column}: the read models hold ${JSON.stringify(live)}, the log makes ${JSON.stringify(rebuilt)}.`;
  return `${until}: ${kind === 'only-live' ? 'the read models hold it, and the log does not make it' : 'the log makes it, and the read models do not hold it'}.`;
}
