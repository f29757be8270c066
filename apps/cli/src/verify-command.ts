// `plenary verify`: whether a bundle, a data directory or a server shows the history that was signed. Needs neither server nor store for a bundle.
import { createReadStream, readFileSync, writeFileSync } from 'node:fs';
import { Malformed, parseAge } from '#ledger/core';
import { couldNotRun, wholeLinesOf, verdictJson, verdictProse, verifyBundle, type Verdict, type VerifyOptions } from '#ledger/verify';
import { unreachable } from './api-client.js';
import { Failure, UsageError, verb, type Call, type Environment } from './command-line.js';
import { readUrl } from './play-command.js';
import type { Terminal } from './terminal.js';

const options = {
  key: { type: 'string', multiple: true },
  witness: { type: 'string', multiple: true },
  policy: { type: 'string' },
  since: { type: 'string' },
  cosigned: { type: 'string', multiple: true },
  'max-age': { type: 'string' },
  keep: { type: 'string' },
  data: { type: 'string' },
  url: { type: 'string' },
  json: { type: 'boolean' },
} as const;

export const verifyCommand = verb({
  name: 'verify',
  usage: 'BUNDLE|--data DIR|--url URL --key VKEY [--since FILE] [--policy FILE] [--json]',
  says: 'Verifies a history offline: what was proven, what was not, and what is wrong.',
  details: [
    '  BUNDLE           a file that plenary export wrote; - for standard input',
    '  --data DIR       a data directory, read as it lies there; its tiles in PLENARY_SIGNER_DIR (default DIR-signer). Where EVENTSTORE_URL',
    '                   names a database, the log is read from there',
    '  --url URL        a running server; an auditor’s token in PLENARY_TOKEN',
    '  --key VKEY       the verifier key of the log, from a source that you trust: not from the bundle, nor from the server',
    '  --witness VKEY   a witness that must have cosigned',
    '  --policy FILE    log keys, witnesses, how many of them, the largest age',
    '  --since FILE     the checkpoint that an earlier verification gave you to keep: the history must go on from it',
    '  --cosigned FILE  the checkpoint of the bundle as a witness cosigned it: what plenary witness printed',
    '  --max-age AGE    the largest age of the checkpoint: 90s, 15m, 24h or 7d',
    '  --keep FILE      writes the checkpoint to keep there',
    '  --json           the verdict for programs',
    '',
    'Status: 0 proven, 1 manipulation, 2 gap, 3 could not run, or could not write its verdict or what is to be kept.',
  ],
  options,
  notDone(message, args, terminal) {
    if (args.includes('--json')) terminal.print(verdictJson(couldNotRun(message)).trimEnd());
    return COULD_NOT_RUN;
  },
  async run(call) {
    const { values, terminal } = call;
    const verdict = await judge(call);
    // Whatever is not the verifier’s own stands there in quotes, or as printable ASCII.
    terminal.print((values.json ? verdictJson(verdict) : verdictProse(verdict)).trimEnd());
    // What was condemned is not worth keeping, and must never take the place of the evidence against it.
    if (values.keep === undefined || verdict.keep === undefined || verdict.status !== 0) return verdict.status;
    return keep(values.keep, verdict.keep, terminal);
  },
});

const COULD_NOT_RUN = 3;

/** The verdict is printed already: whoever counts on the file learns from the status that it is not there. */
function keep(file: string, checkpoint: string, terminal: Terminal): number {
  try {
    writeFileSync(file, checkpoint);
    return 0;
  } catch (error) {
    terminal.tell(`plenary verify: the checkpoint to keep was not written: ${(error as Error).message}`);
    return COULD_NOT_RUN;
  }
}

type VerifyCall = Call<typeof options>;

async function judge(call: VerifyCall): Promise<Verdict> {
  const { values, positionals, env } = call;
  const [bundle, ...rest] = positionals;
  const sources = [bundle, values.data, values.url].filter((source) => source !== undefined);
  if (sources.length !== 1 || rest.length > 0) throw new UsageError('name one bundle, or --data, or --url');
  let trust: VerifyOptions;
  try {
    trust = trustOf(call);
  } catch (error) {
    if (error instanceof Failure) return couldNotRun(error.message);
    throw error;
  }
  try {
    if (values.data !== undefined) return await verifyDirectory(values.data, env, trust);
    if (values.url !== undefined) return await verifyServer(values.url, env, trust);
    return await verifyBundle(wholeLinesOf(bundle === '-' ? process.stdin : bytesOf(bundle!)), trust);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    return couldNotRun((error as Error).message);
  }
}

/** Opened when the first is asked for: by then somebody hears where that fails. */
async function* bytesOf(file: string): AsyncGenerator<Uint8Array> {
  yield* createReadStream(file) as AsyncIterable<Uint8Array>;
}

function trustOf({ values }: VerifyCall): VerifyOptions {
  const maxAge = values['max-age'];
  return {
    nowMs: Date.now(),
    keys: values.key ?? [],
    witnesses: values.witness ?? [],
    ...(values.policy !== undefined && { policy: read(values.policy, 'policy') }),
    ...(values.since !== undefined && { since: read(values.since, 'since') }),
    cosigned: (values.cosigned ?? []).map((file) => read(file, 'cosigned')),
    ...(maxAge !== undefined && { maxAgeSeconds: secondsOf(maxAge) }),
  };
}

function secondsOf(age: string): number {
  try {
    return parseAge(age);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    throw new UsageError(`--max-age is ${JSON.stringify(age)}; it must be written 90s, 15m, 24h or 7d`);
  }
}

function read(file: string, option: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Failure(`--${option}: ${(error as Error).message}`);
  }
}

async function verifyDirectory(data: string, env: Environment, trust: VerifyOptions): Promise<Verdict> {
  const { openLiveHistory, readConfiguration } = await import('#api');
  const { eventStore, signer } = readConfiguration({ ...env, PLENARY_DATA: data });
  const history = await openLiveHistory({ directory: data, ...(eventStore !== undefined && { url: eventStore }) }, signer);
  try {
    return await verifyBundle(history.lines, { ...trust, published: history.published });
  } finally {
    await history.close();
  }
}

async function verifyServer(url: string, env: Environment, trust: VerifyOptions): Promise<Verdict> {
  const token = env['PLENARY_TOKEN'];
  if (!token) throw new UsageError('--url needs the token of an auditor in PLENARY_TOKEN');
  const server = readUrl(url);
  const lines = async (path: string): Promise<AsyncIterable<string>> => {
    const response = await fetch(`${server}/api/v1${path}`, { headers: { Authorization: `Bearer ${token}` }, redirect: 'error' }).catch(
      (error: Error) => {
        throw new Failure(unreachable(server, error));
      },
    );
    if (!response.ok || !response.body) throw new Failure(`the server answered ${path} with status ${response.status}`);
    return wholeLinesOf(response.body);
  };
  return verifyBundle(await lines('/export'), { ...trust, published: notesIn(() => lines('/log/checkpoints')) });
}

/** Asked for when the first is needed: by then the bundle has its checkpoint, and none that was published later is missed. */
async function* notesIn(open: () => Promise<AsyncIterable<string>>): AsyncGenerator<string> {
  for await (const line of await open()) yield String((JSON.parse(line) as { note?: unknown } | null)?.note);
}
