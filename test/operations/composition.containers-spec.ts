// docker-compose.yml on an engine for containers, as an operator runs it: `npm run test:containers`. It needs Docker with Compose, the
// images (pulled, or under their names), and the ports and addresses that the composition names.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Verdict } from '#ledger/verify';
import { runPlenary } from '../support/plenary.js';
import { until } from '../support/until.js';
import { composition, docker, type Composition } from './support/composition.js';
import { ask, listedPersons, PersonsLoad, type Asked } from './support/persons-load.js';

/** Images are built and pulled, and a cluster of three is begun. */
const LIMIT_MS = 1_200_000;
const SAMPLE = 'samples/wco-europe-2024.json';

const scratch = mkdtempSync(join(tmpdir(), 'plenary-containers-'));
afterAll(() => rmSync(scratch, { recursive: true }));

async function adminToken({ compose }: Composition, service: string): Promise<string> {
  const keys = join(scratch, `keys-of-${service}`);
  await compose('cp', `${service}:/keys`, keys);
  return readFileSync(join(keys, 'admin.token'), 'utf8').trim();
}

const play = (url: string, admin: string, secretariat: string, env: Record<string, string> = {}) =>
  runPlenary(['play', SAMPLE, '--url', url, '--token', `admin=${admin}`, '--token', `secretariat=${secretariat}`], env);

/** Every acknowledged one is listed, and none twice. */
async function expectHeld(load: PersonsLoad, asked: Asked): Promise<void> {
  const listed = await listedPersons(asked);
  expect(new Set(listed).size).toBe(listed.length);
  const held = new Set(listed);
  expect(load.acknowledged.length).toBeGreaterThan(0);
  expect(load.acknowledged.filter((id) => !held.has(id))).toEqual([]);
}

/** All of it, up to the newest checkpoint. While the node that signs is down nothing is signed, and the verifier says so: that is no fault of it. */
async function expectProven(url: string, token: string, key: string, env: Record<string, string> = {}): Promise<void> {
  const verified = await runPlenary(['verify', '--url', url, '--key', key, '--json'], { ...env, PLENARY_TOKEN: token });
  const { integrity, completeness, findings } = JSON.parse(verified.stdout) as Verdict;
  expect([integrity, completeness, verified.stderr]).toEqual(['proven', 'proven', '']);
  expect(findings.filter(({ code }) => code !== 'covered-late')).toEqual([]);
}

describe('the composition of one database and one node', () => {
  const one = composition();
  const url = 'http://127.0.0.1:3000';
  let admin: string;

  beforeAll(async () => {
    await one.remove();
    await one.compose('up', '--detach', '--build', '--wait');
    admin = await adminToken(one, 'plenary');
  }, LIMIT_MS);
  afterAll(() => one.remove(), LIMIT_MS);

  it(
    'hands out the keys, makes tokens in the container, and records the sample',
    async () => {
      expect(readdirSync(join(scratch, 'keys-of-plenary')).sort()).toEqual(['admin.token', 'digest.key', 'signing.key', 'writer.key']);
      const secretariat = await one.token('plenary', 'secretariat');
      expect(await play(url, admin, secretariat)).toMatchObject({ status: 0, stderr: '' });
      expect(await play(url, admin, secretariat)).toMatchObject({ status: 0, stderr: '' });
    },
    LIMIT_MS,
  );

  it(
    'runs as somebody without rights, on a root that nobody can write',
    async () => {
      const container = await one.compose('ps', '--quiet', 'plenary');
      expect(await docker('diff', container)).toBe('');
      expect(await one.compose('exec', '--no-TTY', 'plenary', 'id', '-u')).toBe('1000');
      await expect(one.compose('exec', '--no-TTY', 'plenary', 'touch', '/app/written')).rejects.toThrow(/Read-only file system/);
    },
    LIMIT_MS,
  );

  it(
    'keeps what it acknowledged while the database, the node and both are killed, and proves it',
    async () => {
      const load = new PersonsLoad({ url, token: admin });
      for (const killed of [['kurrentdb'], ['plenary'], ['kurrentdb', 'plenary']]) {
        const before = load.acknowledged.length;
        await until(() => Promise.resolve(load.acknowledged.length >= before + 200));
        await one.kill(...killed);
        await one.compose('start', ...killed);
        for (const service of killed) await one.healthy(service);
      }
      await load.stop();
      await expectHeld(load, { url, token: admin });
      const key = (await ask({ url, token: admin }, 'GET', '/log/key')).body;
      await expectProven(url, await one.token('plenary', 'auditor'), key);
      expect(await one.plenary('plenary', 'replay', '--check')).toMatch(/^Equal:/);
    },
    LIMIT_MS,
  );

  it(
    'ends when it is told to, in its own time',
    async () => {
      await one.compose('stop');
      for (const service of ['plenary', 'kurrentdb']) {
        const container = await one.compose('ps', '--all', '--quiet', service);
        expect([service, await docker('inspect', '--format', '{{.State.ExitCode}}', container)]).toEqual([service, '0']);
      }
    },
    LIMIT_MS,
  );
});

