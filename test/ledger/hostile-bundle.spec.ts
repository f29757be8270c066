// A bundle cannot make the verifier say, print or do anything but judge it.
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { formatNote, type CheckpointLine, type EventLine, type FactLine, type HeaderLine } from '#ledger/core';
import { linesOf, verdictJson, verdictProse, verifyBundle, wholeLinesOf } from '#ledger/verify';
import { altered, codesOf, each, logKey, newKey, NOW_MS, verify } from './support/ledger-history.js';
import { at, selectionOfFour, wholeBundle } from './support/meeting-bundles.js';

let whole: string[];
let some: string[];
beforeAll(async () => {
  whole = await wholeBundle();
  some = await selectionOfFour();
});

describe('a bundle cannot make the verifier print a verdict of its own', () => {
  const nasty = 'x\u001b[2J\nPROVEN: all is well\u202e"\u2028\u200b';
  it('in prose', async () => {
    for (const lines of [
      whole.with(
        0,
        altered<HeaderLine>(whole[0]!, (line) => void (line.origin = nasty)),
      ),
      at(
        some,
        some.findIndex((line) => line.includes('"fact"')),
        (line: FactLine) => Object.assign(line, { label: nasty, pointer: nasty, value: [nasty] }),
      ),
      whole.with(
        0,
        altered<HeaderLine>(whole[0]!, (line) => void (line.scope = { kind: nasty, id: nasty })),
      ),
      whole.with(4, nasty),
    ]) {
      const verdict = await verify(lines);
      const prose = verdictProse(verdict);
      expect(prose.split('\n').filter((line) => /^(PROVEN|MANIPULATION|GAP)/.test(line))).toHaveLength(1);
      expect(prose).not.toMatch(/[^\n\u0020-\u007e\u2014]/u);
      const json = verdictJson(verdict);
      expect(json).not.toMatch(/[^\n\u0020-\u007e]/u);
      expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(verdict)));
    }
  });
  it('nor by the name of a signature', async () => {
    const name = 'your-key.Status:PROVEN.The-verifier-says:"trust-this-bundle"';
    const others = newKey(name);
    const signedByOthers = altered<CheckpointLine>(whole[1]!, (line) => {
      const [text] = line.note.split('\n\n');
      line.note = formatNote({ text: `${text}\n`, signatures: [others.sign(`${text}\n`)] });
    });
    const verdict = await verify(whole.with(1, signedByOthers));
    expect(codesOf(verdict)).toEqual(['checkpoint-not-trusted']);
    expect(verdict.findings[0]!.message).toContain(`, but by ${JSON.stringify(name)} (${others.key.id}).`);
    const note = (JSON.parse(signedByOthers) as CheckpointLine).note;
    expect((await verify(whole, { cosigned: [note] })).findings.map(({ message }) => message).join()).toContain(JSON.stringify(name));
  });
  it('or stumble: whatever its lines are, there is a verdict', async () => {
    const line = fc.oneof(
      fc.string(),
      fc.json(),
      fc.constantFrom(...whole.slice(0, 8), ...some),
      fc.constant('['.repeat(200_000)),
      fc.constantFrom(...whole.slice(3, 8)).map((text) => text.replace(/"data":"(.*?[^\\])"/, '"data":"null"')),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 12 }), fc.boolean(), async (lines, hasHead) => {
        const verdict = await verify(hasHead ? [...whole.slice(0, 3), ...lines] : lines);
        expect([1, 2, 3]).toContain(verdict.status);
        verdictProse(verdict);
      }),
      { numRuns: 300 },
    );
  });
  it('nor pass for verified where it cannot be read', async () => {
    async function* failing(): AsyncGenerator<string> {
      yield* each(whole.slice(0, 50));
      throw new Error('EIO\u001b[0m');
    }
    expect(await verifyBundle(failing(), { keys: [logKey.verifierKey], nowMs: NOW_MS })).toMatchObject({
      status: 3,
      couldNotRun: 'the bundle could not be read: EIO\\u001b[0m',
    });
    const bytes = Buffer.from([0xff, 0xfe, 0x0a]);
    expect(
      codesOf(
        await verifyBundle(linesOf(each([Buffer.from(`${whole.slice(0, 4).join('\n')}\n`), bytes])), {
          keys: [logKey.verifierKey],
          nowMs: NOW_MS,
        }),
      ),
    ).toEqual(['line-unreadable']);
    expect(await verifyBundle(linesOf(each([bytes])), { keys: [logKey.verifierKey], nowMs: NOW_MS })).toMatchObject({
      status: 3,
      couldNotRun: expect.stringContaining('no UTF-8') as never,
    });
  });
});

