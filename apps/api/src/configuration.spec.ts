// Each value that cannot be right ends a start with a message that names its variable, and never repeats a secret.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { ConfigurationError, readConfiguration } from './configuration.js';

const directory = mkdtempSync(join(tmpdir(), 'plenary-configuration-'));
afterAll(() => rmSync(directory, { recursive: true }));
const file = (name: string, text: string): string => {
  writeFileSync(join(directory, name), text);
  return join(directory, name);
};
const URL_OF_DATABASE = 'esdb://plenary:secret-word@db:2113?tls=true';

describe('a value that cannot be right', () => {
  it.each<[string, Record<string, string>]>([
    ['PORT', { PORT: '65536' }],
    ['PORT', { PORT: '-1' }],
    ['PORT', { PORT: '3000 ' }],
    ['PLENARY_RATE_LIMIT', { PLENARY_RATE_LIMIT: 'many' }],
    ['PLENARY_TRUSTED_PROXIES', { PLENARY_TRUSTED_PROXIES: 'proxy' }],
    ['PLENARY_TRUSTED_PROXIES', { PLENARY_TRUSTED_PROXIES: '10.0.0.0/33' }],
    ['PLENARY_TRUSTED_PROXIES', { PLENARY_TRUSTED_PROXIES: 'loopback, 10.0.0.7/' }],
    ['PLENARY_KEYS', { PLENARY_KEYS: file('no-keys', '') }],
    ['PLENARY_SIGNER_DIR', { PLENARY_SIGNER_DIR: '/dev/null' }],
    ['PLENARY_PUBLIC_READ', { PLENARY_PUBLIC_READ: 'yes' }],
    ['PLENARY_LOG', { PLENARY_LOG: 'loud' }],
    ['PLENARY_ORIGIN', { PLENARY_ORIGIN: 'https://records.example.org' }],
    ['PLENARY_METRICS_PORT', { PLENARY_METRICS_PORT: 'metrics' }],
    ['PLENARY_METRICS_HOST', { PLENARY_METRICS_HOST: '0.0.0.0' }],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' }],
    ['EVENTSTORE_URL', { EVENTSTORE_URL: 'postgres://plenary:secret-word@db' }],
    ['EVENTSTORE_URL', { EVENTSTORE_URL: 'esdb://db:2113' }],
    ['EVENTSTORE_URL_FILE', { EVENTSTORE_URL_FILE: join(directory, 'nowhere') }],
    ['EVENTSTORE_URL', { EVENTSTORE_URL_FILE: file('wrong', 'http://plenary:secret-word@db') }],
    ['EVENTSTORE_URL and EVENTSTORE_URL_FILE', { EVENTSTORE_URL: URL_OF_DATABASE, EVENTSTORE_URL_FILE: file('right', URL_OF_DATABASE) }],
  ])('of %s is refused: %j', (name, env) => {
    const message = messageOf(() => readConfiguration(env));
    expect(message).toMatch(new RegExp(`^${name} `));
    expect(message).not.toContain('secret-word');
  });
});

function messageOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as Error).message;
  }
  throw new Error('it was accepted');
}

describe('what is set', () => {
  it('is taken, and what is empty is as if it were not set', () => {
    expect(
      readConfiguration({
        PORT: '',
        PLENARY_LOG: '',
        EVENTSTORE_URL: '',
        EVENTSTORE_URL_FILE: '',
        PLENARY_METRICS_PORT: '',
        OTEL_EXPORTER_OTLP_ENDPOINT: '',
      }),
    ).toMatchObject({ port: 3000, logLevel: 'info' });
    expect(readConfiguration({})).not.toHaveProperty('eventStore');
    expect(readConfiguration({})).not.toHaveProperty('metrics');
    expect(readConfiguration({})).not.toHaveProperty('tracing');
    expect(readConfiguration({}).trustedProxies).toEqual([]);
    const trusted = ['loopback', '10.0.0.7', '10.1.0.0/16', 'fd00::/8'];
    expect(readConfiguration({ PLENARY_TRUSTED_PROXIES: trusted.join(', ') }).trustedProxies).toEqual(trusted);
    expect(readConfiguration({ PLENARY_METRICS_PORT: '9464' }).metrics).toEqual({ host: '127.0.0.1', port: 9464 });
    expect(readConfiguration({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/', OTEL_SERVICE_NAME: 'council' }).tracing).toEqual({
      endpoint: 'http://collector:4318',
      service: 'council',
    });
  });

  it('may lie in a file, where it is a secret', () => {
    expect(readConfiguration({ EVENTSTORE_URL_FILE: file('url', `${URL_OF_DATABASE}\n`) }).eventStore).toBe(URL_OF_DATABASE);
  });
});
