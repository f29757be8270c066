// The reader of plays reads what JSON.parse reads, refuses what it refuses, and knows the lines.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { JsonFault, parseWithLines } from './json-lines.js';

const read = (text: string): unknown => JSON.parse(JSON.stringify(parseWithLines(text).value));

function outcomeOf(parse: (text: string) => unknown, text: string): string {
  try {
    parse(text);
    return 'read';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('JSON with lines', () => {
  it('is read as JSON.parse reads it', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(undefined, 1, '\t'), (json, space) => {
        const text = JSON.stringify(JSON.parse(json), null, space);
        expect(read(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('is refused where JSON.parse refuses it', () => {
    fc.assert(
      fc.property(
        fc.json({ maxDepth: 3 }),
        fc.nat(),
        fc.constantFrom('', '"', '}', ']', ',', '\\', '01', '\n\u0001', 'nul'),
        (json, at, damage) => {
          const text = json.slice(0, at % (json.length + 1)) + damage + json.slice((at % (json.length + 1)) + 1);
          const ours = outcomeOf(read, text);
          // A key that is there twice is taken by JSON.parse; in a play it is a mistake.
          fc.pre(!ours.includes('twice'));
          expect(ours === 'read').toBe(outcomeOf((each) => JSON.parse(each) as unknown, text) === 'read');
        },
      ),
      { numRuns: 500 },
    );
  });

  it('knows on which line each object begins', () => {
    const { value, lineOf } = parseWithLines('{\n "a": [\n  {"b": 1},\n\n  {"c": {}}\n ]\n}');
    const list = (value as { a: { c?: object }[] }).a;
    expect([value as object, list, list[0]!, list[1]!, list[1]!.c!].map(lineOf)).toEqual([1, 2, 3, 5, 5]);
  });

  it('has no way into prototypes', () => {
    const { value } = parseWithLines('{"__proto__": {"polluted": true}}');
    expect(Object.keys(value as object)).toEqual(['__proto__']);
    expect(({} as { polluted?: true }).polluted).toBeUndefined();
  });

  it('ends in a fault, not in a full stack, however deep it nests', () => {
    expect(() => parseWithLines('['.repeat(100_000))).toThrow(JsonFault);
  });
});
