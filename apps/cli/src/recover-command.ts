// `plenary recover`: the log lost its end, or is an older copy, and gets back what was signed. No server may run meanwhile.
import { createWriteStream, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { LostRecord, Recovered, RecoverySource } from '#api';
import { faultOfTexts, type StreamName } from '#kernel';
import { exactly, Failure, required, UsageError, verb, type Environment } from './command-line.js';
import { exportFrom, NotExported } from './export-command.js';
import { readUrl } from './play-command.js';
import { addressOfHolder, assertHistory } from './server-of-directory.js';
import { harmlessLine, type Terminal } from './terminal.js';

/** Lost records that are listed one by one. */
const LISTED = 100;

export const recoverCommand = verb({
  name: 'recover',
  usage:
    '[--from FILE|DIR|URL …] [--token TOKEN] [--declare-lost --reason REASON --authority AUTHORITY] | --reopen STREAM --reason REASON --authority AUTHORITY',
  says: 'Puts back the records that were signed and that the log in PLENARY_DATA has lost. Stop the server first.',
  details: [
    '  --from FILE|DIR|URL  a bundle that plenary export wrote, another data directory of this installation, or another node that',
    '                    runs: its whole history is exported first. Of several, the first that has a record with its texts gives it. Only what hashes to',
    '                    what was signed is taken. A snapshot holds no records: nothing is taken of it',
    '  --token TOKEN     of an auditor of that node; PLENARY_TOKEN where absent',
    '  --declare-lost    what is nowhere is lost: a placeholder stands at its number, so that the signed root holds',
    '  --reopen STREAM   a stream of which events were lost takes commands again: you have looked at what is left of it',
    '  --reason REASON   why, for ever in the record',
    '  --authority TEXT  on whose authority',
    '  --lang TAG        the language of REASON and AUTHORITY (en)',
    '',
    'Without --from and --declare-lost it says how far the log and the signed history reach, and what is missing. PLENARY_SIGNER_DIR',
    'must name the signer’s directory as it was last: it alone remembers what was signed. See docs/operating.md.',
  ],
  options: {
    from: { type: 'string', multiple: true },
    token: { type: 'string' },
    'declare-lost': { type: 'boolean', default: false },
    reopen: { type: 'string' },
    reason: { type: 'string' },
    authority: { type: 'string' },
    lang: { type: 'string', default: 'en' },
  },
  async run({ values, positionals, env, terminal }) {
    exactly(positionals);
    const { from = [], 'declare-lost': declareLost, lang } = values;
    const words = (option: 'reason' | 'authority') => {
      const texts = [{ lang, text: required(values[option], option) }];
      const fault = faultOfTexts(texts, `--${option}`);
      if (fault) throw new UsageError(fault);
      return texts;
    };
    const statement = declareLost || values.reopen !== undefined ? { reason: words('reason'), authority: words('authority') } : undefined;
    if (values.reopen !== undefined && (from.length > 0 || declareLost))
      throw new UsageError('--reopen comes alone, once everything else is put back');
    for (const path of from) if (!isUrl(path) && !existsSync(path)) throw new UsageError(`--from: there is no ${path}`);
    await assertOwnLog(env);
    if (values.reopen !== undefined) return reopenStream(env, { stream: values.reopen as StreamName, ...statement! }, terminal);
    const { readConfiguration, recover, RecoveryRefused, sourceAt } = await import('#api');
    const { data, keys, signer } = readConfiguration(env);
    const exported = privateDirectory();
    try {
      const sources = [];
      for (const each of from)
        sources.push(
          isUrl(each)
            ? await exportedFrom(each, join(exported.path, `${sources.length}.ndjson`), values.token ?? env['PLENARY_TOKEN'])
            : sourceAt(each),
        );
      await tell(await recover({ data, keys, signer, sources, ...(statement && { declareLost: statement }), nowMs: Date.now() }), terminal);
      return 0;
    } catch (error) {
      if (error instanceof RecoveryRefused) tellUnusable(error.unusable, terminal);
      throw error;
    } finally {
      exported.remove();
    }
  },
});

/** What another node exports holds everything: nobody else may read it, and nothing of it is left here, also where a signal ends the process. */
function privateDirectory(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'plenary-recover-'));
  const ended = (signal: NodeJS.Signals): void => {
    remove();
    // Nobody listens any more: it ends the process as it would have.
    process.kill(process.pid, signal);
  };
  const remove = (): void => {
    for (const signal of ENDING) process.removeListener(signal, ended);
    rmSync(path, { recursive: true, force: true });
  };
  for (const signal of ENDING) process.on(signal, ended);
  return { path, remove };
}

const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const isUrl = (from: string): boolean => /^https?:\/\//.test(from);

/** The whole history of that node, as far as it sent it. */
async function exportedFrom(url: string, file: string, token: string | undefined): Promise<RecoverySource> {
  if (!token) throw new UsageError(`--from ${url} needs the token of an auditor there, with --token or in PLENARY_TOKEN`);
  const { sourceAt, unusableSource } = await import('#api');
  const base = readUrl(url, '--from');
  let cutShort: string | undefined;
  try {
    // As far as it comes: a part of a history may hold what is missing here.
    await exportFrom(base, '', token, (bundle) => pipeline(bundle, createWriteStream(file)));
  } catch (error) {
    if (!(error instanceof NotExported)) throw error;
    cutShort = error.why;
    if (!existsSync(file)) return unusableSource(url, cutShort);
  }
  return sourceAt(file, { from: url, cutShort });
}

