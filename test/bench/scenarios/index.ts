import type { Scenario } from '../scenario.js';
import { commands1 } from './commands-1.js';
import { commands64 } from './commands-64.js';
import { logRead } from './log-read.js';
import { rebuild } from './rebuild.js';
import { remarkAt10k } from './remark-at-10k.js';

/** In the order in which they run and are reported. */
export const SCENARIOS: readonly Scenario[] = [commands64, commands1, remarkAt10k, logRead, rebuild];
