// Servers under test, each a process of its own: the built `plenary serve`, or the same with the no-op POST beside.
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { check } from './scenario.js';

const PLENARY = fileURLToPath(new URL('../../dist/apps/cli/src/main.js', import.meta.url));
const BENCH_SERVER = fileURLToPath(new URL('./bench-server.ts', import.meta.url));
const CAUGHT_UP_WITHIN_MS = 120_000;

interface Health {
  status: string;
  projected: number;
  lag: number;
}

/** On the directory, also where the scenarios of the engine run on a database: a server is told of it by who starts it there. */
const environment = (data: string): NodeJS.ProcessEnv => ({
  ...process.env,
  EVENTSTORE_URL: undefined,
  PLENARY_DATA: data,
  PLENARY_KEYS: `${data}-keys`,
  PORT: '0',
  PLENARY_LOG: 'error',
  PLENARY_RATE_LIMIT: '0',
  PLENARY_ORIGIN: 'bench.invalid/plenary',
});

export class Served {
  private constructor(
    readonly process: ChildProcess,
    readonly address: string,
    readonly adminToken: string,
  ) {}

  /** Resolves once it listens. */
  /** @param set further variables of its environment */
  static async product(data: string, set: NodeJS.ProcessEnv = {}): Promise<Served> {
    const child = spawn(process.execPath, [PLENARY, 'serve'], {
      env: { ...environment(data), ...set },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    for await (const line of createInterface({ input: child.stdout })) {
      const address = /^Plenary listens on (\S+)/.exec(line)?.[1];
      if (!address) continue;
      child.stdout.resume();
      return new Served(child, address, readFileSync(join(`${data}-keys`, 'admin.token'), 'utf8').trim());
    }
    throw new Error('the server ended before it listened');
  }

  static async withNoOp(data: string): Promise<Served> {
    const child = fork(BENCH_SERVER, { env: environment(data) });
    const ended = once(child, 'exit').then(() => Promise.reject(new Error('the server ended before it listened')));
    const [{ address, adminTokenFile }] = (await Promise.race([once(child, 'message'), ended])) as [
      { address: string; adminTokenFile: string },
    ];
    ended.catch(() => undefined);
    return new Served(child, address, readFileSync(adminTokenFile, 'utf8').trim());
  }

  async ask(method: string, path: string, token: string, body?: object): Promise<Record<string, unknown>> {
    const response = await fetch(`${this.address}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as Record<string, unknown>;
    check(response.ok, `${method} ${path} was answered with ${response.status}: ${String(answer['detail'])}`);
    return answer;
  }

  async health(): Promise<Health> {
    return (await (await fetch(`${this.address}/api/v1/health`)).json()) as Health;
  }

  /** Resolves when everything is projected, with the last record. */
  caughtUp(): Promise<number> {
    return this.untilHealthy(({ lag }) => lag === 0);
  }

  /** Resolves when a record is projected: of a database, a node cannot tell how many there are. */
  projected(record: number): Promise<number> {
    return this.untilHealthy(({ projected }) => projected >= record);
  }

  private async untilHealthy(isAsWanted: (health: Health) => boolean): Promise<number> {
    const until = performance.now() + CAUGHT_UP_WITHIN_MS;
    for (;;) {
      const health = await this.health();
      if (health.status === 'ready' && isAsWanted(health)) return health.projected;
      check(
        performance.now() < until,
        `the register did not catch up: ${health.status}, record ${health.projected}, ${health.lag} records behind`,
      );
      await pause(2);
    }
  }

  async makeToken(role: 'secretariat' | 'auditor' | 'delegate', organisation?: string): Promise<string> {
    const made = await this.ask('POST', '/tokens', this.adminToken, {
      role,
      name: words(`A ${role}`),
      ...(organisation !== undefined && { organisation }),
    });
    return made['token'] as string;
  }

  /** Resident memory in MiB. */
  residentMiB(): { now: number; most: number } {
    const status = readFileSync(`/proc/${this.process.pid}/status`, 'utf8');
    const mib = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)![1]) / 1024;
    return { now: mib('VmRSS'), most: mib('VmHWM') };
  }

  async stop(): Promise<void> {
    if (this.process.exitCode !== null) return;
    const ended = once(this.process, 'exit');
    if (this.process.connected) this.process.disconnect();
    else this.process.kill('SIGTERM');
    await ended;
  }
}

/** Serves a directory while `work` runs. */
export async function withServed<Result>(starting: Promise<Served>, work: (served: Served) => Promise<Result>): Promise<Result> {
  const served = await starting;
  try {
    return await work(served);
  } finally {
    await served.stop();
  }
}

export const words = (text: string) => [{ lang: 'en', text }];
