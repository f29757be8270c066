// Runs `plenary serve` in a process of its own, as an operator would, and talks to it over HTTP as a client would.
// The build is as new as the sources: `build-sources.mjs`.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BUILT } from './plenary.js';
import { startedHere } from './started-here.js';

export type Role = 'secretariat' | 'auditor' | 'delegate' | 'admin';

/** A row of the register as it is shown. */
export interface ShownRow {
  id: string;
  record: number;
  firstRecord: number;
  revision: number;
  [column: string]: unknown;
}

/** JSON of an answer: what it holds depends on what was asked, and a test that looks for the wrong thing finds nothing. */
export interface Answered extends ShownRow {
  /** Of a command. */
  stream: string;
  events: { id: string; type: string; revision: number }[];
  recordedAt: string;
  repeated?: true;
  unchanged?: true;
  token: string;
  /** Of a list. */
  items: ShownRow[];
  next?: string;
  asOf: number;
  /** Of a problem. */
  type: string;
  title: string;
  status: number | string;
  detail: string;
  fields?: { field: string; reason: string }[];
}

export interface Answer {
  status: number;
  headers: Headers;
  /** Nothing where it is no JSON. */
  body: Answered;
  text: string;
}

export interface Asked {
  token?: string | undefined;
  /** An object is sent as JSON, text and bytes as they are. */
  body?: object | string | Uint8Array;
  headers?: Record<string, string>;
}

export interface TokenOf {
  bodies?: readonly string[];
  organisation?: string;
  subject?: string;
}

export interface StartServer {
  /** Directories to use instead of fresh ones; they stay when the server ends. */
  data?: string;
  keys?: string;
  env?: Record<string, string>;
  /** Put before the command: `prlimit …`. */
  wrapped?: readonly string[];
}

export class Server {
  /** Of the first admin. */
  readonly admin: string;
  /** Where the last command was recorded, and whose it was: others read it once it is projected, as on another node. */
  private lastWrite: { token: string | undefined; position: string } | undefined;

  private constructor(
    readonly address: string,
    readonly data: string,
    readonly keys: string,
    private readonly running: Running,
    private readonly temporary: string | undefined,
  ) {
    this.admin = readFileSync(join(keys, 'admin.token'), 'utf8').trim();
  }

  static async start(options: StartServer = {}): Promise<Server> {
    const temporary = options.data === undefined || options.keys === undefined ? mkdtempSync(join(tmpdir(), 'plenary-server-')) : undefined;
    const data = options.data ?? join(temporary!, 'data');
    const keys = options.keys ?? join(temporary!, 'keys');
    const running = new Running(serveCommand(options.wrapped ?? []), {
      PLENARY_DATA: data,
      PLENARY_KEYS: keys,
      PORT: '0',
      PLENARY_RATE_LIMIT: '0',
      PLENARY_ORIGIN: 'records.example.org/test',
      ...options.env,
    });
    try {
      const address = await running.address();
      return new Server(address, data, keys, running, temporary);
    } catch (error) {
      await running.end('SIGKILL');
      if (temporary) rmSync(temporary, { recursive: true, force: true });
      throw error;
    }
  }

