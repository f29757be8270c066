// What the environment says, checked at start: a mistake names its variable.
import { readFileSync, statSync } from 'node:fs';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { randomUUID } from 'node:crypto';
import { assertUsable } from '#event-store';

export interface Configuration {
  /** Directory of the read models, and of the log where no database is named. */
  data: string;
  /** Connection string of the database that holds the log. */
  eventStore?: string;
  keys: string;
  /** Tiles and the last signed checkpoint: a place of its own, outside data and backups. */
  signer: string;
  /** Read models of another node, for a node that has none yet. */
  snapshot?: {
    file: string;
    /** Whether the start ends where it is refused, rather than that all is made from the log. */
    isRequired: boolean;
  };
  host: string;
  /** 0: any free one. */
  port: number;
  /** The origin of a history that is opened now. */
  newOrigin: string;
  publicRead: boolean;
  /** Requests a second and subject; 0: no limit. */
  rateLimit: number;
  /** Addresses, networks, or kinds of networks, whose `X-Forwarded-For` says who asks. */
  trustedProxies: readonly string[];
  logLevel: string;
  /** Where the metrics are open without a token; nowhere where absent. */
  metrics?: { host: string; port: number };
  /** Where traces go; none are made where absent. */
  tracing?: { endpoint: string; service: string };
}

type Environment = Readonly<Record<string, string | undefined>>;

export class ConfigurationError extends Error {}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'];

/** @throws ConfigurationError that names the variable */
export function readConfiguration(env: Environment): Configuration {
  const data = resolve(env['PLENARY_DATA'] || './data');
  return {
    data,
    ...database(env),
    keys: directory(env, 'PLENARY_KEYS', `${data}-keys`),
    signer: directory(env, 'PLENARY_SIGNER_DIR', `${data}-signer`),
    ...snapshot(env),
    host: env['PLENARY_HOST'] || '127.0.0.1',
    port: whole(env, 'PORT', 3000, 0, 65_535),
    newOrigin: origin(env),
    publicRead: flag(env, 'PLENARY_PUBLIC_READ'),
    rateLimit: whole(env, 'PLENARY_RATE_LIMIT', 500, 0, 1_000_000),
    trustedProxies: proxies(env),
    logLevel: oneOf(env, 'PLENARY_LOG', 'info', LOG_LEVELS),
    ...metrics(env),
    ...tracing(env),
  };
}

/** Made where nothing is there: what is there already must be one. */
function directory(env: Environment, name: string, otherwise: string): string {
  const path = resolve(env[name] || otherwise);
  let isNone: boolean;
  try {
    isNone = statSync(path, { throwIfNoEntry: false })?.isDirectory() === false;
  } catch {
    // Who cannot look there now may be a disk in trouble: who makes or reads it says so.
    isNone = false;
  }
  if (isNone) throw new ConfigurationError(`${name} is ${JSON.stringify(path)}, which is no directory`);
  return path;
}

/** What Fastify calls the addresses of the machine itself, of its link, and of private networks. */
const KINDS_OF_NETWORKS: ReadonlySet<string> = new Set(['loopback', 'linklocal', 'uniquelocal']);

function proxies(env: Environment): string[] {
  const text = env['PLENARY_TRUSTED_PROXIES'] || '';
  const named = text.split(',').flatMap((each) => each.trim() || []);
  for (const each of named) {
    if (!KINDS_OF_NETWORKS.has(each) && !isNetwork(each))
      throw new ConfigurationError(
        `PLENARY_TRUSTED_PROXIES is ${JSON.stringify(text)}; it must be addresses or networks, such as 10.0.0.7 or 10.1.0.0/16, or ${[...KINDS_OF_NETWORKS].join(', ')}, with commas between them`,
      );
  }
  return named;
}

