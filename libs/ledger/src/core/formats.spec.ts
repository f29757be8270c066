import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { fromBase64, fromHex, toBase64, toHex } from './base64.js';
import { isCanonicalJson, sealedReferences } from './canonical.js';
import { parseCheckpoint } from './checkpoint.js';
import { Malformed } from './malformed.js';
import { parseNote, formatNote } from './note.js';
import { isMet, parseAge, parsePolicy } from './policy.js';
import { decodeEntries, encodeEntries, hashesOfTile, parseTilePath, tileBytes, tilePath, tilesBetween } from './tiles.js';
import { formatTlogProof, parseTlogProof } from './tlog-proof.js';
import { parseVerifierKey, verifierKey } from './verifier-key.js';
import { sha256 } from '../verify/node-crypto.js';

const key = (name: string, type: 'note' | 'cosignature') => verifierKey(sha256, name, sha256(Buffer.from(name)), type);

describe('a tile', () => {
  it.each([
    [{ level: 0, index: 1234067, width: 256 }, 'tile/0/x001/x234/067'],
    [{ level: 1, index: 0, width: 256 }, 'tile/1/000'],
    [{ level: 2, index: 5, width: 17 }, 'tile/2/005.p/17'],
    [{ level: 'entries' as const, index: 1000, width: 1 }, 'tile/entries/x001/000.p/1'],
  ])('%j lies at %s', (name, path) => {
    expect(tilePath(name)).toBe(path);
    expect(parseTilePath(path)).toEqual(name);
  });
  it.each([
    'tile/0/0',
    'tile/0/x000/000',
    'tile/0/000.p/256',
    'tile/0/000.p/0',
    'tile/0/000.p/01',
    'tile/7/000',
    'tile/0/../000',
    'tile/a/000',
    '/tile/0/000',
    'tile/0/001/000',
    'tile/0/000\n',
  ])('%j is no path of one', (path) => expect(() => parseTilePath(path)).toThrow(Malformed));

  it('is written whenever it is new or wider', () => {
    expect([...tilesBetween(0, 0)]).toEqual([]);
    expect([...tilesBetween(255, 257)]).toEqual([
      { level: 0, index: 0, width: 256 },
      { level: 0, index: 1, width: 1 },
      { level: 1, index: 0, width: 1 },
    ]);
    expect([...tilesBetween(256, 256)]).toEqual([]);
    expect([...tilesBetween(65_536, 65_537)]).toEqual([{ level: 0, index: 256, width: 1 }]);
    expect([...tilesBetween(65_535, 65_536)].map(tilePath)).toEqual(['tile/0/255', 'tile/1/000', 'tile/2/000.p/1']);
  });

  it('and entries come back as they went', () => {
    const hashes = [sha256(), sha256(Uint8Array.of(1))];
    expect(hashesOfTile(tileBytes(hashes), 2).map(toHex)).toEqual(hashes.map(toHex));
    expect(() => hashesOfTile(tileBytes(hashes), 3)).toThrow(Malformed);
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 700 }), { maxLength: 256 }), (entries) =>
        expect(decodeEntries(encodeEntries(entries))).toEqual(entries),
      ),
    );
    expect(() => encodeEntries([new Uint8Array(65_536)])).toThrow(Malformed);
    expect(encodeEntries([new Uint8Array(65_535)])).toHaveLength(65_537);
  });
});

it('a proof file comes back as it went', () => {
  const checkpoint = 'o\n1\nAAAA\n\n\u2014 o AAAAAAAAAAAA\n';
  for (const proof of [
    { index: 0, proof: [], checkpoint },
    { index: 73894, proof: [sha256(), sha256()].map((hash) => new Uint8Array(hash)), checkpoint, extra: Uint8Array.of(1, 2) },
  ]) {
    expect(parseTlogProof(formatTlogProof(proof))).toEqual(proof);
  }
});

const texts = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(
      '\n',
      '\n\n',
      '\u2014 ',
      'a',
      '0',
      '=',
      '+',
      ' ',
      'tile/',
      'index ',
      'c2sp.org/tlog-proof@v1',
      'extra ',
      'quorum ',
      '/000',
      '.p/',
      'x',
    ),
  }),
);

it('readers of text answer or say Malformed, whatever they get', () => {
  const readers = [
    parseNote,
    parseCheckpoint,
    parseTlogProof,
    parseTilePath,
    fromBase64,
    fromHex,
    parseAge,
    (text: string) => parsePolicy(sha256, text),
    (text: string) => parseVerifierKey(sha256, text),
  ];
  fc.assert(
    fc.property(texts, (text) => {
      for (const read of readers) {
        try {
          read(text);
        } catch (error) {
          expect(error).toBeInstanceOf(Malformed);
        }
      }
      expect(typeof isCanonicalJson(text)).toBe('boolean');
      sealedReferences(text);
    }),
    { numRuns: 3000 },
  );
});

it('readers of bytes too', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
      try {
        expect(encodeEntries(decodeEntries(bytes))).toEqual(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(Malformed);
      }
      expect(fromBase64(toBase64(bytes))).toEqual(bytes);
      expect(fromHex(toHex(bytes))).toEqual(bytes);
    }),
  );
});

