// A bundle cannot make the verifier say, print or do anything but judge it.
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { FactLine, HeaderLine } from '#ledger/core';
import { linesOf, verdictJson, verdictProse, verifyBundle } from '#ledger/verify';
import { altered, codesOf, each, logKey, NOW_MS, verify } from './support/ledger-history.js';
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
      whole.with(0, altered<HeaderLine>(whole[0]!, (line) => void (line.origin = nasty))),
      at(some, some.findIndex((line) => line.includes('"fact"')), (line: FactLine) => Object.assign(line, { label: nasty, pointer: nasty, value: [nasty] })),
      whole.with(0, altered<HeaderLine>(whole[0]!, (line) => void (line.scope = { kind: nasty, id: nasty }))),
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
  it('or stumble: whatever its lines are, there is a verdict', async () => {
    const line = fc.oneof(fc.string(), fc.json(), fc.constantFrom(...whole.slice(0, 8), ...some), fc.constant('['.repeat(200_000)), fc.constantFrom(...whole.slice(3, 8)).map((text) => text.replace(/"data":"(.*?[^\\])"/, '"data":"null"')));
    await fc.assert(fc.asyncProperty(fc.array(line, { maxLength: 12 }), fc.boolean(), async (lines, hasHead) => {
      const verdict = await verify(hasHead ? [...whole.slice(0, 3), ...lines] : lines);
      expect([1, 2, 3]).toContain(verdict.status);
      verdictProse(verdict);
    }), { numRuns: 300 });
  });
  it('nor pass for verified where it cannot be read', async () => {
    async function* failing(): AsyncGenerator<string> {
      yield* each(whole.slice(0, 50));
      throw new Error('EIO\u001b[0m');
    }
    expect(await verifyBundle(failing(), { keys: [logKey.verifierKey], nowMs: NOW_MS })).toMatchObject({ status: 3, couldNotRun: 'the bundle could not be read: EIO\\u001b[0m' });
    const bytes = Buffer.from([0xff, 0xfe, 0x0a]);
    expect(codesOf(await verifyBundle(linesOf(each([Buffer.from(`${whole.slice(0, 4).join('\n')}\n`), bytes])), { keys: [logKey.verifierKey], nowMs: NOW_MS }))).toEqual(['line-unreadable']);
    expect(await verifyBundle(linesOf(each([bytes])), { keys: [logKey.verifierKey], nowMs: NOW_MS })).toMatchObject({ status: 3, couldNotRun: expect.stringContaining('no UTF-8') as never });
  });
});
