// `plenary export`: a bundle that anybody can verify offline.
import { createWriteStream, lstatSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { writeSynced } from '#durable';
import { Failure, exactly, UsageError, verb, type Environment } from './command-line.js';
import { readUrl } from './play-command.js';
import { addressOfHolder } from './server-of-directory.js';
import { harmlessLine, type Terminal } from './terminal.js';

export const exportCommand = verb({
  name: 'export',
  usage: '[--of KIND --id ID] [--selection [--from SIZE]] [--cosigned FILE] [--out FILE]',
  says: 'Writes a bundle for plenary verify: events, proofs, the signed checkpoint, a readable report.',
  details: [
    '  --of KIND --id ID  only what a body, meeting, decision, document, seat or follow-up touches; everything where absent',
    '  --selection        only its events, each with its proof; without it, all leaf entries too, so that nothing can have been left out',
    '  --from SIZE        of a selection: the size of the checkpoint that the auditor keeps',
    '  --cosigned FILE    a checkpoint of this log that a witness cosigned: the bundle is made at it, carries it, and holds nothing that was recorded since',
    '  --out FILE         the file; standard output where absent',
    '  --url URL          another server than that of PLENARY_DATA',
    '',
    'Everything can be exported from the directory itself, or from the database that EVENTSTORE_URL names, whether or not a server',
    'runs; the access log there notes it. The rest asks the server, with the token of an auditor in PLENARY_TOKEN.',
  ],
  options: {
    of: { type: 'string' },
    id: { type: 'string' },
    selection: { type: 'boolean' },
    from: { type: 'string' },
    cosigned: { type: 'string' },
    out: { type: 'string' },
    url: { type: 'string' },
  },
  async run({ values, positionals, env, terminal }) {
    exactly(positionals);
    if ((values.of === undefined) !== (values.id === undefined)) throw new UsageError('--of and --id go together');
    const isWhole = values.of === undefined && !values.selection && values.url === undefined;
    const cosigned = values.cosigned === undefined ? undefined : noteIn(values.cosigned);
    const sink = values.out === undefined ? intoTerminal(terminal) : intoFile(values.out);
    if (isWhole) await fromDirectory(env, cosigned, sink, terminal);
    else await fromServer(queryOf({ ...values, cosigned }), values.url, env, sink);
    if (values.out !== undefined) terminal.print(`Written to ${values.out}.`);
    return 0;
  },
});

interface Asked {
  of?: string | undefined;
  id?: string | undefined;
  selection?: boolean | undefined;
  from?: string | undefined;
  cosigned: string | undefined;
}

function queryOf({ of, id, selection, from, cosigned }: Asked): string {
  const query = new URLSearchParams();
  if (of !== undefined) query.set('of', of);
  if (id !== undefined) query.set('id', id);
  if (selection) query.set('complete', 'false');
  if (from !== undefined) query.set('from', from);
  if (cosigned !== undefined) query.set('cosigned', cosigned);
  return query.toString();
}

function noteIn(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Failure(`--cosigned: ${(error as Error).message}`);
  }
}

async function fromDirectory(env: Environment, cosigned: string | undefined, sink: Sink, terminal: Terminal): Promise<void> {
  const { noteExport, openLiveHistory, readConfiguration } = await import('#api');
  const { bundleChunks } = await import('#ledger/writer');
  const { data, eventStore, signer } = readConfiguration(env);
  const history = await openLiveHistory({ directory: data, ...(eventStore !== undefined && { url: eventStore }) }, signer, cosigned);
  try {
    if (history.lostItsEnd !== undefined) throw new Failure(history.lostItsEnd);
    // Before a line of it is written: what is cut short was given out as well.
    const unnoted = await noteExport(data, Date.now());
    if (unnoted !== undefined) terminal.tell(`This bundle is missing in the list of those that were given out: ${unnoted}`);
    await sink(Readable.from(bundleChunks(history.lines)));
  } finally {
    await history.close();
  }
}