it('a note that can be read is written back to the same bytes', () => {
  const signature = fc.record({
    name: fc.stringMatching(/^[a-z./]{1,20}$/),
    id: fc.constant('01020304'),
    signature: fc.uint8Array({ minLength: 1, maxLength: 80 }),
  });
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z\n]{0,40}\n$/), fc.array(signature, { minLength: 1, maxLength: 20 }), (text, signatures) => {
      const note = formatNote({ text, signatures });
      expect(parseNote(note)).toEqual({ text, signatures });
    }),
  );
});

describe('canonical JSON', () => {
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { depthSize: 'small' },
      fc.constant(null),
      fc.boolean(),
      fc.maxSafeInteger(),
      fc.stringMatching(/^[a-z"\\\n\tä𝒳日]{0,12}$/u),
      fc.array(tie('any'), { maxLength: 4 }),
      fc.dictionary(fc.stringMatching(/^[a-z$ä]{0,5}$/), tie('any'), { maxKeys: 4, noNullPrototype: true }),
    ),
  })).any;

  it('is what the canonicaliser writes', () => {
    fc.assert(fc.property(value, (each) => expect([each, isCanonicalJson(canonicalize(each)!)]).toEqual([each, true])));
  });
  it('and nothing that it would write otherwise', () => {
    fc.assert(
      fc.property(value, fc.nat(), fc.constantFrom(' ', '\n', '0', ',', '"', '\\', '{', ':', 'e'), (each, at, letter) => {
        const text = canonicalize(each)!;
        const changed = text.slice(0, at % text.length) + letter + text.slice(at % text.length);
        let same = false;
        try {
          same = canonicalize(JSON.parse(changed)) === changed;
        } catch {
          /* no JSON at all */
        }
        if (!same) expect([changed, isCanonicalJson(changed)]).toEqual([changed, false]);
      }),
      { numRuns: 2000 },
    );
  });
  it.each([
    '{"a":1,"a":1}',
    '{"b":1,"a":1}',
    '{"a": 1}',
    '[1,]',
    '{"a":1,}',
    '1.0',
    '1e3',
    '-0',
    '01',
    '9007199254740993',
    '"\\u0061"',
    '"\\/"',
    '"\ud800"',
    '',
    ' 1',
    '1 ',
    '"a',
    '{"a":1',
    'nul',
    '['.repeat(100),
  ])('%j is not', (text) => expect(isCanonicalJson(text)).toBe(false));
});

it('references to sealed values are found, and what only looks like one is not', () => {
  const [a, b] = ['a'.repeat(64), 'b'.repeat(64)];
  expect(sealedReferences(`{"x":[{"$sealed":"${a}"},{"y":{"$sealed":"${b}"}}]}`)).toEqual([a, b]);
  expect(sealedReferences('{"x":"\\"$sealed\\":"}')).toEqual([]);
  for (const odd of [
    `{"$sealed":"${a}","x":1}`,
    `{"!":1,"$sealed":"${a}"}`,
    '{"$sealed":"aa"}',
    '{"$sealed":1}',
    `{"$sealed":"${'A'.repeat(64)}"}`,
  ])
    expect(sealedReferences(odd)).toBeUndefined();
});

describe('a policy', () => {
  const [one, two, three] = ['w.example/1', 'w.example/2', 'w.example/3'].map((name) => key(name, 'cosignature'));
  const text = `# whom we trust\nlog ${key('plenary.example/log', 'note')} https://plenary.example\n\nwitness A ${one}\n\twitness  B ${two}\nwitness C ${three}\ngroup G 2 A B\ngroup all all G C\nquorum all\nmax-age 36h\n`;

  it('says whom to trust, and how many must have seen a checkpoint', () => {
    const policy = parsePolicy(sha256, text);
    expect(policy).toMatchObject({
      maxAgeSeconds: 129_600,
      logs: [{ name: 'plenary.example/log', type: 'note' }],
      witnesses: [{ name: 'w.example/1', type: 'cosignature' }, {}, {}],
    });
    const met = (...names: string[]) => isMet(policy.quorum, ({ name }) => names.includes(name));
    expect([
      met('w.example/1', 'w.example/2', 'w.example/3'),
      met('w.example/1', 'w.example/3'),
      met('w.example/1', 'w.example/2'),
      met(),
    ]).toEqual([true, false, false, false]);
  });
  it.each([
    ['no quorum', 'max-age 5s', 'no line quorum'],
    ['two quorums', 'quorum none\nquorum none', 'line 2 of the policy'],
    ['an unknown name', 'quorum X', 'no line before it defines'],
    ['an unknown word', 'logs x', 'line 1'],
    ['a threshold that cannot be met', `witness A ${one}\ngroup G 2 A\nquorum G`, 'line 2 of the policy asks for 2 of 1'],
    ['a witness counted twice', `witness A ${one}\ngroup G any A\ngroup H any A\nquorum G`, 'counts a member twice'],
    ['a key named twice', `witness A ${one}\nwitness B ${one}\nquorum A`, 'names a witness twice'],
    ['a taken name', `witness A ${one}\nwitness A ${two}\nquorum A`, 'a name that is taken'],
    ['an odd age', 'quorum none\nmax-age soon', 'line 2'],
    ['a cosigning key for a log', `log ${one}\nquorum none`, 'by a key that cosigns'],
  ])('with %s is refused', (_, broken, message) => expect(() => parsePolicy(sha256, broken)).toThrow(message));
});
