// `plenary verify`: whether a bundle, a data directory or a server shows the history that was signed. Needs neither server nor store for a bundle.
import { createReadStream, readFileSync, writeFileSync } from 'node:fs';
import { couldNotRun, linesOf, verdictJson, verdictProse, verifyBundle, type Verdict, type VerifyOptions } from '#ledger/verify';
import { Failure, UsageError, verb, type Call, type Environment } from './command-line.js';
import { readUrl } from './play-command.js';

const options = {
  key: { type: 'string', multiple: true },
  witness: { type: 'string', multiple: true },
  policy: { type: 'string' },
  since: { type: 'string' },
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
    '  --max-age S      the largest age of the checkpoint, in seconds',
    '  --keep FILE      writes the checkpoint to keep there',
    '  --json           the verdict for programs',
    '',
    'Status: 0 proven, 1 manipulation, 2 gap, 3 could not run.',
  ],
  options,
  async run(call) {
    const { values, terminal } = call;
    const verdict = await judge(call);
    // What was condemned is not worth keeping, and must never take the place of the evidence against it.
    if (values.keep !== undefined && verdict.keep !== undefined && verdict.status === 0) writeFileSync(values.keep, verdict.keep);
    // Whatever comes from the bundle stands in quotes there, and is harmless.
    terminal.print((values.json ? verdictJson(verdict) : verdictProse(verdict)).trimEnd());
    return verdict.status;
  },
});

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
    return await verifyBundle(linesOf(bundle === '-' ? process.stdin : createReadStream(bundle!)), trust);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    return couldNotRun((error as Error).message);
  }
}

function trustOf({ values }: VerifyCall): VerifyOptions {
  const maxAge = values['max-age'];
  if (maxAge !== undefined && !/^\d{1,9}$/.test(maxAge)) throw new UsageError(`--max-age is ${JSON.stringify(maxAge)}; it must be a whole number of seconds`);
  return {
    nowMs: Date.now(),
    keys: values.key ?? [],
    witnesses: values.witness ?? [],
    ...(values.policy !== undefined && { policy: read(values.policy, 'policy') }),
    ...(values.since !== undefined && { since: read(values.since, 'since') }),
    ...(maxAge !== undefined && { maxAgeSeconds: Number(maxAge) }),
  };
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
  const response = await fetch(`${readUrl(url)}/api/v1/export`, { headers: { Authorization: `Bearer ${token}` }, redirect: 'error' });
  if (!response.ok || !response.body) return couldNotRun(`the server answered ${response.status}`);
  return verifyBundle(linesOf(response.body), trust);
}