async function fromServer(query: string, url: string | undefined, env: Environment, sink: Sink): Promise<void> {
  const token = env['PLENARY_TOKEN'];
  if (!token) throw new UsageError('this needs the token of an auditor in PLENARY_TOKEN');
  const { readConfiguration } = await import('#api');
  const base = url === undefined ? await addressOfHolder(readConfiguration(env).data) : readUrl(url);
  if (base === undefined) throw new Failure('no server runs on PLENARY_DATA: start one, or name another with --url');
  if (!(await exportFrom(base, query, token, sink)))
    throw new Failure(
      `${base} does not give every record: the bundle holds the others, and has no end. plenary verify names the first that is missing`,
    );
}

/** A server gives out no bundle, or not all of it. */
export class NotExported extends Failure {
  /** @param why the end of a sentence that the server's address begins */
  constructor(
    base: string,
    readonly why: string,
  ) {
    super(`${base} ${why}`);
  }
}

/** Writes the bundle that a server exports. @returns whether it has its end, as far as it was wanted @throws NotExported */
export async function exportFrom(base: string, query: string, token: string, sink: Sink): Promise<boolean> {
  const response = await fetch(`${base}/api/v1/export?${query}`, {
    headers: { Authorization: `Bearer ${token}` },
    redirect: 'error',
  }).catch((error: unknown) => {
    throw new NotExported(base, `does not answer: ${causeOf(error)}`);
  });
  if (!response.ok || !response.body) {
    const problem = (await response.json().catch(() => ({}))) as { detail?: unknown };
    const says = typeof problem.detail === 'string' ? `: “${harmlessLine(problem.detail).replaceAll('”', '"')}”` : '';
    throw new NotExported(base, `does not export it, and answered with status ${response.status}${says}`);
  }
  let tail = '';
  let isRead = false;
  async function* watched(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of arriving(chunks, base)) {
      tail = (tail + Buffer.from(chunk).toString('latin1')).slice(-LONGEST_END);
      yield chunk;
    }
    isRead = true;
  }
  await sink(Readable.from(watched(Readable.fromWeb(response.body as never))));
  return !isRead || /\n\{"kind":"end"[^\n]*\n$/.test(tail);
}

async function* arriving(chunks: AsyncIterable<Uint8Array>, base: string): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks;
  } catch (error) {
    throw new NotExported(base, `broke off: ${causeOf(error)}`);
  }
}

/** What the network said, beneath what `fetch` makes of it. */
function causeOf(error: unknown): string {
  const { message, cause } = error as Error;
  if (!(cause instanceof Error)) return message;
  return cause.message || ((cause as NodeJS.ErrnoException).code ?? message);
}

/** In characters: its kind and three counts. */
const LONGEST_END = 200;

/** Where a bundle goes. */
type Sink = (bundle: Readable) => Promise<void>;

/** Whole or not at all: a bundle that lies there stays until the other is. What is no regular file is written as it is: /dev/stdout, a pipe. */
export const intoFile =
  (file: string): Sink =>
  async (bundle) => {
    const replaced = replacedBy(file);
    if (!replaced) return pipeline(bundle, createWriteStream(file, { flags: 'w' }));
    const { path, mode } = replaced;
    await writeSynced(path, bundle, `${path}.${process.pid}.new`, 'w', mode).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'ENOSPC' ? new Failure(`${file} cannot be written: the disk is full`, { cause: error }) : error;
    });
  };

/** The file that a bundle replaces, or is to make, and who may read it; undefined where there is something else, or a name for an open file. */
function replacedBy(file: string): { path: string; mode?: number } | undefined {
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (!found) return { path: resolve(file) };
  const there = statSync(file, { throwIfNoEntry: false });
  if (!there?.isFile() || /^\/(dev|proc)\//.test(resolve(file))) return undefined;
  return { path: realpathSync(file), mode: there.mode & 0o777 };
}

/** Standard output is not closed: what comes after it may still be printed. */
const intoTerminal =
  (terminal: Terminal): Sink =>
  async (bundle) => {
    for await (const chunk of bundle) {
      await terminal.write(chunk as Uint8Array);
      if (terminal.isLost) return;
    }
  };
