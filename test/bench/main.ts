// `npm run bench`: runs the scenarios, prints ratios beside absolute figures, and writes them down. Never fails on speed.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DATABASE, serverVersion } from './engine.js';
import { printed, written } from './report.js';
import { CheckFailed, RATIO_NAMES, type BenchContext, type Ratio, type RatioName } from './scenario.js';
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
  const { values } = parseArgs({ options: { quick: { type: 'boolean' }, full: { type: 'boolean' }, json: { type: 'string' }, only: { type: 'string' } } });
  if (values.quick === values.full) return 'say either --quick or --full';
  const only = RATIO_NAMES.find((name) => name === values.only);
  if (values.only !== undefined && !only) return `there is no ratio ${values.only}`;
  return { preset: values.full ? 'full' : 'quick', json: values.json, only };
}

async function run({ preset, json, only }: Asked): Promise<number> {
  const scratch = mkdtempSync(join(tmpdir(), 'plenary-bench-'));
  const context: BenchContext = { sizes: SIZES[preset], scratch, keep: preset === 'full', tell: (line) => console.error(`  ${line}`) };
  const ratios: Ratio[] = [];
  let failed = 0;
  try {
    for (const scenario of DATABASE ? ON_A_DATABASE : SCENARIOS) {
      if (only && !scenario.names.includes(only)) continue;
      console.error(`${scenario.names.join(', ')} …`);
      try {
        for (const ratio of await scenario.run(context)) {
          ratios.push(ratio);
          console.log(printed(ratio));
        }
      } catch (error) {
        if (!(error instanceof CheckFailed)) throw error;
        failed += 1;
        console.error(`${scenario.names.join(', ')}: the check failed: ${error.message}`);
      }
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ ratios: Object.fromEntries(ratios.map(({ name, value }) => [name, value])) })}\n`);
  // A part of the scenarios would stand there as if it were all of them.
  if (preset === 'full' && !only && failed === 0) writeFileSync(DOCS, written(ratios, DATABASE && (await serverVersion(DATABASE))));
  return failed === 0 ? 0 : 1;
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