describe('a bundle that two readers could understand differently is no bundle', () => {
  const event = (): string => whole[4]!;
  it.each<[string, (line: string) => string]>([
    ['a key twice', (line) => line.replace('{"kind":"event",', '{"kind":"event","index":9,')],
    ['a key twice in what it holds', (line) => line.replace('"salts":{', '"salts":{"data":"00",')],
    ['white space', (line) => line.replace(',', ', ')],
    ['white space at its end', (line) => `${line}\r`],
    ['a letter escaped that need not be', (line) => line.replace('"kind"', '"\\u006bind"')],
    ['a number written otherwise', (line) => line.replace('"index":1,', '"index":1.0,')],
    [
      'a salt in capitals',
      (line) => line.replace(/"salts":\{"data":"[0-9a-f]+/, (salt) => `"salts":{"data":"${salt.slice(17).toUpperCase()}`),
    ],
    ['a salt whose last letter is no hex', (line) => line.replace(/("salts":\{"data":"[0-9a-f]{63})./, '$1g')],
  ])('with %s', async (_, change) => {
    expect(change(event())).not.toBe(event());
    expect(JSON.parse(change(event()))).toMatchObject({ kind: 'event', index: 1 });
    expect(codesOf(await verify(whole.with(4, change(event()))))).toEqual(['line-unreadable']);
  });

  const ofBytes = (bytes: Uint8Array) => verifyBundle(wholeLinesOf(each([bytes])), { keys: [logKey.verifierKey], nowMs: NOW_MS });
  it('and one that ends within a line breaks off, wherever that is', async () => {
    const bytes = Buffer.from(`${whole.join('\n')}\n`);
    expect(await ofBytes(bytes)).toMatchObject({ status: 0 });
    const letter = bytes.indexOf(Buffer.from('日'));
    for (const length of [bytes.length - 1, bytes.length - 9, letter + 1, letter + 3]) {
      const verdict = await ofBytes(bytes.subarray(0, length));
      expect([verdict.status, codesOf(verdict)]).toEqual([2, ['broken-off']]);
    }
    expect(codesOf(await ofBytes(Buffer.concat([bytes, Buffer.from('{')])))).toEqual(['line-unreadable']);
    expect(await ofBytes(bytes.subarray(0, 20))).toMatchObject({
      status: 3,
      couldNotRun: expect.stringContaining('line 1 does not end') as never,
    });
  });

  it('nor does it exhaust the verifier, however deep its texts are nested', async () => {
    const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
    const fact = JSON.stringify({ kind: 'fact', order: 0, under: [], label: 'deep', event: 1, pointer: '/a', part: 'meta', value: 1 });
    for (const part of ['data', 'meta'] as const) {
      const lines = at(whole, 4, (line: EventLine) => void (line[part] = deep));
      const verdict = await verify([...lines.slice(0, 5), fact.replace('"meta"', `"${part}"`), ...lines.slice(5)]);
      expect(verdict).toMatchObject({ status: 1, firstWrongRecord: 2 });
      expect(codesOf(verdict)).toEqual([
        'not-canonical',
        'value-without-reference',
        'fact-not-borne-out',
        'lines-missing',
        'record-altered',
      ]);
    }
  });
});

it('says of how much the report speaks: what it leaves out, no line shows', async () => {
  expect(verdictProse(await verify(whole))).toContain('Report:        none');
  const verdict = await verify(some);
  expect(verdictProse(verdict)).not.toContain('said to be here whole');
  expect(verdict.counted).toMatchObject({ facts: 1, stated: 1, events: 4 });
  expect(verdictProse(verdict)).toContain('1 statements about 1 of 4 events were compared with them');
});
