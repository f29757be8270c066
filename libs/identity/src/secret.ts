// `plenary_<id>_<256 random bits>`: the id finds the token, the secret proves it.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { isUuid, type Uuid } from '#kernel';

const TOKEN = /^plenary_([0-9a-f]{32})_([A-Za-z0-9_-]{43})$/;

export interface TokenText {
  id: Uuid;
  secret: string;
}

export const drawSecret = (): string => randomBytes(32).toString('base64url');
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex');
export const writeToken = ({ id, secret }: TokenText): string => `plenary_${id.replaceAll('-', '')}_${secret}`;

export function readToken(text: string): TokenText | undefined {
  const match = TOKEN.exec(text);
  if (!match) return undefined;
  const hex = match[1]!;
  const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  return isUuid(id) ? { id, secret: match[2]! } : undefined;
}

/** In constant time. @param hash hex SHA-256 */
export const provesSecret = (secret: string, hash: string): boolean =>
  timingSafeEqual(createHash('sha256').update(secret).digest(), Buffer.from(hash, 'hex'));