/** An address, or one and how many of its bits count. */
function isNetwork(text: string): boolean {
  const [, address = '', bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = isIP(address);
  return version !== 0 && Number(bits ?? 0) <= (version === 4 ? 32 : 128);
}

function snapshot(env: Environment): Pick<Configuration, 'snapshot'> {
  const isRequired = flag(env, 'PLENARY_SNAPSHOT_REQUIRED');
  const file = env['PLENARY_SNAPSHOT'];
  return file ? { snapshot: { file: resolve(file), isRequired } } : {};
}

/** The value is not repeated: it holds a password. */
function database(env: Environment): Pick<Configuration, 'eventStore'> {
  const text = secret(env, 'EVENTSTORE_URL', 'EVENTSTORE_URL_FILE');
  if (text === undefined) return {};
  try {
    if (!/^esdb(\+discover)?:\/\//.test(text)) throw new Error('it must begin with esdb:// or esdb+discover://');
    assertUsable(text);
  } catch (error) {
    throw new ConfigurationError(
      `EVENTSTORE_URL is no connection string such as esdb://user:password@host:2113?tls=true: ${(error as Error).message}`,
    );
  }
  return { eventStore: text };
}

/** A secret may lie in a file, so that it stands neither in a process list nor in a composition. */
function secret(env: Environment, name: string, fileName: string): string | undefined {
  const [text, file] = [env[name] || undefined, env[fileName] || undefined];
  if (file === undefined) return text;
  if (text !== undefined) throw new ConfigurationError(`${name} and ${fileName} are both set: set one of them`);
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new ConfigurationError(`${fileName} names a file that cannot be read: ${(error as Error).message}`);
  }
}

function metrics(env: Environment): Pick<Configuration, 'metrics'> {
  const host = env['PLENARY_METRICS_HOST'] || '127.0.0.1';
  if (env['PLENARY_METRICS_PORT']) return { metrics: { host, port: whole(env, 'PLENARY_METRICS_PORT', 0, 0, 65_535) } };
  if (env['PLENARY_METRICS_HOST'])
    throw new ConfigurationError(
      'PLENARY_METRICS_HOST is set, and PLENARY_METRICS_PORT is not: without a port there is nothing to listen at',
    );
  return {};
}

function tracing(env: Environment): Pick<Configuration, 'tracing'> {
  const text = env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  if (text === undefined || text === '') return {};
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
    throw new ConfigurationError(`OTEL_EXPORTER_OTLP_ENDPOINT is ${JSON.stringify(text)}; it must be a URL such as http://collector:4318`);
  return { tracing: { endpoint: text.replace(/\/+$/, ''), service: env['OTEL_SERVICE_NAME'] || 'plenary' } };
}

function whole(env: Environment, name: string, otherwise: number, least: number, most: number): number {
  const text = env[name];
  if (text === undefined || text === '') return otherwise;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most) return value;
  throw new ConfigurationError(`${name} is ${JSON.stringify(text)}; it must be a whole number from ${least} to ${most}`);
}

function flag(env: Environment, name: string): boolean {
  const text = env[name] || 'false';
  if (text === 'true' || text === 'false') return text === 'true';
  throw new ConfigurationError(`${name} is ${JSON.stringify(text)}; it must be true or false`);
}

function oneOf(env: Environment, name: string, otherwise: string, values: readonly string[]): string {
  const text = env[name] || otherwise;
  if (values.includes(text)) return text;
  throw new ConfigurationError(`${name} is ${JSON.stringify(text)}; it must be one of ${values.join(', ')}`);
}

/** C2SP: a schema-less URL without spaces or plus signs. */
function origin(env: Environment): string {
  const text = env['PLENARY_ORIGIN'];
  if (text === undefined || text === '') return `plenary.invalid/${randomUUID()}`;
  if (/^[a-z0-9.-]+(\/[A-Za-z0-9._~-]+)*$/.test(text) && text.length <= 200) return text;
  throw new ConfigurationError(
    `PLENARY_ORIGIN is ${JSON.stringify(text)}; it must be a URL without scheme, spaces and plus signs, such as records.example.org/council`,
  );
}
