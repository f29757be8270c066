// Interleaved rounds and their medians: on a machine that others use too, what they do meanwhile meets both sides.

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new RangeError('there is no quantile of nothing');
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}

export interface Compared {
  /** Median over the rounds of the first side, of the second, and of their ratio within each round. */
  first: number;
  second: number;
  ratio: number;
}

/** Measures both sides in each round, the order reversed from one to the next. One more round goes before, and does not count. */
export async function compare(rounds: number, first: () => Promise<number>, second: () => Promise<number>): Promise<Compared> {
  const pairs: [number, number][] = [];
  for (let round = 0; round <= rounds; round++) {
    if (round % 2 === 0) pairs.push([await first(), await second()]);
    else {
      const after = await second();
      pairs.push([await first(), after]);
    }
  }
  const counted = pairs.slice(1);
  return {
    first: median(counted.map(([a]) => a)),
    second: median(counted.map(([, b]) => b)),
    ratio: median(counted.map(([a, b]) => a / b)),
  };
}

export const perSecond = (rate: number): string => `${Math.round(rate).toLocaleString('en')}/s`;
export const milliseconds = (ms: number): string =>
  `${ms < 10 ? ms.toFixed(2) : ms < 100 ? ms.toFixed(1) : Math.round(ms).toLocaleString('en')} ms`;
