// C2SP signed-note: how an Ed25519 verifier key is written, and the key id that signatures name.
import type { Sha256 } from './hashes.js';

const ED25519 = 0x01;
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** First 4 bytes of SHA-256(name ‖ 0x0A ‖ 0x01 ‖ public key), in hex. @param publicKey 32 bytes */
export function keyId(sha256: Sha256, name: string, publicKey: Uint8Array): string {
  const digest = sha256(new TextEncoder().encode(`${name}\n`), Uint8Array.of(ED25519), publicKey);
  return Array.from(digest.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** `<name>+<key id in hex>+<base64(0x01 ‖ public key)>` */
export const verifierKey = (sha256: Sha256, name: string, publicKey: Uint8Array): string =>
  `${name}+${keyId(sha256, name, publicKey)}+${base64(Uint8Array.of(ED25519, ...publicKey))}`;

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [a, b, c] = [bytes[at]!, bytes[at + 1], bytes[at + 2]];
    const group = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    text += BASE64[group >> 18]! + BASE64[(group >> 12) & 63]! + (b === undefined ? '=' : BASE64[(group >> 6) & 63]!) + (c === undefined ? '=' : BASE64[group & 63]!);
  }
  return text;
}
