// The stored form, to the byte. Checked twice: the sealer of today against the files, and the files against hashes computed here
// by hand from the formats as they are published. Whoever sees this red has changed what every stored event is proven by.
import { createHash, createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { SealedValue, StoredEvent } from '#kernel';
import { findForgery } from '../sealer.js';
import { goldenCases, goldenFile, goldenText, sealGolden } from './testing/golden-events.js';

/** Of the files, so that writing them anew is no way to turn this green. */
const PINNED: Record<string, string> = {
  least: '3e4f1a924d3577def1041f03e3680512ff7bce6eba954f869f3af78f263ef33b',
  'sealed-values': '98bea3fc3b83b87be507fd0cdc746ee3b4dbec42ccde1b142b252a60acf6476b',
  'every-shape': '254bea4a57a2ffdd4db18bfb14de0b4992d51b53f5b02f0114e3ab19290fb923',
  'every-field-of-the-metadata': '646282e8ce843e972b171bb33a2bff6373e5a710b6ff3feed239117098d41b6c',
};

interface Golden {
  writerKey: string;
  stored: StoredEvent;
  leafEntry: string;
}

const hash = (...parts: (string | Buffer)[]): string => {
  const digest = createHash('sha256');
  for (const part of parts) digest.update(part);
  return digest.digest('hex');
};
const salted = (prefix: string, salt: string, bytes: string): string =>
  hash(`plenary/${prefix}/v1`, Buffer.of(0), Buffer.from(salt, 'hex'), Buffer.from(bytes, 'utf8'));

/** RFC 8785 of a string. */
function quoted(text: string): string {
  const short: Record<string, string> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\t': '\\t' };
  return `"${[...text].map((letter) => short[letter] ?? letter).join('')}"`;
}

/** RFC 8785 of the JSON that may be stored: integers, no control characters but newline and tab. */
function canonical(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const byUnits = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${byUnits.map(([name, inner]) => `${quoted(name)}:${canonical(inner)}`).join(',')}}`;
}

/** Every `{"$sealed": hash}` within a value. */
function references(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('$sealed' in value) return [value.$sealed as string];
  return Object.values(value).flatMap(references);
}

const read = (name: string): { text: string; golden: Golden } => {
  const text = readFileSync(goldenFile(name), 'utf8');
  return { text, golden: JSON.parse(text) as Golden };
};

describe.each(goldenCases.map((each) => [each.name, each] as const))('golden file %s', (name, golden) => {
  const {
    text,
    golden: { stored, writerKey, leafEntry },
  } = read(name);

  it('is the one that was written once', () => {
    expect(hash(text)).toBe(PINNED[name]);
  });

  it('is what the sealer makes today, byte for byte', () => {
    expect(goldenText(sealGolden(golden))).toBe(text);
  });

  it('holds data and metadata in their canonical form', () => {
    expect(canonical(JSON.parse(stored.data))).toBe(stored.data);
    expect(canonical(JSON.parse(stored.meta))).toBe(stored.meta);
  });

  it('names each sealed value by the hash of its salt and its JSON, data first, then metadata', () => {
    expect(stored.sealed.map(({ hash }) => hash)).toEqual(
      stored.sealed.map(({ salt, value }: SealedValue) => salted('sealed', salt, quoted(value))),
    );
    expect([...references(JSON.parse(stored.data)), ...references(JSON.parse(stored.meta))].sort()).toEqual(
      stored.sealed.map(({ hash }) => hash).sort(),
    );
  });

  it('has the leaf entry, the leaf and the seal of the published formats', () => {
    const data = salted('data', stored.dataSalt, stored.data);
    const meta = salted('meta', stored.metaSalt, stored.meta);
    const entry = `{"at":"${stored.recordedAt}","data":"${data}","id":"${stored.id}","meta":"${meta}","rev":${stored.revision},"stream":"${stored.stream}","tv":${stored.schemaVersion},"type":"${stored.type}","v":1}`;
    expect(leafEntry).toBe(entry);
    expect(stored.leaf).toBe(hash(Buffer.of(0), entry));
    expect(stored.seal).toBe(createHmac('sha256', Buffer.from(writerKey, 'hex')).update(entry).digest('hex'));
  });

  it('draws a salt of its own for each value, for the data and for the metadata', () => {
    const salts = [...stored.sealed.map(({ salt }) => salt), stored.dataSalt, stored.metaSalt];
    expect(new Set(salts).size).toBe(salts.length);
    for (const salt of salts) expect(salt).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    ['data', { data: `${stored.data} ` }, 'leaf'],
    ['metadata', { meta: stored.meta.replace('2024', '2023') }, 'leaf'],
    ['time', { recordedAt: '2023-04-30T06:00:00.000Z' }, 'leaf'],
    ['type', { type: 'agenda-amended' }, 'leaf'],
    ['schema version', { schemaVersion: 99 }, 'leaf'],
    ['revision', { revision: stored.revision + 1 }, 'leaf'],
    ['stream', { stream: `${stored.stream}0` }, 'leaf'],
    ['id', { id: stored.id.replace(/^./, '0') }, 'leaf'],
    ['salt of the data', { dataSalt: stored.metaSalt }, 'leaf'],
    ['salt of the metadata', { metaSalt: stored.dataSalt }, 'leaf'],
    ['leaf', { leaf: hash('another') }, 'leaf'],
    ['seal', { seal: hash('another') }, 'seal'],
  ] as const)('shows that its %s was changed', (_, change, found) => {
    const key = Buffer.from(writerKey, 'hex');
    expect(findForgery(key, stored)).toBeUndefined();
    expect(findForgery(key, { ...stored, ...(change as object) })).toBe(found);
  });

  it('shows that a text of it was changed, or stands beside another salt, and not that one is gone', () => {
    const key = Buffer.from(writerKey, 'hex');
    for (const [at, text] of stored.sealed.entries()) {
      for (const change of [{ value: `${text.value} ` }, { salt: stored.dataSalt }, { hash: hash('another') }])
        expect(findForgery(key, { ...stored, sealed: stored.sealed.with(at, { ...text, ...change }) })).toBe('text');
      expect(findForgery(key, { ...stored, sealed: stored.sealed.toSpliced(at, 1) })).toBeUndefined();
    }
  });

  it('shows that another installation wrote it', () => {
    expect(findForgery(Buffer.alloc(32), stored)).toBe('seal');
  });
});

it('every golden file has its case', () => {
  const files = readdirSync(dirname(goldenFile('any'))).filter((file) => file.endsWith('.json'));
  expect(files.sort()).toEqual(goldenCases.map(({ name }) => `${name}.json`).sort());
});