describe('the cluster of three databases, two nodes and a proxy', () => {
  const cluster = composition('cluster', { KURRENTDB_ADMIN_PASSWORD: 'Sixteen0Letters0', PLENARY_SITE: 'localhost' });
  const members = ['kurrentdb-1', 'kurrentdb-2', 'kurrentdb-3'];
  const url = 'https://localhost';
  const authority = join(scratch, 'root.crt');
  let admin: string;
  let proxied: Asked;

  beforeAll(async () => {
    await cluster.remove();
    await cluster.compose('up', '--detach', '--build', '--wait', 'proxy');
    admin = await adminToken(cluster, 'plenary-1');
    const hasAuthority = () =>
      cluster.compose('cp', 'proxy:/data/caddy/pki/authorities/local/root.crt', authority).then(
        () => true,
        () => false,
      );
    await until(hasAuthority);
    proxied = { url, token: admin, ca: readFileSync(authority, 'utf8') };
    await until(async () => (await ask(proxied, 'GET', '/health/ready').catch(() => undefined))?.status === 200);
  }, LIMIT_MS);
  afterAll(() => cluster.remove(), LIMIT_MS);

  /** Each node itself, past the proxy. */
  const nodes = (): Promise<Asked[]> =>
    Promise.all(
      ['plenary-1', 'plenary-2'].map(async (service) => {
        const container = await cluster.compose('ps', '--quiet', service);
        const address = await docker(
          'inspect',
          '--format',
          '{{range $name, $at := .NetworkSettings.Networks}}{{if eq $name "plenary-spec_front"}}{{$at.IPAddress}}{{end}}{{end}}',
          container,
        );
        return { url: `http://${address}:3000`, token: admin };
      }),
    );

  /** The member that leads, as the first that answers sees it. */
  async function leader(): Promise<string | undefined> {
    for (const member of members) {
      const gossip = await cluster
        .compose('exec', '--no-TTY', member, 'curl', '--silent', '--insecure', '--max-time', '3', 'https://localhost:2113/gossip')
        .catch(() => '{"members":[]}');
      const seen = JSON.parse(gossip) as { members: { state: string; isAlive: boolean; httpEndPointIp: string }[] };
      const leading = seen.members.find(({ state, isAlive }) => state === 'Leader' && isAlive);
      if (leading) return leading.httpEndPointIp;
    }
    return undefined;
  }

  it(
    'records the sample through the proxy, with the tokens that either node makes',
    async () => {
      const secretariat = await cluster.token('plenary-2', 'secretariat');
      expect(await play(url, admin, secretariat, { NODE_EXTRA_CA_CERTS: authority })).toMatchObject({ status: 0, stderr: '' });
    },
    LIMIT_MS,
  );

  it(
    'keeps what it acknowledged while whoever leads the database is killed, then each node, then all at once',
    async () => {
      const load = new PersonsLoad(proxied);
      const disturb = async (...services: string[]): Promise<void> => {
        const before = load.acknowledged.length;
        await until(() => Promise.resolve(load.acknowledged.length >= before + 200));
        await cluster.kill(...services);
        await cluster.compose('start', ...services);
        // A member that must cut its log back ends first, and is started again.
        for (const service of services) await cluster.healthy(service);
      };
      for (let time = 0; time < 3; time++) {
        let leading: string | undefined;
        await until(async () => (leading = await leader()) !== undefined);
        await disturb(leading!);
      }
      await disturb('plenary-1');
      await disturb('plenary-2');
      await disturb(...members, 'plenary-1', 'plenary-2', 'proxy');
      await load.stop();
      const both = await nodes();
      for (const node of both) await expectHeld(load, node);
      const auditor = await cluster.token('plenary-1', 'auditor');
      const changes: string[] = [];
      for (const node of both) changes.push((await ask({ ...node, token: auditor }, 'GET', '/changes?from=0&to=600&limit=500')).body);
      expect(changes[1]).toBe(changes[0]);
      expect(changes[0]).toContain('"record":');
    },
    LIMIT_MS,
  );

  it(
    'proves it to an auditor who asks the proxy, and each node holds what the log makes',
    async () => {
      const key = (await ask(proxied, 'GET', '/log/key')).body;
      await expectProven(url, await cluster.token('plenary-1', 'auditor'), key, { NODE_EXTRA_CA_CERTS: authority });
      for (const node of ['plenary-1', 'plenary-2']) expect(await cluster.plenary(node, 'replay', '--check')).toMatch(/^Equal:/);
    },
    LIMIT_MS,
  );
});
