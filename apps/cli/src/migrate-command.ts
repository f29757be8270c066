// `plenary migrate`: the history moves from the data directory into a database, back, or into a fresh one.
import { resolve } from 'node:path';
import type { Migrated, Step } from '#api';
import { exactly, required, UsageError, verb, type Environment } from './command-line.js';
import type { Terminal } from './terminal.js';

/** How often it says how far it is. */
const TOLD_EVERY_MS = 1_000;
const DOING: Record<Step, string> = { looking: 'Looked through', moving: 'Moved', comparing: 'Compared' };

export const migrateCommand = verb({
  name: 'migrate',
  usage: '--from DIR|URL --to DIR|URL [--keys DIR] [--signer DIR] | --give-up --from DIR|URL [--to DIR|URL]',
  says: 'Moves a history into another data directory or database, which must be empty. Stop all servers first.',
  details: [
    '  --from DIR|URL  a data directory, or a database such as esdb://user:password@db:2113?tls=true',
    '  --to DIR|URL    where it goes: the same records, ids, times and root; texts that were removed by law stay behind',
    '  --keys DIR      the keys of this installation (PLENARY_KEYS; beside the data directory where that is not set)',
    '  --signer DIR    the signer’s directory (PLENARY_SIGNER_DIR; beside the data directory where that is not set)',
    '  --give-up       the history goes on where it was; with --to where the migration had come to its end',
    '',
    'Nothing can be recorded at either end until all of it is there and was compared, record by record. Then the source serves',
    'reading alone. What was cut short goes on when you say the same again. Keys and the signer’s directory stay where they are.',
  ],
  options: {
    from: { type: 'string' },
    to: { type: 'string' },
    keys: { type: 'string' },
    signer: { type: 'string' },
    'give-up': { type: 'boolean', default: false },
  },
  async run({ values, positionals, env, terminal }) {
    exactly(positionals);
    const from = required(values.from, 'from');
    if (values['give-up']) {
      if (values.keys !== undefined || values.signer !== undefined) throw new UsageError('--give-up needs neither --keys nor --signer');
      const { giveUp } = await import('#api');
      const { place, other } = await giveUp(from, values.to);
      terminal.print(`The history in ${place} takes commands again. What came to ${other} is nobody’s: no server starts on it.`);
      return 0;
    }
    const to = required(values.to, 'to');
    const { migrate } = await import('#api');
    const custody = custodyOf(from, to, values, env);
    const migrated = await migrate({ from, to, ...custody, progress: teller(terminal) });
    tell(migrated, to, custody, terminal);
    return 0;
  },
});

interface Custody {
  keys: string;
  signer: string;
}

const isDirectory = (end: string): boolean => !/^esdb(\+discover)?:\/\//.test(end);

/** As a server finds them that has this data directory. */
function custodyOf(
  from: string,
  to: string,
  { keys, signer }: { keys?: string | undefined; signer?: string | undefined },
  env: Environment,
): Custody {
  const data = isDirectory(from) ? from : env['PLENARY_DATA'] || (isDirectory(to) ? to : './data');
  const beside = (what: string): string => `${resolve(data)}-${what}`;
  return {
    keys: resolve(keys ?? (env['PLENARY_KEYS'] || beside('keys'))),
    signer: resolve(signer ?? (env['PLENARY_SIGNER_DIR'] || beside('signer'))),
  };
}

/** How far it is and how fast, now and then. */
function teller(terminal: Terminal): (step: Step, records: number, of: number) => void {
  let begun: { step: Step; atMs: number; records: number } | undefined;
  let toldMs = 0;
  return (step, records, of) => {
    const nowMs = performance.now();
    if (begun?.step !== step) begun = { step, atMs: nowMs, records };
    if (nowMs - toldMs < TOLD_EVERY_MS) return;
    toldMs = nowMs;
    const seconds = (nowMs - begun.atMs) / 1000;
    const rate = seconds > 0 ? `, ${Math.round((records - begun.records) / seconds)} a second` : '';
    terminal.progress(`${DOING[step]} ${records}${step === 'looking' ? '' : ` of ${of}`} records${rate}.`);
  };
}

function tell(migrated: Migrated, to: string, { keys, signer }: Custody, terminal: Terminal): void {
  const { origin, from, to: place, records, root, before, withheld, lastSigned, hasSigningKey, isRepeated } = migrated;
  if (isRepeated) {
    terminal.print(`The ${records} records of ${origin} were moved to ${place} before; nothing was changed.`);
    return;
  }
  terminal.print(`The history of ${origin}, ${records} records, lies in ${place}: compared record by record, under the root ${root}.`);
  if (before > 0) terminal.print(`${before} of them were there already.`);
  if (lastSigned === undefined)
    terminal.print(`${signer} remembers no checkpoint: nothing shows here that it is the history that was signed.`);
  else terminal.print(`It goes through the checkpoint over ${lastSigned} records in ${signer}.`);
  if (withheld > 0) terminal.print(`${withheld} texts that were removed by law stayed behind.`);
  terminal.print(
    `${from} serves reading alone from now on. Destroy it once you need it no more${withheld > 0 ? ', and the texts with it' : ''}.`,
  );
  if (!hasSigningKey) terminal.print(`There is no signing.key in ${keys}: bring it to the node that is to sign.`);
  terminal.print('Start the server with:');
  if (isDirectory(to)) terminal.print(`  PLENARY_DATA=${place} PLENARY_KEYS=${keys} PLENARY_SIGNER_DIR=${signer}`);
  else terminal.print(`  EVENTSTORE_URL, as you gave it for --to, PLENARY_KEYS=${keys} PLENARY_SIGNER_DIR=${signer}`);
}
