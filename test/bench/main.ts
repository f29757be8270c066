// `npm run bench`: runs the scenarios, prints ratios beside absolute figures, and writes them down. Never fails on speed.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { DATABASE, serverVersion } from './engine.js';
import { printed, written } from './report.js';
import type { Order, Ran } from './run-scenario.js';
import { RATIO_NAMES, type Ratio, type RatioName } from './scenario.js';
import { SCENARIOS } from './scenarios/index.js';
import { SIZES, type Sizes } from './sizes.js';

const USAGE = `Usage: npm run bench -- --quick|--full [--json FILE] [--only NAME]
  --quick  small sizes, about a minute: that everything works
  --full   the sizes that figures are quoted from; writes docs/benchmarks.md
  --json   writes {"ratios":{name:number}}
  --only   the scenario with this ratio alone: ${RATIO_NAMES.join(', ')}
With EVENTSTORE_URL, the scenarios of the engine run on that database, and no others; --full then writes docs/benchmarks-database.md`;
const DOCS = new URL(DATABASE ? '../../docs/benchmarks-database.md' : '../../docs/benchmarks.md', import.meta.url);
const ON_A_DATABASE = SCENARIOS.filter(({ names }) => names.some((name) => name.startsWith('engine-')));
const MISUSED = 2;

interface Asked {
  preset: Sizes['preset'];
  json: string | undefined;
  only: RatioName | undefined;
}

function asked(): Asked | string {
  const { values } = parseArgs({
    options: { quick: { type: 'boolean' }, full: { type: 'boolean' }, json: { type: 'string' }, only: { type: 'string' } },
  });
  if (values.quick === values.full) return 'say either --quick or --full';
  const only = RATIO_NAMES.find((name) => name === values.only);
  if (values.only !== undefined && !only) return `there is no ratio ${values.only}`;
  return { preset: values.full ? 'full' : 'quick', json: values.json, only };
}

async function run({ preset, json, only }: Asked): Promise<number> {
  const scratch = mkdtempSync(join(tmpdir(), 'plenary-bench-'));
  const context: Order['context'] = { sizes: SIZES[preset], scratch, keep: preset === 'full' };
  const ratios: Ratio[] = [];
  let failed = 0;
  try {
    for (const scenario of DATABASE ? ON_A_DATABASE : SCENARIOS) {
      if (only && !scenario.names.includes(only)) continue;
      console.error(`${scenario.names.join(', ')} …`);
      const ran = await inProcessOfItsOwn({ name: scenario.names[0]!, context });
      if ('checkFailed' in ran) {
        failed += 1;
        console.error(`${scenario.names.join(', ')}: the check failed: ${ran.checkFailed}`);
        continue;
      }
      ratios.push(...ran.ratios);
      for (const ratio of ran.ratios) console.log(printed(ratio));
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  if (json !== undefined)
    writeFileSync(json, `${JSON.stringify({ ratios: Object.fromEntries(ratios.map(({ name, value }) => [name, value])) })}\n`);
  // A part of the scenarios would stand there as if it were all of them.
  if (preset === 'full' && !only && failed === 0) writeFileSync(DOCS, written(ratios, DATABASE && (await serverVersion(DATABASE))));
  return failed === 0 ? 0 : 1;
}

/** @throws where the process ended without saying what came of it: it has printed why */
async function inProcessOfItsOwn(order: Order): Promise<Ran> {
  const child = fork(fileURLToPath(new URL('./run-scenario.ts', import.meta.url)));
  const ended = once(child, 'exit').then(([status]) => Promise.reject(new Error(`${order.name} ended with status ${String(status)}`)));
  child.send(order);
  const [ran] = (await Promise.race([once(child, 'message'), ended])) as [Ran];
  await ended.catch(() => undefined);
  return ran;
}

const what = (() => {
  try {
    return asked();
  } catch (error) {
    return (error as Error).message;
  }
})();
if (typeof what === 'string') {
  console.error(`bench: ${what}\n${USAGE}`);
  process.exitCode = MISUSED;
} else {
  process.exitCode = await run(what);
}
