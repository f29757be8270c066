// One scenario in a process of its own, told by its parent which: what others left on the heap, and what they taught the compiler, meets none of its figures.
import { CheckFailed, type BenchContext, type Ratio, type RatioName } from './scenario.js';
import { SCENARIOS } from './scenarios/index.js';

export interface Order {
  name: RatioName;
  context: Omit<BenchContext, 'tell'>;
}

export type Ran = { ratios: Ratio[] } | { checkFailed: string };

process.once('message', ({ name, context }: Order) => void run(name, context));

async function run(name: RatioName, context: Order['context']): Promise<void> {
  const scenario = SCENARIOS.find(({ names }) => names.includes(name))!;
  process.send!(await ran(scenario.run({ ...context, tell: (line) => console.error(`  ${line}`) })));
  process.disconnect();
}

async function ran(running: Promise<Ratio[]>): Promise<Ran> {
  try {
    return { ratios: await running };
  } catch (error) {
    if (!(error instanceof CheckFailed)) throw error;
    return { checkFailed: error.message };
  }
}
