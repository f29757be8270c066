// `plenary play`: records a meeting from a file, as a client of a running server.
import { readFileSync } from 'node:fs';
import { ApiClient } from './api-client.js';
import { exactly, Failure, required, UsageError, verb, type Environment } from './command-line.js';
import { checkPlay } from './play/check-play.js';
import { readPlayFile, ROLES, type Play, type Role } from './play/play-file.js';
import { playSteps, type Clients } from './play/player.js';

export const playCommand = verb({
  name: 'play',
  usage: 'FILE --url URL --token ROLE=TOKEN …',
  says: 'Records a meeting from a file through the API of a running server.',
  details: [
    '  --url URL           Where the server listens: http://127.0.0.1:3000',
    '  --token ROLE=TOKEN  The token for the steps of a role; TOKEN alone where the file names one role.',
    '',
    'Tokens are also read from PLENARY_TOKEN_<ROLE>, or from the file that PLENARY_TOKEN_<ROLE>_FILE names, where other users',
    'of the machine cannot see them. samples/wco-europe-2024.json is such a file: copy it and edit the copy.',
    'Playing a file again, with tokens of the same subjects, records nothing twice and goes on where it stopped. A step without a name',
    'that is edited is another step.',
  ],
  options: { url: { type: 'string' }, token: { type: 'string', multiple: true } },
  async run({ values, positionals, env, terminal }) {
    const [file] = exactly(positionals, 'FILE');
    const url = readUrl(required(values.url, 'url'));
    const play = readPlayFile(file!);
    const tokens = tokensFor(play, values.token ?? [], env);
    const clients: Clients = Object.fromEntries(play.roles.map((role) => [role, new ApiClient(url, tokens.get(role)!)]));
    await checkPlay(play, url);
    const { recorded, repeated } = await playSteps(play, clients, terminal);
    terminal.print(`${recorded} steps were recorded${repeated > 0 ? `, ${repeated} had been recorded before` : ''}.`);
    return 0;
  },
});

/** @throws UsageError */
export function readUrl(text: string, option = '--url'): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
    throw new UsageError(`${option} is ${JSON.stringify(text)}; it must be such as http://127.0.0.1:3000`);
  if (url.username !== '' || url.search !== '' || url.hash !== '')
    throw new UsageError(`${option} must hold neither names, nor a query, nor a fragment`);
  return url.href.replace(/\/+$/, '').replace(/\/api\/v1$/, '');
}

/** @throws UsageError where a role of the file has no token; tokens themselves are told to nobody. */
export function tokensFor(play: Play, given: readonly string[], env: Environment): Map<Role, string> {
  const tokens = new Map<Role, string>();
  for (const each of given) {
    const [role, token] = splitToken(each, play);
    if (tokens.has(role)) throw new UsageError(`--token is given twice for ${role}`);
    tokens.set(role, token);
  }
  for (const role of play.roles) {
    const token = tokens.get(role) ?? tokenFromEnvironment(role, env);
    if (token === undefined)
      throw new UsageError(
        `the file has steps of the role ${role}, and there is no token for it: give --token ${role}=…, or PLENARY_TOKEN_${role.toUpperCase()}`,
      );
    if (!/^[\x21-\x7e]+$/.test(token))
      throw new UsageError(`the token for ${role} is none: a token has no spaces or other characters than ASCII`);
    tokens.set(role, token);
  }
  return tokens;
}

function splitToken(given: string, { roles }: Play): [Role, string] {
  const role = ROLES.find((each) => given.startsWith(`${each}=`));
  if (role) return [role, given.slice(role.length + 1)];
  if (given.includes('=')) throw new UsageError(`--token must be ROLE=TOKEN, with one of ${ROLES.join(', ')} as ROLE`);
  if (roles.length > 1) throw new UsageError(`the file names the roles ${roles.join(' and ')}: give --token ROLE=TOKEN once for each`);
  return [roles[0]!, given];
}

function tokenFromEnvironment(role: Role, env: Environment): string | undefined {
  const name = `PLENARY_TOKEN_${role.toUpperCase()}`;
  const file = env[`${name}_FILE`];
  if (env[name]) return env[name];
  if (!file) return undefined;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new Failure(`${name}_FILE names ${file}, which cannot be read: ${(error as Error).message}`);
  }
}
