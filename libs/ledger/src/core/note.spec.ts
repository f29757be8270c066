import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { fromBase64, toBase64 } from './base64.js';
import { formatCheckpoint, parseCheckpoint } from './checkpoint.js';
import { cosignatureTime, cosignedMessage, encodeCosignature, noteVerifier } from './cosignature.js';
import { formatNote, openNote, parseNote, type NoteSignature } from './note.js';
import { parseVerifierKey, verifierKey, type KeyType } from './verifier-key.js';
import { sha256, verifySignature } from '../verify/node-crypto.js';

const keyOf = (name: string, type: KeyType = 'note') => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(12);
  return { privateKey, key: parseVerifierKey(sha256, verifierKey(sha256, name, raw, type)) };
};
type Signing = ReturnType<typeof keyOf>;
const signed = ({ privateKey, key }: Signing, text: string): NoteSignature => ({
  name: key.name,
  id: key.id,
  signature: ed25519(privateKey, text),
});
const ed25519 = (key: KeyObject, text: string): Uint8Array => sign(null, Buffer.from(text), key);
const cosigned = ({ privateKey, key }: Signing, text: string, time: number): NoteSignature => ({
  name: key.name,
  id: key.id,
  signature: encodeCosignature(time, ed25519(privateKey, cosignedMessage(text, time))),
});
const known = (...keys: Signing[]) => keys.map(({ key }) => noteVerifier(key, verifySignature));

const log = keyOf('plenary.example/log');
const other = keyOf('plenary.example/log');
const witness = keyOf('witness.example/w', 'cosignature');
const text = formatCheckpoint({ origin: 'plenary.example/log', size: 3, root: sha256() });

describe('a verifier key', () => {
  it('is read as it was written', () => {
    for (const type of ['note', 'cosignature'] as const) {
      const { key } = keyOf('plenary.example/log', type);
      expect(parseVerifierKey(sha256, verifierKey(sha256, key.name, key.publicKey, type))).toEqual(key);
    }
  });
  it.each(['', 'a+b', 'name+00000000+AQ==', 'na me+00000000+AAAA', '+00000000+AAAA'])('%j is none', (text) =>
    expect(() => parseVerifierKey(sha256, text)).toThrow(),
  );
  it('is mistyped where its id does not fit', () => {
    const written = verifierKey(sha256, log.key.name, log.key.publicKey);
    expect(() => parseVerifierKey(sha256, written.replace('log', 'lag'))).toThrow('is mistyped');
  });
});

describe('a signed note', () => {
  const note = formatNote({ text, signatures: [signed(log, text), cosigned(witness, text, 1_714_376_700)] });

  it('is opened by any of its keys', () => {
    expect(openNote(note, known(log))).toMatchObject({ text, verified: [{ name: log.key.name }] });
    expect(openNote(note, known(witness, log, other))).toMatchObject({ verified: [{ id: log.key.id }, { id: witness.key.id }] });
  });

  it('is not opened by another key of the same name', () =>
    expect(openNote(note, known(other))).toMatchObject({ refused: 'unknown-keys' }));

  it('is rejected where a known key fails, whoever else signed', () => {
    const forged = formatNote({ text, signatures: [signed(log, text), { ...signed(other, `${text}x\n`), id: other.key.id }] });
    expect(openNote(forged, known(log, other))).toMatchObject({ refused: 'bad-signature', signature: { id: other.key.id } });
    expect(openNote(forged, known(log))).toMatchObject({ verified: [{ id: log.key.id }] });
  });

  it('binds the time of a cosignature', () => {
    const { signature, ...rest } = cosigned(witness, text, 1000);
    expect(cosignatureTime(signature)).toBe(1000);
    const later = formatNote({ text, signatures: [{ ...rest, signature: encodeCosignature(1001, signature.subarray(8)) }] });
    expect(openNote(later, known(witness))).toMatchObject({ refused: 'bad-signature' });
  });

  it('does not take a signature over the text for a cosignature, or the other way round', () => {
    const asCosigner = { ...witness, key: log.key };
    expect(openNote(formatNote({ text, signatures: [{ ...cosigned(asCosigner, text, 5), id: log.key.id }] }), known(log))).toMatchObject({
      refused: 'bad-signature',
    });
    expect(
      openNote(formatNote({ text, signatures: [{ ...signed(log, text), name: witness.key.name, id: witness.key.id }] }), known(witness)),
    ).toMatchObject({ refused: 'bad-signature' });
  });

  it('may have many signatures, of which 100 are looked at', () => {
    const many = Array.from({ length: 99 }, (_, at) => signed(keyOf(`unknown.example/${at}`), text));
    expect(openNote(formatNote({ text, signatures: [...many, signed(log, text)] }), known(log))).toMatchObject({
      verified: [{ id: log.key.id }],
    });
    expect(() => parseNote(formatNote({ text, signatures: [...many, signed(log, text), signed(log, text)] }))).toThrow(
      'more than 100 signatures',
    );
  });

  it('is split at its last empty line', () => {
    const poem = 'one\n\ntwo\n';
    expect(parseNote(formatNote({ text: poem, signatures: [signed(log, poem)] })).text).toBe(poem);
  });

  it.each([
    ['no signatures', 'a\n\n'],
    ['no empty line', 'a\n'],
    ['no final newline', note.slice(0, -1)],
    ['a carriage return', note.replace('\n', '\r\n')],
    ['a tab', note.replace('log', 'lo\tg')],
    ['a lone surrogate', note.replace('log', '\ud800')],
    ['a hyphen for the dash', note.replace('\u2014', '-')],
    ['a short signature', 'a\n\n\u2014 name AAAA\n'],
    ['base64 with bits left over', 'a\n\n\u2014 name AAAAAAB=\n'.replace('AAAAAAB=', 'AAAAAAAAAB==')],
    ['a plus sign in a name', note.replace('\u2014 plenary', '\u2014 ple+nary')],
    ['nothing', ''],
  ])('with %s is none', (_, broken) => expect(() => parseNote(broken)).toThrow(/^(is|has) /));
});

it('base64 is strict', () => {
  for (let length = 0; length < 20; length++) {
    const bytes = Uint8Array.from({ length }, (_, at) => at * 13);
    expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
    expect(fromBase64(toBase64(bytes))).toEqual(bytes);
  }
  for (const text of ['A', 'AB', 'ABC', 'AB=', 'AB=C', 'A B=', 'AB==\n', 'QQ=', 'QR==', '-_=='])
    expect(() => fromBase64(text)).toThrow('is not base64');
});

describe('a checkpoint', () => {
  it('is read as it was written', () =>
    expect(parseCheckpoint(text)).toEqual({ origin: 'plenary.example/log', size: 3, root: new Uint8Array(sha256()) }));
  it.each([
    ['an extension', `${text}more\n`],
    ['no root', 'origin\n3\n'],
    ['a leading zero', text.replace('\n3\n', '\n03\n')],
    ['a sign', text.replace('\n3\n', '\n+3\n')],
    ['a size beyond what can be counted', text.replace('\n3\n', '\n9007199254740992\n')],
    ['a short root', 'origin\n3\nAAAA\n'],
    ['no origin', text.replace('plenary.example/log', '')],
    ['no final newline', text.slice(0, -1)],
  ])('with %s is none', (_, broken) => expect(() => parseCheckpoint(broken)).toThrow(/^is /));
});
