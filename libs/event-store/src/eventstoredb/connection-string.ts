// What a connection string must be, as far as it can be told without the client: that is loaded where a database is used alone.
import { readFileSync } from 'node:fs';
import type { Credentials, EndPoint } from '@eventstore/db-client';

const HOST = String.raw`[^@/?,:\s]+(:\d{1,5})?`;
const OPTION = String.raw`[A-Za-z_-]+=[^&?\s]+`;
const SHAPE = new RegExp(String.raw`^esdb(\+discover)?://([^:/?@\s]+:[^@/?\s]+@)?${HOST}(,${HOST})*/?(\?${OPTION}(&${OPTION})*)?$`);

const ANY = /./;
const WHOLE_NUMBER = /^-?\d+$/;

/** The options that the client knows, and what they may be. Where it meets another, or a tlsVerifyCert=false, it prints the whole string. */
const OPTIONS: ReadonlyMap<string, RegExp> = new Map([
  ['tls', /^(true|false)$/],
  ['tlsVerifyCert', /^true$/],
  ['tlsCAFile', ANY],
  ['userCertFile', ANY],
  ['userKeyFile', ANY],
  // Under it the client reports a revision that is none of the stream's.
  ['throwOnAppendFailure', /^true$/],
  ['nodePreference', /^(leader|follower|random|read[_-]?only[_-]?replica)$/i],
  ['connectionName', ANY],
  ...['defaultDeadline', 'discoveryInterval', 'gossipTimeout', 'keepAliveInterval', 'keepAliveTimeout', 'maxDiscoverAttempts'].map(
    (name): [string, RegExp] => [name, WHOLE_NUMBER],
  ),
]);
const FILES = ['tlsCAFile', 'userCertFile', 'userKeyFile'];

/** As the client compares names of options. */
const plain = (name: string): string => name.toLowerCase().replace(/[_-]/g, '');
const NAMES = new Map([...OPTIONS.keys()].map((name) => [plain(name), name]));

/** @throws Error that says what is wrong, and repeats nothing of it but names of options and of files: it holds a password */
export function assertUsable(url: string): void {
  if (!SHAPE.test(url) || !isDecodable(url)) throw new Error('it cannot be read');
  const options = optionsIn(url);
  if (options.get('tls') !== 'false' && !credentialsIn(url)) throw new Error('it must hold user:password@, unless it sets tls=false');
  for (const name of FILES) assertReadable(name, options.get(name));
}

function optionsIn(url: string): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  for (const option of url.split('?')[1]?.split('&') ?? []) {
    const [given, value] = [option.slice(0, option.indexOf('=')), option.slice(option.indexOf('=') + 1)];
    const name = NAMES.get(plain(given));
    if (name === undefined) throw new Error(`it sets ${given}, which is no option: there are ${[...OPTIONS.keys()].join(', ')}`);
    if (!OPTIONS.get(name)!.test(value)) throw new Error(WRONG[name] ?? `it sets ${name} to what it cannot be`);
    options.set(name, decodeURIComponent(value));
  }
  return options;
}

const WRONG: Readonly<Record<string, string>> = {
  throwOnAppendFailure: 'it must not set throwOnAppendFailure=false',
  tlsVerifyCert: 'it must not set tlsVerifyCert=false: certificates are always verified, by the authority in the file that tlsCAFile names',
};

/** @throws Error where a file is named that cannot be read, or holds nothing of what the client looks for */
function assertReadable(option: string, file: string | undefined): void {
  if (file === undefined) return;
  let held: string;
  try {
    held = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`its ${option} names a file that cannot be read: ${(error as Error).message}`, { cause: error });
  }
  if (!held.includes('-----BEGIN ')) throw new Error(`its ${option} names ${file}, which holds no PEM`);
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** The same connection string, with one host. */
export const directedTo = ({ address, port }: EndPoint, url: string): string =>
  url.replace(/^(esdb)(?:\+discover)?(:\/\/)([^@/?]*@)?[^/?]*/, `$1$2$3${address}:${port}`);

export function credentialsIn(url: string): Credentials | undefined {
  const [, username, password] = /^esdb(?:\+discover)?:\/\/([^:/?@]+):([^@/?]+)@/.exec(url) ?? [];
  return username === undefined ? undefined : { username: decodeURIComponent(username), password: decodeURIComponent(password!) };
}
