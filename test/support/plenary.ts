// Runs the built `plenary` as a user would, to its end or until it is killed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startedHere } from './started-here.js';

export const PACKAGE_ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** The program's own file, built before the first spec runs. */
export const BUILT = fileURLToPath(new URL('../../dist/apps/cli/src/main.js', import.meta.url));

export interface Ended {
  status: number | NodeJS.Signals;
  stdout: string;
  stderr: string;
}

export interface RunPlenary {
  env?: Record<string, string>;
  /** Called with all that it has printed so far; true kills it. */
  killWhen?: (stdout: string) => boolean;
}

export async function plenary(args: readonly string[], { env = {}, killWhen }: RunPlenary = {}): Promise<Ended> {
  return run(process.execPath, [BUILT, ...args], env, killWhen);
}

/** To its end, in this environment alone. */
export const runPlenary = (args: readonly string[], env: Record<string, string>): Promise<Ended> => plenary(args, { env });

/** A script of the README, in one shell that stops at the first mistake. */
export const shell = (script: string, env: Record<string, string>): Promise<Ended> => run('bash', ['-euo', 'pipefail', '-c', script], env);

async function run(
  command: string,
  args: readonly string[],
  env: Record<string, string>,
  killWhen?: RunPlenary['killWhen'],
): Promise<Ended> {
  const child = startedHere(
    spawn(command, args, { cwd: PACKAGE_ROOT, env: { ...withoutPlenary(process.env), ...env }, stdio: ['ignore', 'pipe', 'pipe'] }),
  );
  const ended: Ended = { status: 1, stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    ended.stdout += chunk.toString();
    if (killWhen?.(ended.stdout)) child.kill('SIGKILL');
  });
  child.stderr.on('data', (chunk: Buffer) => (ended.stderr += chunk.toString()));
  const [status, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  ended.status = signal ?? status ?? 1;
  return ended;
}

/** What this process was started with must not reach the one under test. */
const withoutPlenary = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('PLENARY') && name !== 'PORT' && name !== 'NODE_OPTIONS'));
