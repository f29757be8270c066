// docker-compose.yml against the published schema of the Compose specification, and against what the manual says of a node.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import { Ajv, type AnySchemaObject } from 'ajv';
import { parse } from 'yaml';
import { readConfiguration } from '../../apps/api/src/configuration.js';

interface Service {
  image: string;
  build?: string;
  profiles?: string[];
  restart?: string;
  user?: string;
  read_only?: boolean;
  cap_drop?: string[];
  environment?: Record<string, string>;
  volumes?: string[];
  ports?: string[];
  networks?: string[] | Record<string, unknown>;
  configs?: { source: string }[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test?: string[]; disable?: boolean };
}

interface Composition {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
  networks: Record<string, { internal?: boolean }>;
  configs: Record<string, { file: string }>;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const composition = parse(read('docker-compose.yml'), { merge: true }) as Composition;
const services = Object.entries(composition.services);
const inCluster = services.filter(([, { profiles }]) => profiles?.includes('cluster'));
/** Of Plenary itself, and serving. */
const nodes = services.filter(([, { image, environment }]) => image === 'plenary:local' && environment);
const databases = services.filter(([, { image }]) => image.includes('/kurrentdb:'));
const namesOf = (networks: Service['networks']): string[] => (Array.isArray(networks) ? networks : Object.keys(networks ?? {}));
const mounts = ({ volumes = [] }: Service): { volume: string; at: string; isReadOnly: boolean }[] =>
  volumes.map((text) => {
    const [volume = '', at = '', mode] = text.split(':');
    return { volume, at, isReadOnly: mode === 'ro' };
  });

describe('docker-compose.yml', () => {
  it('is a composition as the published schema has it', () => {
    // The linter of compositions carries the schema of the Compose specification (Apache-2.0) with it.
    const schema = JSON.parse(
      readFileSync(join(dirname(createRequire(import.meta.url).resolve('dclint/package.json')), 'schemas/compose.schema.json'), 'utf8'),
    ) as AnySchemaObject;
    expect(schema['title']).toBe('Compose Specification');
    const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
    const isValid = ajv.compile({ ...schema, $schema: 'http://json-schema.org/draft-07/schema#' });
    expect([isValid(composition), isValid.errors ?? []]).toEqual([true, []]);
    expect(isValid({ services: { plenary: { imagee: 'x' } } })).toBe(false);
  });

  it('names only volumes, networks, configs and services that are there, and no more of them than are used', () => {
    const used = {
      volumes: services.flatMap(([, each]) => mounts(each).map(({ volume }) => volume)),
      networks: services.flatMap(([, { networks }]) => namesOf(networks)),
      configs: services.flatMap(([, { configs = [] }]) => configs.map(({ source }) => source)),
    };
    for (const kind of ['volumes', 'networks', 'configs'] as const)
      expect([kind, [...new Set(used[kind])].sort()]).toEqual([kind, Object.keys(composition[kind]).sort()]);
    expect(Object.values(composition.configs).filter(({ file }) => !existsSync(join(root, file)))).toEqual([]);
    const known = Object.keys(composition.services);
    expect(services.flatMap(([, { depends_on = {} }]) => Object.keys(depends_on)).filter((name) => !known.includes(name))).toEqual([]);
  });

  it('pins every image', () => {
    for (const [name, { image, build }] of services)
      expect([name, image]).toEqual([name, build === undefined ? expect.stringMatching(/:\d+\.\d+\.\d+/) : 'plenary:local']);
  });

  it('starts a service after what it needs, in its own profile', () => {
    for (const [name, { profiles = [], depends_on = {} }] of services) {
      for (const [needed, { condition }] of Object.entries(depends_on)) {
        const other = composition.services[needed]!;
        expect([name, needed, other.profiles ?? []]).toEqual([name, needed, profiles]);
        if (condition === 'service_completed_successfully') expect([needed, other.restart]).toEqual([needed, undefined]);
        else expect([needed, other.healthcheck?.test?.length]).toEqual([needed, expect.any(Number)]);
      }
    }
  });
});

describe('every node of Plenary', () => {
  it.each(nodes)('%s runs unprivileged, and writes to its volumes alone', (_, service) => {
    expect(service).toMatchObject({ user: '1000:1000', read_only: true, cap_drop: ['ALL'] });
    expect(
      mounts(service)
        .filter(({ isReadOnly }) => !isReadOnly)
        .map(({ at }) => at),
    ).toEqual(expect.arrayContaining(['/data']));
  });

  it.each(nodes)('%s is given variables that the manual explains, and values that a start takes', (_, { environment = {} }) => {
    const explained = [...read('docs/operating.md').matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, name]) => name!);
    expect(Object.keys(environment).filter((name) => !explained.includes(name))).toEqual([]);
    const set = Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, value.replace(/^\$\{\w+:-(.*)\}$/, '$1')]));
    if (set['EVENTSTORE_URL_FILE'] === undefined) expect(readConfiguration(set).eventStore).toMatch(/^esdb:/);
    else
      expect(readConfiguration({ ...set, EVENTSTORE_URL_FILE: undefined, EVENTSTORE_URL: connectionString() }).eventStore).toContain(
        'kurrentdb-3:2113',
      );
  });

  it('asks for readiness, with the file that the image holds', () => {
    for (const [, { healthcheck }] of nodes) expect(healthcheck?.test).toEqual(['CMD', 'node', 'deploy/healthy.mjs', 'ready']);
    expect(read('Dockerfile')).toContain('COPY deploy/healthy.mjs ./deploy/');
  });

  it('but one lacks the signing key: the second gets the others, which it cannot change', () => {
    const keysOf = (name: string) => mounts(composition.services[name]!).find(({ at }) => at === '/keys')!;
    expect(keysOf('plenary-1').isReadOnly).toBe(false);
    expect(keysOf('plenary-2')).toMatchObject({ isReadOnly: true });
    expect(mounts(composition.services['share-keys']!)).toEqual([
      { volume: keysOf('plenary-1').volume, at: '/keys', isReadOnly: true },
      { volume: keysOf('plenary-2').volume, at: '/backup', isReadOnly: false },
    ]);
    const shared = read('deploy/share-keys.mjs');
    for (const name of ['writer.key', 'digest.key', 'admin.token']) expect(shared).toContain(`'${name}'`);
    expect(shared).not.toContain('signing.key');
    expect(mounts(composition.services['plenary-2']!).map(({ at }) => at)).not.toContain('/signer');
    expect(Object.keys(composition.services['plenary-2']!.depends_on!)).toContain('share-keys');
  });
});

