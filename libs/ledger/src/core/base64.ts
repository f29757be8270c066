// Bytes as text, without Node: base64 (RFC 4648, section 4, with padding) and lower-case hex. Reading is strict: one text for each value.
import { Malformed } from './malformed.js';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** By character code; what is no letter of base64 never gets so far. */
const VALUES = new Uint8Array(128);
for (let value = 0; value < ALPHABET.length; value++) VALUES[ALPHABET.charCodeAt(value)] = value;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const HEX = /^(?:[0-9a-f]{2})*$/;

export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [a, b, c] = [bytes[at]!, bytes[at + 1], bytes[at + 2]];
    const group = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    text +=
      ALPHABET[group >> 18]! +
      ALPHABET[(group >> 12) & 63]! +
      (b === undefined ? '=' : ALPHABET[(group >> 6) & 63]!) +
      (c === undefined ? '=' : ALPHABET[group & 63]!);
  }
  return text;
}

/** @throws Malformed, also where the unused bits of the last letter are not zero */
export function fromBase64(text: string): Uint8Array {
  if (!BASE64.test(text)) throw new Malformed('is not base64');
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  let group = 0;
  for (let at = 0, next = 0; at < text.length; at += 4) {
    group =
      (VALUES[text.charCodeAt(at)]! << 18) |
      (VALUES[text.charCodeAt(at + 1)]! << 12) |
      (VALUES[text.charCodeAt(at + 2)]! << 6) |
      VALUES[text.charCodeAt(at + 3)]!;
    // Beyond the end of the array nothing is written.
    bytes[next++] = group >> 16;
    bytes[next++] = (group >> 8) & 255;
    bytes[next++] = group & 255;
  }
  // Padding counts as zeros here: what the last letters say beyond the last byte must be zero too.
  if ((padding === 1 && (group & 255) !== 0) || (padding === 2 && (group & 65_535) !== 0))
    throw new Malformed('is not base64: bits are left over');
  return bytes;
}

const PAIRS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at++) text += PAIRS[bytes[at]!]!;
  return text;
}

/** @throws Malformed */
export function fromHex(text: string): Uint8Array {
  if (!HEX.test(text)) throw new Malformed('is not lower-case hex');
  const bytes = new Uint8Array(text.length / 2);
  for (let at = 0; at < bytes.length; at++) bytes[at] = parseInt(text.slice(2 * at, 2 * at + 2), 16);
  return bytes;
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}

/** A hash as it stands in checkpoints and proofs. @throws Malformed where it is not 32 bytes in base64 */
export function hashFromBase64(text: string): Uint8Array {
  const bytes = fromBase64(text);
  if (bytes.length !== 32) throw new Malformed('is not a hash of 32 bytes');
  return bytes;
}

/** A number as these formats write it: decimal, no sign, no leading zero, at most 2^53 - 1. @throws Malformed */
export function fromDecimal(text: string): number {
  const value = Number(text);
  if (!/^(0|[1-9]\d{0,15})$/.test(text) || !Number.isSafeInteger(value)) throw new Malformed('is not a decimal number');
  return value;
}
