import type { Scenario } from '../scenario.js';
import { asOf1m } from './asof-1m.js';
import { asOfHot } from './asof-hot.js';
import { changes } from './changes.js';
import { commands1 } from './commands-1.js';
import { commands64 } from './commands-64.js';
import { inclusionP99 } from './inclusion-p99.js';
import { engineAppend1, engineAppend64 } from './engine-append.js';
import { engineCatchUp } from './engine-catchup.js';
import { engineStart } from './engine-start.js';
import { logRead } from './log-read.js';
import { p99 } from './p99-1m.js';
import { rebuild } from './rebuild.js';
import { remarkAt10k } from './remark-at-10k.js';
import { rss1m } from './rss-1m.js';
import { start1m } from './start-1m.js';
import { verify } from './verify.js';

/** In the order in which they run and are reported: a first start before what appends, since it wants a database in which nothing lies yet. */
export const SCENARIOS: readonly Scenario[] = [
  commands64,
  commands1,
  remarkAt10k,
  logRead,
  rebuild,
  p99,
  asOf1m,
  asOfHot,
  start1m,
  rss1m,
  verify,
  inclusionP99,
  changes,
  engineStart,
  engineAppend1,
  engineAppend64,
  engineCatchUp,
];
