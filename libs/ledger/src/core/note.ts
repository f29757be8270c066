// C2SP signed-note: a text, and lines of signatures below it. A text is worth nothing until a key that the reader knew has signed it.
import { fromBase64, fromHex, toBase64, toHex } from './base64.js';
import { Malformed } from './malformed.js';
import { isKeyName } from './verifier-key.js';

export interface NoteSignature {
  /** Name of the key. */
  name: string;
  /** 4 bytes in hex. */
  id: string;
  /** What follows the id: its form depends on the kind of key. */
  signature: Uint8Array;
}

export interface Note {
  /** Ends in a newline. */
  text: string;
  signatures: readonly NoteSignature[];
}

/** A key that the reader trusts. */
export interface NoteVerifier {
  name: string;
  id: string;
  verify(text: Uint8Array, signature: Uint8Array): boolean;
}

/** The format demands that at least 16 be accepted; a note with more than these is not worth the time. */
const MAX_SIGNATURES = 100;
const DASH = '\u2014';
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0009\u000b-\u001f]/;

/** @throws Malformed */
export function parseNote(note: string): Note {
  if (!note.isWellFormed() || CONTROL.test(note)) throw new Malformed('is no signed note: it holds control characters or broken text');
  const split = note.lastIndexOf('\n\n');
  // The text before the empty line is at least a newline's worth; the last line of signatures ends in a newline too.
  if (split < 0 || !note.endsWith('\n') || note.length === split + 2)
    throw new Malformed('is no signed note: no signatures follow an empty line');
  const lines = note.slice(split + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES)
    throw new Malformed(`is no signed note that is accepted here: it has more than ${MAX_SIGNATURES} signatures`);
  return { text: note.slice(0, split + 1), signatures: lines.map(parseSignature) };
}

function parseSignature(line: string): NoteSignature {
  const [dash, name, base64, ...more] = line.split(' ');
  if (dash !== DASH || name === undefined || base64 === undefined || more.length > 0 || !isKeyName(name))
    throw new Malformed('has a line of signature that is none');
  const bytes = fromBase64(base64);
  if (bytes.length < 5) throw new Malformed('has a signature that is too short');
  return { name, id: toHex(bytes.subarray(0, 4)), signature: bytes.subarray(4) };
}

/** @param text ends in a newline */
export function formatNote({ text, signatures }: Note): string {
  if (!text.endsWith('\n') || CONTROL.test(text)) throw new Malformed('is no text of a note');
  return `${text}\n${signatures.map(formatSignature).join('')}`;
}

const formatSignature = ({ name, id, signature }: NoteSignature): string =>
  `${DASH} ${name} ${toBase64(Uint8Array.of(...fromHex(id), ...signature))}\n`;

/** What a known key has to say about a note. */
export interface OpenedNote extends Note {
  /** The signatures of known keys, all of them valid; at least one. */
  verified: readonly NoteSignature[];
}

export type NoteRefusal =
  /** No signature is of a known key. */
  | { refused: 'unknown-keys'; signatures: readonly NoteSignature[] }
  /** A known key did not sign this text: the note is worth nothing, whoever else signed it. */
  | { refused: 'bad-signature'; signature: NoteSignature };

/** Unknown keys are ignored, also where they share a name or an id with a known one. @throws Malformed */
export function openNote(note: string, known: readonly NoteVerifier[]): OpenedNote | NoteRefusal {
  const parsed = parseNote(note);
  const text = new TextEncoder().encode(parsed.text);
  const verified: NoteSignature[] = [];
  for (const signature of parsed.signatures) {
    const verifier = known.find(({ name, id }) => name === signature.name && id === signature.id);
    if (!verifier) continue;
    if (!verifier.verify(text, signature.signature)) return { refused: 'bad-signature', signature };
    verified.push(signature);
  }
  return verified.length > 0 ? { ...parsed, verified } : { refused: 'unknown-keys', signatures: parsed.signatures };
}
