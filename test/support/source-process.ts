// Runs a TypeScript source in a process of its own, and reads its standard output line by line.
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startedHere } from './started-here.js';
import { tsWorkerExecArgv } from './ts-worker.js';

export interface SourceProcess {
  child: ChildProcess;
  /** The next line that it prints. @throws where it ends before */
  line(): Promise<string>;
  /** Everything that it printed on standard error. */
  errors(): string;
  /** Resolves when it has ended, with its status, or the signal that ended it. */
  ended: Promise<number | NodeJS.Signals>;
  kill(): Promise<void>;
}

export const sourceCommand = (source: URL, args: readonly string[] = []): string[] => [
  process.execPath,
  '--no-warnings',
  ...tsWorkerExecArgv,
  fileURLToPath(source),
  ...args,
];

export function startProcess([command, ...args]: readonly string[], options: SpawnOptions = {}): SourceProcess {
  const child = startedHere(spawn(command!, args, { ...options, stdio: ['pipe', 'pipe', 'pipe'] }));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const ended = once(child, 'exit').then(([status, signal]) => (signal ?? status) as number | NodeJS.Signals);
  return {
    child,
    line: async () => {
      const next = await lines.next();
      if (next.done) throw new Error(`the process ended: ${errors}`);
      return next.value;
    },
    errors: () => errors,
    ended,
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
