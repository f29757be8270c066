// `plenary replay`: steps through the history, event by event with what each changed; or checks that the log makes the read models anew.
import { isUuid } from '#kernel';
import { ApiClient, describeProblem, type Answer } from './api-client.js';
import { exactly, Failure, UsageError, verb } from './command-line.js';
import { readUrl } from './play-command.js';
import { checkCommand } from './replay-check-command.js';
import { describeStep, type Step } from './replay-step.js';
import { withServer } from './server-of-directory.js';
import { harmlessJson, type Terminal } from './terminal.js';

export const replayCommand = verb({
  name: 'replay',
  usage: '[--in TABLE --id ID] [--from MOMENT] [--to MOMENT] [--types TYPES] [--pace MS] [--json] | --check [--json]',
  says: 'Steps through the history, each event with what it changed; --check rebuilds the register from it and compares.',
  details: [
    '  --in TABLE --id ID  only what touched one entity: --in decisions --id 3f0c…',
    '  --from MOMENT       the moment after which it begins: a record number, or a time with its offset',
    '  --to MOMENT         the last moment',
    '  --types TYPES       only events of these types, separated by commas',
    '  --pace MS           milliseconds between two steps',
    '  --lang TAG          the language that is wanted; what is missing in it is given in the original',
    '  --json              one JSON object a line',
    '  --url URL           another server than that of PLENARY_DATA',
    '  --check             makes the read models of PLENARY_DATA anew from the log, in a temporary file, and compares them with',
    '                      those that serve. Reads only. Status: 0 equal, 1 different, with the first difference named, 3 could not be',
    '                      compared, or what it prints could not be written. With --json, `couldNotRun` says why',
    '',
    'It shows what the holder of the token in PLENARY_TOKEN may read. Without one it asks as the admin whose token lies in PLENARY_KEYS:',
    'what the public may read, and what is for admins alone (tokens, removals, closed days of the access log).',
  ],
  options: {
    in: { type: 'string' },
    id: { type: 'string' },
    from: { type: 'string' },
    to: { type: 'string' },
    types: { type: 'string' },
    pace: { type: 'string' },
    lang: { type: 'string' },
    json: { type: 'boolean', default: false },
    url: { type: 'string' },
    check: { type: 'boolean', default: false },
  },
  notDone(message, args, terminal) {
    if (!args.includes('--check')) return undefined;
    if (args.includes('--json')) terminal.print(harmlessJson(JSON.stringify({ couldNotRun: message })));
    return COULD_NOT_COMPARE;
  },
  async run({ values, positionals, env, terminal }) {
    exactly(positionals);
    const { check, json, url, lang, ...asked } = values;
    const named = Object.entries(asked).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
    if (check) {
      const besides = [...named.map(([name]) => name), ...(url === undefined ? [] : ['url'])][0];
      if (besides !== undefined) throw new UsageError(`--check compares the whole register, and takes no --${besides}`);
      return checkCommand(env, terminal, json);
    }
    if ((asked.in === undefined) !== (asked.id === undefined)) throw new UsageError('--in and --id go together');
    if (asked.id !== undefined && !isUuid(asked.id))
      throw new UsageError(`--id is ${JSON.stringify(asked.id)}; it must be an id: a UUID in lower case`);
    if (asked.pace !== undefined && !/^\d{1,5}$/.test(asked.pace))
      throw new UsageError(`--pace is ${JSON.stringify(asked.pace)}; it must be a number of milliseconds`);
    const address = `/api/v1/replay?${new URLSearchParams(named).toString()}`;
    const token = env['PLENARY_TOKEN'];
    if (url !== undefined && !token) throw new UsageError('--url needs a token in PLENARY_TOKEN');
    const follow = async (base: string, bearer: string): Promise<number> => {
      for await (const line of linesOf(`${base}${address}`, bearer, lang)) {
        printLine(line, json, terminal);
        if (terminal.isLost) break;
      }
      return 0;
    };
    if (url !== undefined) return follow(new ApiClient(readUrl(url), token!).base, token!);
    return withServer(env, ({ client, token: admins }) => follow(client.base, token ? token : admins));
  },
});

/** Never the status of a difference. */
const COULD_NOT_COMPARE = 3;

/** As they come: a replay may be long, or paced. @throws Failure */
async function* linesOf(address: string, token: string, lang: string | undefined): AsyncGenerator<string> {
  const headers = {
    Authorization: `Bearer ${token}`,
    Accept: 'application/x-ndjson',
    ...(lang !== undefined && { 'Accept-Language': lang }),
  };
  const response = await fetch(address, { headers, redirect: 'error' }).catch((error: Error) => {
    throw new Failure(`${new URL(address).origin} does not answer: ${(error.cause as Error | undefined)?.message ?? error.message}`);
  });
  if (!response.ok) throw new Failure(`the replay was refused: ${describeProblem(await answered(response))}`);
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== '') throw new Failure('the replay broke off: the server ended it');
}

async function answered(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = /^application\/(problem\+)?json/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, text, headers: response.headers, body: isJson ? (JSON.parse(text) as Answer['body']) : {} };
}

function printLine(line: string, json: boolean, terminal: Terminal): void {
  const step = JSON.parse(line) as Step | { problem: { title: string; detail: string } };
  if ('problem' in step) throw new Failure(`the replay ended: ${step.problem.title}. ${step.problem.detail}`);
  if (!json) return terminal.print(`${describeStep(step).join('\n')}\n`);
  terminal.print(harmlessJson(line));
}
