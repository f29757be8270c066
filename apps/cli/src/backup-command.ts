// `plenary backup`: a copy of the log that can be restored, or whether one is whole. Reads only, beside a server or without one.
import { exactly, UsageError, verb } from './command-line.js';
import { harmlessLine } from './terminal.js';

export const backupCommand = verb({
  name: 'backup',
  usage: '--to DIR | --check DIR',
  says: 'Copies the log in PLENARY_DATA, with its server running or not, and writes down what the copy must hash to.',
  details: [
    '  --to DIR     a directory that is empty, or not there yet: log.db, then manifest.json with size, root and checkpoint',
    '  --check DIR  reads a backup from end to end: its bytes, each record, each text, the root, the signature of its checkpoint',
    '',
    'Keys are never in it: keep them elsewhere, and never lose them. The signer’s directory is not in it either, since an older copy of',
    'that would stop the signer. With --check and without PLENARY_KEYS, nothing is proven of who wrote the records.',
  ],
  options: { to: { type: 'string' }, check: { type: 'string' } },
  async run({ values: { to, check }, positionals, env, terminal }) {
    exactly(positionals);
    if ((to === undefined) === (check === undefined) || to === '' || check === '') throw new UsageError('say --to DIR or --check DIR');
    const { checkBackup, readConfiguration, takeBackup } = await import('#api');
    const configuration = readConfiguration(env);
    if (to !== undefined) {
      const { size, root, bytes } = await takeBackup(configuration, to, Date.now());
      terminal.print(harmlessLine(`Backed up to ${to}: ${size} records under the root ${root}, ${bytes} bytes. Keys are not in it.`));
      return 0;
    }
    const { readKeys } = await import('#event-store');
    const { writer } = readKeys(configuration.keys);
    const { size, root, takenAt, origin } = await checkBackup(check!, writer);
    terminal.print(harmlessLine(`${check} is whole: ${size} records of ${origin}, taken ${takenAt}, under the root ${root}.`));
    if (!writer)
      terminal.print(harmlessLine(`There is no writer.key in ${configuration.keys}: that this installation wrote them was not looked at.`));
    return 0;
  },
});
