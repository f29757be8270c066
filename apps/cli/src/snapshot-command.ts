// `plenary snapshot`: the read models of this node in one file, so that another one need not make them from the whole log.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { exactly, Failure, UsageError, verb } from './command-line.js';
import { addressOfHolder } from './server-of-directory.js';

export const snapshotCommand = verb({
  name: 'snapshot',
  usage: '--to FILE | --from FILE',
  says: 'Writes the read models into a file, for another node of the same history; or takes them in from such a file.',
  details: [
    '  --to FILE    a copy as it is at one record, with the server of PLENARY_DATA running or not. It holds all that is restricted,',
    '               and neither keys nor secrets of tokens',
    '  --from FILE  becomes the read models of PLENARY_DATA, where no server runs. Before, its leaves must lead to a root that a key',
    '               of this history signed, and its end must be what the log holds there',
    '',
    'A node that starts for the first time takes one in where PLENARY_SNAPSHOT names it. plenary replay --check compares every row',
    'with the log afterwards.',
  ],
  options: { to: { type: 'string' }, from: { type: 'string' } },
  async run({ values: { to, from }, positionals, env, terminal }) {
    exactly(positionals);
    if ((to === undefined) === (from === undefined)) throw new UsageError('name a file with --to or with --from');
    const { makeSnapshotOf, readConfiguration, takeSnapshotInto } = await import('#api');
    const configuration = readConfiguration(env);
    if (to !== undefined) {
      if (existsSync(to)) throw new Failure(`${to} is there already`);
      const { record, covered } = await makeSnapshotOf(configuration, resolve(to));
      terminal.print(
        `Written to ${to}: the register as of record ${record}, under a signed checkpoint of ${covered} records. Give it to nobody who may not read everything.`,
      );
      return 0;
    }
    const address = await addressOfHolder(configuration.data);
    if (address !== undefined) throw new Failure(`a server runs on ${configuration.data}, at ${address}: stop it first`);
    const { record, caughtUp } = await takeSnapshotInto(configuration, resolve(from!));
    terminal.print(
      `Taken in: ${record} records from the snapshot, ${caughtUp - record} more from the log. plenary replay --check compares every row with the log.`,
    );
    return 0;
  },
});