/** The log lies in the directory, and nobody holds it. */
async function assertOwnLog(env: Environment): Promise<void> {
  const { readConfiguration } = await import('#api');
  const { data, eventStore } = readConfiguration(env);
  if (eventStore !== undefined) {
    throw new Failure(
      'EVENTSTORE_URL names a database, and the nodes read the log from there: recover puts a log in PLENARY_DATA right, which none of them would read. Bring the database back by its own means, a backup or another member of the cluster, and compare it with the signer’s directory: plenary verify. Nothing was changed',
    );
  }
  const address = await addressOfHolder(data);
  if (address !== undefined)
    throw new Failure(`a server runs on ${data}, at ${address}: stop it first. Nothing may read or write the log while it is put right`);
}

async function reopenStream(
  env: Environment,
  input: Parameters<(typeof import('#api'))['reopen']>[1],
  terminal: Terminal,
): Promise<number> {
  const { readConfiguration, reopen } = await import('#api');
  const configuration = readConfiguration(env);
  await assertHistory(configuration.data);
  const recorded = await reopen(configuration, input);
  terminal.print(
    harmlessLine(recorded ? `${input.stream} takes commands again; the record says why.` : `${input.stream} took commands already.`),
  );
  return 0;
}

function tellUnusable(unusable: readonly string[], terminal: Terminal): void {
  for (const each of unusable.slice(0, LISTED)) terminal.tell(harmlessLine(`Not taken: ${each}.`));
}

async function tell(recovered: Recovered, terminal: Terminal): Promise<void> {
  const { writeRanges } = await import('#api');
  const writeRecords = (ranges: Recovered['restored']): string =>
    `${ranges.length === 1 && ranges[0]!.from === ranges[0]!.to ? 'record' : 'records'} ${writeRanges(ranges)}`;
  const { origin, before, size, restored, completed, altered, strays, lost, statedBy, withheld } = recovered;
  tellUnusable(recovered.unusable, terminal);
  if (completed.length > 0) terminal.print(`Texts that were missing stand again in ${writeRecords(completed)}.`);
  if (strays.length > 0) terminal.print(`What stood beside ${writeRecords(strays)} without being referred to is gone.`);
  if (restored.length === 0 && lost.length === 0) {
    if (completed.length === 0 && strays.length === 0) terminal.print(nothingToRecover(recovered, writeRanges(recovered.explained)));
  } else if (before < size)
    terminal.print(
      `The log of ${origin} ended with record ${before}, and ${size} were signed. It holds all ${size} numbers again, under the root that was signed.`,
    );
  else terminal.print(`The log of ${origin} held placeholders that no record explained.`);
  if (restored.length > 0) terminal.print(`Put back as they were: records ${writeRanges(restored)}.`);
  if (recovered.textless.length > 0)
    terminal.print(
      `Texts of ${writeRecords(recovered.textless)} are missing${altered.length > 0 ? `, or were altered (${writeRecords(altered)})` : ''}, and no removal names them: nothing that was brought has them, or a removal that was lost may have named them. Verifiers report each as a gap. Whatever has them can be brought with --from later on.`,
    );
  if (withheld > 0) terminal.print(`${withheld} texts that were removed by law lay in what was brought, and were not put back.`);
  tellDestroyed(recovered, terminal);
  if (lost.length === 0) return;
  terminal.print(`Lost: ${lost.length} records, of which only the leaf entries are left. Record ${statedBy} says so, with the reason.`);
  for (const { record, type, stream } of lost.slice(0, LISTED)) terminal.print(harmlessLine(`  ${record}  ${type}  in ${stream}`));
  if (lost.length > LISTED) terminal.print(`  and ${lost.length - LISTED} more: GET /api/v1/records shows each`);
  warn(lost, terminal);
}

const nothingToRecover = ({ before, size, explained, textless }: Recovered, placeholders: string): string =>
  explained.length === 0
    ? `Nothing to recover: the log of ${before} records holds the ${size} that were signed${textless.length === 0 ? ', each as it was signed' : ''}.`
    : `Nothing to recover: the log of ${before} records holds all ${size} numbers that were signed. Of records ${placeholders} only the leaf entries are left: what they said was declared lost.`;

function tellDestroyed({ destroyed, isCleared }: Recovered, terminal: Terminal): void {
  if (destroyed > 0)
    terminal.print(
      `${destroyed} texts that were removed by law had come back with the older copy, and are gone again. The register is made anew by the next start.`,
    );
  if (!isCleared)
    terminal.print('Another process reads the log: until the next start, what was removed by law may be found in free space of the file.');
}

/** What may stand in the register again, though something that is lost had taken it back. */
function warn(lost: readonly LostRecord[], terminal: Terminal): void {
  const streams = [...new Set(lost.filter(({ stream }) => stream !== 'log').map(({ stream }) => stream))];
  if (streams.length > 0)
    terminal.print('Their streams take no commands until you have looked at what is left, and say plenary recover --reopen STREAM.');
  if (lost.some(({ type }) => type === 'value-removed'))
    terminal.print(
      'Among them is a removal by law: the texts that it named may stand in the record again. Find the order, and remove them anew.',
    );
  if (lost.some(({ type }) => type.endsWith('-audience-set')))
    terminal.print('Among them is a change of audience: what it restricted may be open again. Look at it before you start the server.');
}
