// Record numbers as ranges: 4 to 7, 9.
import type { RecordRange } from '#event-store';

/** @param records growing */
export function rangesOf(records: Iterable<number>): RecordRange[] {
  const ranges: RecordRange[] = [];
  for (const record of records) {
    const last = ranges.at(-1);
    if (last?.to === record - 1) last.to = record;
    else ranges.push({ from: record, to: record });
  }
  return ranges;
}

export const writeRanges = (ranges: readonly RecordRange[]): string =>
  ranges.map(({ from, to }) => (from === to ? `${from}` : `${from} to ${to}`)).join(', ');
