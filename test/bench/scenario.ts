// What a benchmark scenario is: a ratio with a bound, taken in one run, with a correctness check of its own.
import type { Sizes } from './sizes.js';

/** The names under which ratios are published; never renamed, since others compare them. */
export const RATIO_NAMES = [
  'commands-64',
  'commands-1',
  'remark-at-10k',
  'log-read',
  'rebuild',
  'p99-1m',
  'asof-1m',
  'asof-p99-1m',
  'asof-hot',
  'start-1m',
  'rss-1m',
  'verify',
  'inclusion-p99',
  'changes-flat',
  'changes-1k',
  'engine-append-1',
  'engine-append-64',
  'engine-catchup',
  'engine-start-100k',
] as const;
export type RatioName = (typeof RATIO_NAMES)[number];

export interface Bound {
  is: 'at-least' | 'at-most';
  value: number;
}

export interface Ratio {
  name: RatioName;
  value: number;
  bound: Bound;
  /** What the ratio compares. */
  says: string;
  /** Absolute figures, in the order in which they are printed. */
  figures: readonly (readonly [label: string, value: string])[];
}

export interface BenchContext {
  sizes: Sizes;
  /** Removed when the run ends. */
  scratch: string;
  /** Whether data that takes minutes to make is kept between runs. */
  keep: boolean;
  /** Tells what goes on. */
  tell: (line: string) => void;
}

export interface Scenario {
  names: readonly RatioName[];
  /** @throws CheckFailed where what was measured did not do its work */
  run(context: BenchContext): Promise<Ratio[]>;
}

/** Something was fast, or slow, and wrong. */
export class CheckFailed extends Error {}

export function check(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new CheckFailed(otherwise);
}

export const isMet = ({ value, bound }: Pick<Ratio, 'value' | 'bound'>): boolean =>
  bound.is === 'at-least' ? value >= bound.value : value <= bound.value;
