// One history of 600 records and its bundles: whole, complete for one meeting, and a selection.
import type { Fact } from '#ledger/writer';
import { LOG_STREAM } from '#kernel';
import { altered, History, meeting } from './ledger-history.js';

export const history = new History();
export const talk = meeting('talk');
export const other = meeting('other');
for (let at = 1; at < 600; at++) history.remark(at % 3 === 0 ? talk : other);

/** Of the bundles that are complete: header, checkpoint, then a tile before every 256 entries. */
export const lineOf = (index: number): number => 2 + index + Math.floor(index / 256) + 1;

const factsOf = (event: { data: string }): Fact[] => [
  {
    order: 2,
    under: ['The meeting', 'Remarks'],
    label: 'Number',
    pointer: '/number',
    value: (JSON.parse(event.data) as { number: number }).number,
  },
  { order: 1, under: ['The meeting'], label: 'Recorded in stream', pointer: '/stream', part: 'leaf', value: talk },
];

export const wholeBundle = (): Promise<string[]> => history.complete();
export const bundleOfTalk = (): Promise<string[]> =>
  history.complete({
    scope: { kind: 'meeting', id: talk.slice(8) },
    streams: [talk],
    isExported: ({ stream }) => stream === talk || stream === LOG_STREAM,
    factsOf: (event) => (event.stream === talk ? factsOf(event) : []),
  });
export const selectionOfFour = (): Promise<string[]> =>
  history.selection([0, 3, 9, 300], {
    factsOf: (event, index) =>
      index === 9
        ? [
            {
              order: 1,
              under: [],
              label: 'What was said',
              pointer: '/text/0/text',
              value: event.sealed.find(({ value }) => value.startsWith('Remark'))!.value,
            },
          ]
        : [],
  });

export const at = (lines: readonly string[], index: number, change: (line: never) => void): string[] =>
  lines.map((line, position) => (position === index ? altered(line, change) : line));
