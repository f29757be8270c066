// Mistakes in a connection string are told at once, and without its password, by whoever reads it first.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { EventStoreDBClient } from '@eventstore/db-client';
import { assertUsable } from './connection-string.js';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'plenary-connection-'));
  writeFileSync(join(directory, 'ca.crt'), '-----BEGIN CERTIFICATE-----\n');
  writeFileSync(join(directory, 'notes.txt'), 'Not a certificate.\n');
});
afterAll(() => rmSync(directory, { recursive: true }));

const withOptions = (options: string): string => `esdb://clerk:zqxhidden@127.0.0.1:2113?${options.replaceAll('DIR', directory)}`;
/** All that the client would tell of it. */
function printedBy(url: string): string {
  const printed: unknown[] = [];
  const warn = jest.spyOn(console, 'warn').mockImplementation((...words) => void printed.push(...words));
  try {
    void EventStoreDBClient.connectionString(url).dispose();
  } catch (error) {
    printed.push(error);
  } finally {
    warn.mockRestore();
  }
  return printed.join('\n');
}

it('is printed as it is by the client where an option is none of its own, or cannot be had', () => {
  for (const options of ['caFile=DIR/ca.crt', 'tlsVerifyCert=false']) expect(printedBy(withOptions(options))).toContain('zqxhidden');
});

describe('a connection string', () => {
  it.each([
    ['tls=true&caFile=DIR/ca.crt', /caFile, which is no option: there are .*tlsCAFile/],
    ['tls=true&tlsVerifyCert=false', /tlsVerifyCert=false/],
    ['tls=true&throw_on_append_failure=false', /throwOnAppendFailure=false/],
    ['tls=yes', /tls /],
    ['tls=true&nodePreference=any', /nodePreference/],
    ['tls=true&keepAliveInterval=soon', /keepAliveInterval/],
    ['tls=true&tlsCAFile=DIR/nowhere.crt', /tlsCAFile names a file that cannot be read: ENOENT.*nowhere\.crt/],
    ['tls=true&tls-ca-file=DIR/nowhere.crt', /tlsCAFile names a file that cannot be read/],
    ['tls=true&tlsCAFile=DIR', /tlsCAFile names a file that cannot be read: EISDIR/],
    ['tls=true&tlsCAFile=DIR/notes.txt', /tlsCAFile names .*notes\.txt, which holds no PEM/],
    ['tls=true&userCertFile=DIR/ca.crt&userKeyFile=DIR/nowhere.key', /userKeyFile names a file that cannot be read/],
    ['tls=true&', /cannot be read/],
    ['tls=true&connectionName=50%', /cannot be read/],
  ])('that sets %s is refused, and its password not told', (options, message) => {
    const refusal = (() => {
      try {
        assertUsable(withOptions(options));
      } catch (error) {
        return (error as Error).message;
      }
      return 'it is taken';
    })();
    expect(refusal).toMatch(message);
    expect(refusal).not.toContain('zqxhidden');
  });

  it.each([
    'tls=true&tlsCAFile=DIR/ca.crt&nodePreference=leader',
    'TLS=false&node_preference=readOnlyReplica',
    'keepAliveInterval=-1&keepAliveTimeout=20000&defaultDeadline=5000&connectionName=node%201',
    'maxDiscoverAttempts=5&discoveryInterval=200&gossipTimeout=3&throwOnAppendFailure=true&tlsVerifyCert=true',
  ])('that sets %s is taken, and the client prints nothing of it', (options) => {
    assertUsable(withOptions(options));
    expect(printedBy(withOptions(options))).toBe('');
  });
});