const made: string[] = [];
afterAll(() => {
  for (const directory of made) rmSync(directory, { recursive: true });
});

/** As the script that prepares the cluster writes it, with the authority's certificate where it lies here. */
function connectionString(): string {
  const authority = join(mkdtempSync(join(tmpdir(), 'plenary-compose-')), 'ca.crt');
  made.push(dirname(authority));
  writeFileSync(authority, '-----BEGIN CERTIFICATE-----\n');
  const script = read('deploy/prepare-cluster.sh');
  const hosts = /^hosts='(.*)'$/m.exec(script)![1]!;
  return /^echo "(esdb:.*)" > \/connection\/eventstore-url$/m
    .exec(script)![1]!
    .replace('$KURRENTDB_ADMIN_PASSWORD', 'Sixteen0Letters0')
    .replace('$hosts', hosts)
    .replace('/connection/ca.crt', authority);
}

describe('the database', () => {
  it('is started again however it ended, is well before a node starts, and is reached by nobody else', () => {
    expect(databases.map(([name]) => name)).toEqual(['kurrentdb', 'kurrentdb-1', 'kurrentdb-2', 'kurrentdb-3']);
    for (const [name, { restart, healthcheck, volumes, ports, networks }] of databases) {
      expect([name, restart, ports]).toEqual([name, 'always', undefined]);
      expect(healthcheck!.test![1]).toContain('/health/live');
      expect(volumes).toContain(`${name}:/var/lib/kurrentdb`);
      for (const network of namesOf(networks)) expect([network, composition.networks[network]!.internal]).toEqual([network, true]);
    }
  });

  it('is secure in the cluster: each member has a certificate for its own name and address, and knows the others', () => {
    const script = read('deploy/prepare-cluster.sh');
    const members = databases.filter(([, { profiles }]) => profiles);
    const addresses = members.map(([, { environment }]) => environment!['KURRENTDB_REPLICATION_IP']!);
    for (const [index, [name, { environment = {}, networks, ...service }]] of members.entries()) {
      expect(environment).not.toHaveProperty('KURRENTDB_INSECURE');
      expect(networks).toEqual({ cluster: { ipv4_address: addresses[index] } });
      expect(environment['KURRENTDB_GOSSIP_SEED']!.split(',').sort()).toEqual(
        addresses.filter((each) => each !== addresses[index]).map((each) => `${each}:2113`),
      );
      expect(environment['KURRENTDB_ADVERTISE_HOST_TO_CLIENT_AS']).toBe(name);
      expect(addresses[index]).toBe(`172.30.240.1${index + 1}`);
      const own = mounts(service as Service).find(({ at }) => at === '/certificates')!;
      expect(own).toEqual({ volume: `certificates-${index + 1}`, at: '/certificates', isReadOnly: true });
      expect(services.filter(([, each]) => mounts(each).some(({ volume }) => volume === own.volume)).map(([user]) => user)).toEqual([
        'prepare',
        name,
      ]);
    }
    expect(script).toContain('-ip-addresses "127.0.0.1,172.30.240.1$number" -dns-names "localhost,kurrentdb-$number"');
    expect(services.filter(([, each]) => mounts(each).some(({ volume }) => volume === 'authority')).map(([name]) => name)).toEqual([
      'prepare',
    ]);
  });
});

describe('the cluster', () => {
  it('is all that its entrance needs, and nothing else', () => {
    const needed = new Set<string>(['proxy']);
    for (const name of needed) for (const other of Object.keys(composition.services[name]!.depends_on ?? {})) needed.add(other);
    expect([...needed].sort()).toEqual(inCluster.map(([name]) => name).sort());
    expect(inCluster.filter(([, { ports }]) => ports).map(([name]) => name)).toEqual(['proxy']);
  });

  it('sends to nodes that are there and ready, and what only the signer has to the signer', () => {
    const caddyfile = read('deploy/Caddyfile');
    const upstreams = [...caddyfile.matchAll(/\b(plenary-\d):3000/g)].map(([, name]) => name!);
    expect([...new Set(upstreams)].sort()).toEqual(
      nodes
        .map(([name]) => name)
        .filter((name) => name !== 'plenary')
        .sort(),
    );
    expect(caddyfile).toContain('health_uri /api/v1/health/ready');
    expect(caddyfile).toMatch(
      /@signing path \/api\/v1\/log\/\* \/api\/v1\/export\n\thandle @signing \{\n\t\treverse_proxy plenary-1:3000\n/,
    );
  });
});
