// The Dockerfile, without an engine: its steps one by one in an empty folder, then what it starts, as the container would.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '../support/free-port.js';
import { until } from '../support/until.js';
import {
  carryOut,
  contextWithout,
  lastOf,
  listOf,
  plainEnvironment,
  readDockerfile,
  type Built,
  type Stage,
} from './support/dockerfile.js';

const project = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const stages = readDockerfile(readFileSync(join(project, 'Dockerfile'), 'utf8'));
const image = stages.at(-1)!;
/** npm ci and a build, on a machine that others use. */
const LIMIT_MS = 1_200_000;

let directory: string;
let built: Built;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'plenary-image-'));
  const context = join(directory, 'context');
  contextWithout(project, join(project, '.dockerignore'), context);
  built = carryOut(stages, context, directory);
}, LIMIT_MS);
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** The container's own places, as they lie in the folder. */
const inFolder = (value: string): string => (value.startsWith('/') ? join(built.root, value) : value);
const environment = (more: Record<string, string>): NodeJS.ProcessEnv => ({
  ...plainEnvironment(),
  ...Object.fromEntries(Object.entries(built.env).map(([name, value]) => [name, inFolder(value)])),
  PLENARY_HOST: '127.0.0.1',
  ...more,
});
const volumes = (stage: Stage): string[] => listOf(lastOf(stage, 'VOLUME'));

/** Every file outside the volumes, with its size and time. */
function filesOutsideVolumes(path = ''): string[] {
  return readdirSync(join(built.root, path), { withFileTypes: true }).flatMap((entry) => {
    const below = `${path}/${entry.name}`;
    if (volumes(image).includes(below)) return [];
    if (entry.isDirectory()) return filesOutsideVolumes(below);
    const { size, mtimeMs } = statSync(join(built.root, below), { throwIfNoEntry: false }) ?? {};
    return [`${below} ${size} ${mtimeMs}`];
  });
}

describe('the image', () => {
  it('is made from pinned images, runs as somebody who may little, and says whether it is well', () => {
    for (const { base } of stages) expect(base).toMatch(/^node:\d+\.\d+\.\d+-[a-z-]+$/);
    expect(lastOf(image, 'USER')).toBe('node');
    expect(lastOf(image, 'HEALTHCHECK')).toContain('CMD ["node"');
    expect(Object.keys(built.env).filter((name) => /TOKEN|PASSWORD|SECRET|URL/.test(name))).toEqual([]);
  });

  it('holds what runs, and nothing of what builds or tests it', () => {
    expect(readdirSync(join(built.root, 'app')).sort()).toEqual(['LICENSE', 'deploy', 'dist', 'node_modules', 'package.json', 'samples']);
    const modules = readdirSync(join(built.root, 'app/node_modules'));
    for (const name of ['jest', 'eslint', 'dclint', '@swc/jest']) expect(modules).not.toContain(name);
    expect(readdirSync(built.root).sort()).toEqual(['app', 'usr', ...volumes(image).map((volume) => volume.slice(1))].sort());
  });

  it('has its verbs under one name, which anybody in it may call', () => {
    const named = join(built.root, 'usr/local/bin/plenary');
    const [command, file] = listOf(lastOf(image, 'ENTRYPOINT'));
    expect(statSync(named).mode & 0o777).toBe(0o755);
    expect(readFileSync(named, 'utf8').trim().split('\n').at(-1)).toBe(`exec ${command} ${built.workdir}/${file} "$@"`);
    expect(spawnSync('sh', ['-n', named]).status).toBe(0);
  });

  it(
    'serves, finds itself well, writes to its volumes alone, and ends when it is told to',
    async () => {
      const before = filesOutsideVolumes();
      const port = String(await freePort());
      const command = [...listOf(lastOf(image, 'ENTRYPOINT')), ...listOf(lastOf(image, 'CMD'))];
      const cwd = join(built.root, built.workdir);
      const server = spawn(process.execPath, command.slice(1), {
        cwd,
        env: environment({ PORT: port }),
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let output = '';
      server.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
      const ended = once(server, 'close');
      try {
        await until(() => Promise.resolve(output.includes('A new history was opened') || server.exitCode !== null));
        expect(output).toContain('A new history was opened');
        for (const what of ['live', 'ready'])
          expect(spawnSync(process.execPath, ['deploy/healthy.mjs', what], { cwd, env: environment({ PORT: port }) }).status).toBe(0);
        expect(listOf(lastOf(image, 'HEALTHCHECK')).slice(1)).toEqual(['deploy/healthy.mjs', 'live']);
      } finally {
        server.kill('SIGTERM');
      }
      expect((await ended)[0]).toBe(0);
      expect(spawnSync(process.execPath, ['deploy/healthy.mjs', 'live'], { cwd, env: environment({ PORT: port }) }).status).toBe(1);
      expect(filesOutsideVolumes()).toEqual(before);
      expect(readdirSync(join(built.root, 'data'))).toContain('log.db');
      expect(readdirSync(join(built.root, 'keys')).sort()).toEqual(['admin.token', 'digest.key', 'signing.key', 'writer.key']);
    },
    LIMIT_MS,
  );

  it(
    'takes and checks a backup with the verbs that it holds',
    () => {
      const cwd = join(built.root, built.workdir);
      const run = (...args: string[]) =>
        spawnSync(process.execPath, [...listOf(lastOf(image, 'ENTRYPOINT')).slice(1), ...args], {
          cwd,
          env: environment({}),
          encoding: 'utf8',
        });
      const to = join(built.root, 'backup/first');
      expect(run('backup', '--to', to)).toMatchObject({ status: 0, stderr: '' });
      expect(run('backup', '--check', to)).toMatchObject({ status: 0, stderr: '' });
    },
    LIMIT_MS,
  );
});

describe('what is sent to be built', () => {
  it('names files and folders of the top alone, and leaves keys and data at home', () => {
    const ignored = readFileSync(join(project, '.dockerignore'), 'utf8').trim().split('\n');
    expect(ignored.filter((name) => !/^[\w.-]+$/.test(name))).toEqual([]);
    for (const name of ['.git', '.env', 'data', 'data-keys', 'data-signer', 'node_modules', 'dist']) expect(ignored).toContain(name);
  });
});
