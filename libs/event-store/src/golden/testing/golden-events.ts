// What the golden files hold: events with fixed ids, times, keys and salts, sealed by the code of today.
import { createHash } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  sealed,
  streamName,
  type DomainEvent,
  type Metadata,
  type Revision,
  type Sealed,
  type StreamName,
  type StreamRevision,
  type UtcTime,
  type Uuid,
} from '#kernel';
import { leafEntryOf, Sealer } from '../../sealer.js';

export interface GoldenCase {
  name: string;
  stream: StreamName;
  revision: number;
  recordedAt: string;
  id: Uuid;
  schemaVersion: number;
  event: DomainEvent;
  metadata: Metadata<Sealed>;
}

const uuid = (digit: string): Uuid =>
  `${digit.repeat(8)}-${digit.repeat(4)}-8${digit.repeat(3)}-8${digit.repeat(3)}-${digit.repeat(12)}` as Uuid;
const meeting = streamName('meeting', uuid('a'));
const least: Metadata<Sealed> = {
  occurredAt: '2024-04-29' as Metadata['occurredAt'],
  actor: { subject: uuid('1'), role: 'system' },
  commandId: uuid('2'),
  correlation: uuid('2'),
};

export const goldenCases: readonly GoldenCase[] = [
  {
    name: 'least',
    stream: 'log' as StreamName,
    revision: 0,
    recordedAt: '2024-04-30T06:00:00.000Z',
    id: uuid('b'),
    schemaVersion: 1,
    event: { type: 'agenda-adopted', data: {} },
    metadata: least,
  },
  {
    name: 'sealed-values',
    stream: meeting,
    revision: 17,
    recordedAt: '2024-04-29T07:30:00.123Z',
    id: uuid('c'),
    schemaVersion: 1,
    event: {
      type: 'remark-made',
      data: {
        remark: uuid('d'),
        speaker: { named: [{ lang: 'no', text: sealed('Øystein Børmer') }] },
        text: [
          { lang: 'en', text: sealed('He said: “naïve” \\ "quoted"\n\ttabbed') },
          { lang: 'ja', text: sealed('日本語 𝒳') },
          { lang: 'und', text: sealed('') },
          { lang: 'fr', text: sealed('e\u0301 is not \u00e9, \u2028 is a line, / is not escaped, \u007e') },
        ],
      },
    },
    metadata: { ...least, actor: { subject: uuid('1'), role: 'secretariat', name: sealed('A. Clerk') } },
  },
  {
    name: 'every-shape',
    stream: meeting,
    revision: 9_007_199,
    recordedAt: '0001-01-01T00:00:00.000Z',
    id: uuid('e'),
    schemaVersion: 12,
    event: {
      type: 'every-shape',
      data: {
        zero: 0,
        one: 1,
        minus: -1,
        largest: Number.MAX_SAFE_INTEGER,
        smallest: Number.MIN_SAFE_INTEGER,
        yes: true,
        no: false,
        nothing: null,
        empty: {},
        none: [],
        decimal: '10.50',
        text: 'printable ~ ASCII',
        nested: [[], [[1]], { deep: { deeper: [{ deepest: 'x' }] } }],
        // RFC 8785 sorts names by UTF-16 units: these stand in an order that is none.
        order: { b: 1, a: 2, B: 3, '10': 4, '9': 5, aa: 6, '': 7, é: 8, '𝒳': 9, '\ufb01': 10, '€': 11 },
        left: undefined,
      },
    },
    metadata: least,
  },
  {
    name: 'every-field-of-the-metadata',
    stream: streamName('proposal', uuid('9')),
    revision: 1,
    recordedAt: '2024-12-31T23:59:59.999Z',
    id: uuid('f'),
    schemaVersion: 2,
    event: { type: 'decision-taken', data: { decision: uuid('7') } },
    metadata: {
      occurredAt: '2024-04-29T09:30:00.5+02:00' as Metadata['occurredAt'],
      typedAt: '2024-04-29T09:31:00-00:00' as NonNullable<Metadata['typedAt']>,
      actor: { subject: uuid('1'), token: uuid('3'), role: 'admin', body: uuid('4'), name: sealed('Ian Saunders') },
      instruction: {
        person: uuid('5'),
        by: [
          { lang: 'en', text: sealed('The chair') },
          { lang: 'fr', text: sealed('Le président') },
        ],
      },
      commandId: uuid('2'),
      bodyDigest: '0f'.repeat(32),
      correlation: uuid('6'),
      causation: uuid('8'),
      language: 'zh-Hans',
      source: { system: 'archive', page: 12, external: ['x'] },
      decidedOn: [
        { stream: meeting, revision: 17 },
        { stream: streamName('body', uuid('4')), revision: null },
      ] as StreamRevision[],
    },
  },
];

export const goldenWriterKey = Buffer.from('plenary golden files: writer key');

/** The salts of a case, in the order in which they are drawn: SHA-256 of its name and a count. */
export function saltsOf(name: string): () => Buffer {
  let drawn = 0;
  return () => createHash('sha256').update(`${name}/${drawn++}`).digest();
}

export function sealGolden({ name, stream, revision, recordedAt, id, event, schemaVersion, metadata }: GoldenCase): object {
  const sealer = new Sealer(goldenWriterKey, saltsOf(name));
  const stored = {
    ...sealer.seal(stream, revision as Revision, recordedAt as UtcTime, { id, event, schemaVersion, metadata }),
    stream,
    revision: revision as Revision,
  };
  return { writerKey: goldenWriterKey.toString('hex'), stored, leafEntry: leafEntryOf(stored) };
}

export const goldenFile = (name: string): string => fileURLToPath(new URL(`../${name}.json`, import.meta.url));
export const goldenText = (golden: object): string => `${JSON.stringify(golden, undefined, 2)}\n`;

/**
 * Writes the files of new cases. One that is there is never written again: what it holds is stored somewhere, for ever.
 * @public Called by hand, from a REPL, when a case is added.
 */
export function writeNewGoldenFiles(): void {
  for (const each of goldenCases) {
    const file = goldenFile(each.name);
    if (!existsSync(file)) writeFileSync(file, goldenText(sealGolden(each)));
  }
}
