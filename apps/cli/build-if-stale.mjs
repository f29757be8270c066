// Builds when the build is missing, or older than a source: so that the demo always shows what the sources say.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const built = join(root, 'dist/apps/cli/src/main.js');

/** Folders too: a file that was removed changes its folder. */
function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

const sources = ['apps/api/src', 'apps/cli/src', 'libs', 'package.json', 'tsconfig.json', 'tsconfig.build.json'];
const isStale = !existsSync(built) || sources.some((source) => newest(join(root, source)) > statSync(built).mtimeMs);

if (isStale) {
  console.log('Building …');
  const { status, error } = spawnSync('npm', ['run', '--silent', 'build'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (error) throw error;
  process.exitCode = status ?? 1;
}
