// What a connection string must be, as far as it can be told without the client: that is loaded where a database is used alone.
import type { Credentials, EndPoint } from '@eventstore/db-client';

const HOST = String.raw`[^@/?,:\s]+(:\d{1,5})?`;
const SHAPE = new RegExp(String.raw`^esdb(\+discover)?://([^:/?@\s]+:[^@/?\s]+@)?${HOST}(,${HOST})*/?(\?[^\s]*)?$`);

/** @throws Error that says what is wrong, and repeats nothing of it: it holds a password */
export function assertUsable(url: string): void {
  // The client then reports a revision that is none of the stream's.
  if (/throwOnAppendFailure=false/i.test(url)) throw new Error('it must not set throwOnAppendFailure=false');
  if (!/tls=false/i.test(url) && !credentialsIn(url)) throw new Error('it must hold user:password@, unless it sets tls=false');
  if (!SHAPE.test(url)) throw new Error('it cannot be read');
}

/** The same connection string, with one host. */
export const directedTo = ({ address, port }: EndPoint, url: string): string => url.replace(/^(esdb)(?:\+discover)?(:\/\/)([^@/?]*@)?[^/?]*/, `$1$2$3${address}:${port}`);

export function credentialsIn(url: string): Credentials | undefined {
  const [, username, password] = /^esdb(?:\+discover)?:\/\/([^:/?@]+):([^@/?]+)@/.exec(url) ?? [];
  return username === undefined ? undefined : { username: decodeURIComponent(username), password: decodeURIComponent(password!) };
}
