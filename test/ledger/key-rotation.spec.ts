// The signing key is replaced while the node runs; a crash at any step is settled by what the record says.
import { createReadStream, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { InstallationKeys, nextSigningKey, readKeys, SqliteEventStore, type Installation } from '#event-store';
import { isRefusal } from '#kernel';
import { linesOf, verifyBundle } from '#ledger/verify';
import { changeKey, LEDGER_KEY, LogKey } from '#ledger/writer';
import { KeyRotation } from '../../apps/api/src/ledger/key-rotation.js';
import { recover } from '../../apps/api/src/ledger/recovery/recover.js';
import { sourceAt } from '../../apps/api/src/ledger/recovery/sources.js';
import type { Serving } from '../../apps/api/src/serve.js';
import { runPlenary } from '../support/plenary.js';
import { call, Place, words } from './support/lost-tail.js';

const LIMIT_MS = 120_000;
const NEXT = 'signing.key.next';
const reason = words('Replaced every year');
let place: Place;
let serving: Serving | undefined;
beforeEach(() => {
  place = Place.make();
});
afterEach(async () => {
  await stop();
  place.remove();
});

async function start(): Promise<Serving> {
  return (serving = await place.serve());
}
async function stop(): Promise<void> {
  await serving?.stop();
  serving = undefined;
}
const admin = (): string => readFileSync(join(place.keys, 'admin.token'), 'utf8').trim();
const nextFile = (): string => join(place.keys, NEXT);
const keyOf = async (server: Serving): Promise<string> => (await (await fetch(`${server.address}/api/v1/log/key`)).text()).trim();
const keyInFile = (origin = 'records.example.org/lost'): string => new LogKey(origin, readKeys(place.keys).signing!).verifierKey;
const rotate = (server: Serving, headers?: Record<string, string>) => call(server, admin(), 'POST', '/log/key', { reason }, headers);

async function signedRecords(): Promise<number> {
  const store = await SqliteEventStore.open({ directory: place.data, mode: 'reader' });
  const note = await store.bookkeeping.read(LEDGER_KEY);
  await store.close();
  return Number(note!.split('\n')[1]);
}

async function verifiedWith(key: string): Promise<[number, string[]]> {
  const file = join(place.directory, 'bundle.ndjson');
  await place.export(file);
  const { status, findings } = await verifyBundle(linesOf(createReadStream(file)), { keys: [key], nowMs: Date.now() });
  return [status, findings.map(({ code }) => code)];
}

describe('the signer', () => {
  it(
    'signs at once when a meeting is over, and for nothing else before its time',
    async () => {
      const server = await start();
      const signer = server.node.signer!;
      let asked = 0;
      const sign = signer.sign.bind(signer);
      signer.sign = () => {
        asked += 1;
        return sign();
      };
      const { id: body } = (await call(server, admin(), 'POST', '/bodies', { kind: 'council', name: words('Council') })).body;
      const { token } = (await call(server, admin(), 'POST', '/tokens', { role: 'secretariat', name: words('A. Clerk') })).body;
      const { id: meeting } = (
        await call(server, token, 'POST', '/meetings', {
          bodies: [body],
          title: words('A meeting'),
          starts: '2024-04-29',
          zone: 'UTC',
          format: 'remote',
        })
      ).body;
      await call(server, token, 'POST', `/meetings/${meeting}/opening`, { occurredAt: '2024-04-29' });
      expect(asked).toBe(0);
      expect((await call(server, token, 'POST', `/meetings/${meeting}/conclusion`, { occurredAt: '2024-04-29' })).status).toBe(200);
      expect(asked).toBe(1);
    },
    LIMIT_MS,
  );

  it(
    'signs nothing more once it pauses, also of what was asked for before',
    async () => {
      const server = await start();
      const signer = server.node.signer!;
      const before = (await place.events()).length;
      // So many that the record is made before they are done, were they not waited for.
      for (let asked = 0; asked < 2_000; asked++) void signer.sign();
      await signer.pause();
      expect((await call(server, admin(), 'POST', '/bodies', { kind: 'council', name: words('Council') })).status).toBe(201);
      await signer.sign();
      // Its end waits for whatever was still to be signed.
      await stop();
      expect(await signedRecords()).toBe(before);
      await (await start()).node.signer!.sign();
      expect(await signedRecords()).toBe((await place.events()).length);
    },
    LIMIT_MS,
  );
});

describe('a change of keys', () => {
  it(
    'is recorded, told, and signed with from then on; both keys verify the history',
    async () => {
      const server = await start();
      await server.node.signer!.sign();
      const old = await keyOf(server);
      const { status } = await rotate(server);
      expect(status).toBe(200);
      const now = await keyOf(server);
      expect(now).not.toBe(old);
      expect([keyInFile(), existsSync(nextFile()), statSync(join(place.keys, 'signing.key')).mode & 0o777]).toEqual([now, false, 0o600]);
      await server.node.signer!.sign();
      expect(await verifiedWith(old)).toEqual([0, ['key-changed', 'key-followed']]);
      expect(await verifiedWith(now)).toEqual([0, ['key-changed']]);
      const events = await place.events();
      expect(JSON.parse(events.find(({ type }) => type === 'signing-key-changed')!.data)).toMatchObject({
        from: old,
        to: now,
        note: expect.stringContaining('plenary/key-change/v1') as unknown,
      });
    },
    LIMIT_MS,
  );

  it(
    'lasts over a restart, and can be followed by another',
    async () => {
      const first = await start();
      const old = await keyOf(first);
      await rotate(first);
      await stop();
      const second = await start();
      await second.node.signer!.sign();
      expect(second.node.diverged).toBeUndefined();
      await rotate(second);
      await second.node.signer!.sign();
      expect(await keyOf(second)).toBe(keyInFile());
      expect(await verifiedWith(old)).toEqual([0, ['key-changed', 'key-changed', 'key-followed']]);
      await stop();
      const third = await start();
      await third.node.signer!.sign();
      expect((await call(third, '', 'GET', '/health')).body).toMatchObject({ status: 'ready', signer: 'ok' });
    },
    LIMIT_MS,
  );

  it(
    'that is sent again changes nothing',
    async () => {
      const server = await start();
      await rotate(server, { 'idempotency-key': 'once' });
      const now = await keyOf(server);
      expect((await rotate(server, { 'idempotency-key': 'once' })).body).toMatchObject({ repeated: true });
      expect([await keyOf(server), keyInFile()]).toEqual([now, now]);
      await stop();
      expect(await keyOf(await start())).toBe(now);
      expect(existsSync(nextFile())).toBe(false);
    },
    LIMIT_MS,
  );

  it(
    'takes an admin, and a node that signs',
    async () => {
      const server = await start();
      const {
        body: { token },
      } = await call(server, admin(), 'POST', '/tokens', { role: 'auditor', name: words('Audit') });
      expect((await call(server, token, 'POST', '/log/key', { reason })).status).toBe(403);
      await stop();
      rmSync(join(place.keys, 'signing.key'));
      const refused = await rotate(await start());
      expect([refused.status, refused.body.type]).toEqual([409, 'https://plenary.invalid/problems/signs-elsewhere']);
      expect(existsSync(nextFile())).toBe(false);
    },
    LIMIT_MS,
  );
});

describe('a crash', () => {
  it(
    'before the change is recorded: the next start discards the new key',
    async () => {
      const old = await keyOf(await start());
      await stop();
      await nextSigningKey(place.keys);
      expect(await keyOf(await start())).toBe(old);
      expect([existsSync(nextFile()), keyInFile()]).toEqual([false, old]);
    },
    LIMIT_MS,
  );

  it(
    'after it was recorded: the next start goes over to the new key, and signs with it',
    async () => {
      const server = await start();
      await server.node.signer!.sign();
      const old = await keyOf(server);
      const before = readFileSync(join(place.keys, 'signing.key'));
      await rotate(server);
      const now = await keyOf(server);
      await stop();
      // As it lay between the record and the exchange.
      writeFileSync(nextFile(), readFileSync(join(place.keys, 'signing.key')), { mode: 0o600 });
      writeFileSync(join(place.keys, 'signing.key'), before);
      const again = await start();
      expect([await keyOf(again), keyInFile(), existsSync(nextFile())]).toEqual([now, now, false]);
      await again.node.signer!.sign();
      expect(await verifiedWith(old)).toEqual([0, ['key-changed', 'key-followed']]);
    },
    LIMIT_MS,
  );

  it(
    'and a log that lost its end with the change: the new key is kept, and the change is recovered, never declared lost',
    async () => {
      const server = await start();
      await server.node.signer!.sign();
      await stop();
      const whole = place.copy();
      await rotate(await start());
      await serving!.node.signer!.sign();
      const now = await keyOf(serving!);
      const bundle = join(place.directory, 'bundle.ndjson');
      await place.export(bundle);
      await stop();
      rmSync(join(place.data), { recursive: true });
      mkdirSync(place.data);
      writeFileSync(join(place.data, 'log.db'), readFileSync(join(whole.data, 'log.db')));
      whole.remove();
      writeFileSync(nextFile(), readFileSync(join(place.keys, 'signing.key')));
      const diverged = await start();
      expect(diverged.node.diverged).toContain('the log ends with record');
      expect(existsSync(nextFile())).toBe(true);
      await stop();
      const recovery = { ...place.configuration, sources: [], nowMs: Date.now() };
      await expect(recover({ ...recovery, declareLost: { reason, authority: reason } })).rejects.toThrow(
        'is signing-key-changed, without which the history cannot go on',
      );
      expect((await recover({ ...recovery, sources: [sourceAt(bundle)] })).lost).toEqual([]);
      const again = await start();
      await again.node.signer!.sign();
      expect([again.node.diverged, await keyOf(again), keyInFile(), existsSync(nextFile())]).toEqual([undefined, now, now, false]);
    },
    LIMIT_MS,
  );
});

describe('each step that fails', () => {
  const ORIGIN = 'records.example.org/x';
  let installation: Installation;
  let told: string[];
  let named: string;
  let rotation: KeyRotation;
  beforeEach(async () => {
    mkdirSync(place.keys, { recursive: true });
    const signing = await nextSigningKey(place.keys);
    writeFileSync(join(place.keys, 'signing.key'), readFileSync(nextFile()));
    rmSync(nextFile());
    const verifierKey = new LogKey(ORIGIN, signing).verifierKey;
    installation = {
      keys: new InstallationKeys(Buffer.alloc(32), Buffer.alloc(32), signing),
      origin: ORIGIN,
      verifierKey,
      formerKeys: [],
      isNew: false,
    };
    told = [];
    named = verifierKey;
    const signer = {
      pause: () => Promise.resolve(void told.push('pause')),
      resume: () => void told.push('resume'),
      signAs: () => void told.push('sign as'),
    };
    rotation = new KeyRotation({ installation, keysDirectory: place.keys, signer, keyInForce: () => Promise.resolve(named) });
  });
  const keyIn = (): string => keyInFile(ORIGIN);
  const nextIn = async (): Promise<string> => new LogKey(ORIGIN, await nextSigningKey(place.keys)).verifierKey;

  it('recording: the old key goes on signing, and the next try takes the same new key', async () => {
    const old = installation.verifierKey;
    await expect(rotation.rotate(() => Promise.reject(new Error('the disk is full')))).rejects.toThrow('the disk is full');
    expect([told, keyIn(), installation.verifierKey]).toEqual([['pause', 'resume'], old, old]);
    const next = await nextIn();
    await rotation.rotate(({ from, to }) => {
      expect([from, to]).toEqual([old, next]);
      named = to;
      return Promise.resolve('recorded');
    });
    expect([told.slice(2), keyIn(), installation.verifierKey, installation.formerKeys]).toEqual([
      ['pause', 'sign as', 'resume'],
      next,
      next,
      [old],
    ]);
  });

  it('recording, but it was stored all the same: the new key signs', async () => {
    await expect(
      rotation.rotate(({ to }) => {
        named = to;
        return Promise.reject(new Error('it is not known whether it is stored'));
      }),
    ).rejects.toThrow('not known');
    expect([told, keyIn(), existsSync(nextFile())]).toEqual([['pause', 'sign as', 'resume'], named, false]);
  });

  it('making the new key: nothing is recorded', async () => {
    mkdirSync(nextFile());
    let recorded = false;
    await expect(rotation.rotate(() => Promise.resolve((recorded = true)))).rejects.toThrow(NEXT);
    expect([recorded, told]).toEqual([false, []]);
  });

  it('the exchange: the signer is let go on, and the record says what the next start does', async () => {
    await expect(
      rotation.rotate(({ to }) => {
        named = to;
        // Nothing can be renamed onto a directory.
        rmSync(join(place.keys, 'signing.key'));
        mkdirSync(join(place.keys, 'signing.key', 'in-the-way'), { recursive: true });
        return Promise.resolve('recorded');
      }),
    ).rejects.toThrow();
    expect([told, await nextIn()]).toEqual([['pause', 'resume'], named]);
  });

  it('two at once: one after the other', async () => {
    const order: string[] = [];
    const one = rotation.rotate(async ({ to }) => {
      order.push('first begins');
      await Promise.resolve();
      named = to;
      order.push('first ends');
    });
    const two = rotation.rotate(({ from }) => Promise.resolve(void order.push(from === named ? 'second' : 'second, from the old key')));
    await Promise.all([one, two]);
    expect(order).toEqual(['first begins', 'first ends', 'second']);
  });

  it('where the node does not sign, nothing is made', async () => {
    installation.keys.signing = undefined;
    expect(isRefusal(await rotation.rotate(() => Promise.resolve(1)))).toBe(true);
    expect(existsSync(nextFile())).toBe(false);
  });

  it('a key that does not go on from the one in force is never signed as the old one', () => {
    const other = new LogKey('another.example/log', installation.keys.signing!);
    expect(() => changeKey(new LogKey(ORIGIN, installation.keys.signing!), other)).toThrow(TypeError);
  });
});

it.each(['running', 'not running'])(
  'plenary rotate-key, with the server %s',
  async (state) => {
    const server = await start();
    const old = await keyOf(server);
    if (state === 'not running') await stop();
    const env = { PLENARY_DATA: place.data, PLENARY_KEYS: place.keys, PLENARY_SIGNER_DIR: place.signer };
    const { status, stdout, stderr } = await runPlenary(['rotate-key', '--reason', 'Replaced every year'], env);
    expect([status, stderr]).toEqual([0, '']);
    const now = keyInFile();
    expect(stdout).toBe(`The signing key is replaced: what is signed from now on is verified with\n${now}\nin place of\n${old}\n`);
    expect((await runPlenary(['rotate-key'], env)).status).toBe(2);
    if (serving) expect(await keyOf(server)).toBe(now);
  },
  LIMIT_MS,
);