  async api(method: string, path: string, { token, body, headers = {} }: Asked = {}): Promise<Answer> {
    const sent = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
    const awaited =
      method === 'GET' && this.lastWrite && this.lastWrite.token !== token ? { 'plenary-position': this.lastWrite.position } : {};
    const response = await fetch(`${this.address}/api/v1${path}`, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...awaited,
        ...headers,
      },
      ...(body !== undefined && { body: sent }),
    });
    const position = response.headers.get('plenary-position');
    if (position !== null && method !== 'GET') this.lastWrite = { token, position };
    const answered = await response.text();
    const isJson = /^application\/(problem\+)?json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      text: answered,
      body: (isJson ? parsed(answered, `${method} ${path}`) : {}) as Answered,
    };
  }

  get = (path: string, token?: string, headers?: Record<string, string>): Promise<Answer> =>
    this.api('GET', path, { token, ...(headers && { headers }) });

  /** A command that must be accepted. @throws with the answer where it is not */
  async command(
    method: 'POST' | 'PUT',
    path: string,
    token: string,
    body: object = {},
    headers: Record<string, string> = {},
  ): Promise<Answered> {
    const { status, body: answer } = await this.api(method, path, { token, body, headers });
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(answer)}`);
    return answer;
  }

  post = (path: string, token: string, body: object = {}, headers: Record<string, string> = {}): Promise<Answered> =>
    this.command('POST', path, token, body, headers);

  /** The id of what a command made. */
  async make(path: string, token: string, body: object): Promise<string> {
    return (await this.post(path, token, body)).id;
  }

  async token(role: Role, of: TokenOf = {}): Promise<string> {
    return (await this.post('/tokens', this.admin, { role, name: text(`Test ${role}`), ...of })).token;
  }

  /** What it printed since it started, on standard output and standard error. */
  get output(): string {
    return this.running.output;
  }

  get pid(): number {
    return this.running.child.pid!;
  }

  signal(signal: NodeJS.Signals): void {
    this.running.child.kill(signal);
  }

  /** Resolves with the status, or the signal that ended it. */
  get ended(): Promise<number | NodeJS.Signals> {
    return this.running.ended;
  }

  /** Ends it as an operator does, and removes what is temporary. */
  async stop(): Promise<number | NodeJS.Signals> {
    const status = await this.running.end('SIGTERM');
    this.clean();
    return status;
  }

  async kill(): Promise<void> {
    await this.running.end('SIGKILL');
  }

  clean(): void {
    if (this.temporary) rmSync(this.temporary, { recursive: true, force: true });
  }
}

/** Starts a server that is to fail: what it printed, and with which status it ended. */
export async function failingStart(
  options: Required<Pick<StartServer, 'data' | 'keys'>> & StartServer,
): Promise<{ status: number | NodeJS.Signals; output: string }> {
  const running = new Running(serveCommand(options.wrapped ?? []), {
    PLENARY_DATA: options.data,
    PLENARY_KEYS: options.keys,
    PORT: '0',
    ...options.env,
  });
  const listening = running.address().then(
    () => true,
    () => false,
  );
  if (await listening) {
    await running.end('SIGKILL');
    throw new Error(`it listens: ${running.output}`);
  }
  return { status: await running.ended, output: running.output };
}

/** Starts a server, and ends it as an operator does while it starts: how it ended. @param until resolves when it is to be ended */
export async function endedStart(
  options: Required<Pick<StartServer, 'data' | 'keys'>> & StartServer,
  until: () => Promise<unknown>,
): Promise<number | NodeJS.Signals> {
  const running = new Running(serveCommand(options.wrapped ?? []), {
    PLENARY_DATA: options.data,
    PLENARY_KEYS: options.keys,
    PORT: '0',
    ...options.env,
  });
  await until();
  return running.end('SIGTERM');
}

function parsed(answered: string, of: string): unknown {
  try {
    return JSON.parse(answered);
  } catch (error) {
    throw new Error(`${of} answers no JSON: ${answered}`, { cause: error });
  }
}

/** A directory that a test removes itself. */
export const temporaryDirectory = (): string => mkdtempSync(join(tmpdir(), 'plenary-test-'));

export const text = (words: string, lang = 'en'): { lang: string; text: string }[] => [{ lang, text: words }];

const root = new URL('../../', import.meta.url);

function serveCommand(wrapped: readonly string[]): string[] {
  return [...wrapped, process.execPath, '--no-warnings', BUILT, 'serve'];
}

class Running {
  readonly child: ChildProcess;
  readonly ended: Promise<number | NodeJS.Signals>;
  output = '';
  private changed: () => void = () => undefined;

  constructor([command, ...args]: readonly string[], env: Record<string, string>) {
    this.child = startedHere(
      spawn(command!, args, {
        cwd: fileURLToPath(root),
        env: { ...withoutPlenary(process.env), ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
    for (const stream of [this.child.stdout!, this.child.stderr!]) {
      stream.on('data', (chunk: Buffer) => {
        this.output += chunk.toString();
        this.changed();
      });
    }
    // `close` comes once everything that it printed has been read.
    this.ended = once(this.child, 'close').then(([status, signal]) => (signal ?? status) as number | NodeJS.Signals);
  }

  /** @throws where it ends before it listens */
  async address(): Promise<string> {
    let isOver = false;
    void this.ended.then(() => {
      isOver = true;
      this.changed();
    });
    for (;;) {
      const found = /^Plenary listens on (\S+)$/m.exec(this.output);
      if (found) return found[1]!;
      if (isOver) throw new Error(`the server ended before it listened: ${this.output}`);
      await new Promise<void>((resolve) => (this.changed = resolve));
    }
  }

  end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals> {
    this.child.kill(signal);
    return this.ended;
  }
}

const withoutPlenary = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(env).filter(
      ([name]) => !/^(PLENARY|OTEL)_/.test(name) && name !== 'PORT' && !name.startsWith('EVENTSTORE_URL') && name !== 'NODE_OPTIONS',
    ),
  );
