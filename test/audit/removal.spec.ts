// What the law makes go is gone: from every answer once the removal is answered, and from every byte of every file of the installation.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { verifyBundle, type Verdict } from '#ledger/verify';
import { readArguments } from '../../apps/cli/src/command-line.js';
import { redactCommand } from '../../apps/cli/src/redact-command.js';
import { filesHolding } from '../support/files.js';
import { hiddenTerminal } from '../support/terminal.js';
import { Server, temporaryDirectory, text, type Answered } from '../support/server.js';
import { until } from '../support/until.js';

const LIMIT_MS = 60_000;
/** In lower case, and of one word, so that the search index would hold it as it is. */
const MARK = 'zqxunmistakable';
const directory = temporaryDirectory();
const places = { data: join(directory, 'data'), keys: join(directory, 'keys') };

let server: Server;
let auditor: string;
let secretariat: string;
let secretariatToken: string;
let body: string;
let meeting: string;
let remark: string;
let document: string;
let root: string;
let given: string[];

interface Shown extends Answered {
  data: Record<string, unknown>;
  actor: { name?: unknown };
  removed?: { hash: string; by: number }[];
  leaf: string;
}

beforeAll(async () => {
  server = await Server.start(places);
  auditor = await server.token('auditor');
  body = await server.make('/bodies', server.admin, { kind: 'council', name: text('Council'), audience: { kind: 'public' } });
  const issued = await server.post('/tokens', server.admin, { role: 'secretariat', bodies: [body], name: text(`Clerk ${MARK}name`) });
  [secretariat, secretariatToken] = [issued.token, issued.id];
  meeting = await server.make('/meetings', secretariat, {
    bodies: [body],
    title: text(`Meeting ${MARK}title`),
    starts: '2024-04-29',
    zone: 'Europe/Brussels',
    format: 'hybrid',
  });
  await server.post(`/meetings/${meeting}/opening`, secretariat, { occurredAt: '2024-04-29' });
  remark = await server.make(`/meetings/${meeting}/remarks`, secretariat, {
    speaker: { named: text(`Somebody ${MARK}speaker`) },
    text: [...text(`She said ${MARK}remark`), ...text('Elle parla', 'fr')],
  });
  await server.post(`/meetings/${meeting}/remarks/${remark}/correction`, secretariat, {
    text: text(`She said ${MARK}correction`),
    reason: { code: 'typing', text: text(`Because ${MARK}reason`) },
  });
  document = await server.make('/documents', secretariat, { kind: 'report', title: text(`Report ${MARK}document`), issuer: body });
  await server.post(`/meetings/${meeting}/remarks/${remark}/correction`, secretariat, {
    text: text('She said something else'),
    reason: { code: 'misheard' },
  });
  await until(async () => (await get('/records?limit=500')).includes('something else'));
}, LIMIT_MS);

afterAll(async () => {
  await server.stop();
  rmSync(directory, { recursive: true, force: true });
});

const get = async (path: string, token = auditor, headers: Record<string, string> = {}): Promise<string> => {
  const { status, text: answered } = await server.get(path, token, headers);
  expect([path, status]).toEqual([path, 200]);
  return answered;
};

async function records(): Promise<Shown[]> {
  return (JSON.parse(await get('/records?limit=500')) as { records: Shown[] }).records;
}

/** Pointers to every text that holds the mark. */
async function marked(): Promise<{ record: number; pointer: string }[]> {
  return (await records()).flatMap((shown) => pointersIn(shown, '').map((pointer) => ({ record: shown.record, pointer })));
}

function pointersIn(value: unknown, at: string): string[] {
  if (typeof value === 'string') return value.includes(MARK) ? [at] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => pointersIn(inner, `${at}/${key}`));
}

/** Files of the installation, all but its keys, that hold the mark. */
const holding = (): string[] => filesHolding(directory, MARK).filter((file) => !file.startsWith(places.keys));

/** Everything that readers are shown of it. */
async function shown(): Promise<string> {
  const last = (await records()).length;
  const moments = Array.from({ length: last }, (_, index) => index + 1).filter((record) => record > 8);
  const paths = [
    '/records?limit=500',
    '/changes?limit=500',
    `/changes?limit=500&in=remarks`,
    '/replay',
    `/meetings/${meeting}/report`,
    '/tokens',
    '/removals',
    '/documents',
    '/meetings',
    `/versions/remarks/${remark}`,
    `/remarks/${remark}`,
    `/documents/${document}`,
    ...moments.flatMap((record) => [`/meetings/${meeting}/remarks?asOf=${record}`, `/meetings?asOf=${record}`]),
  ];
  const answers = await Promise.all(paths.map((path) => server.get(path, auditor)));
  expect(answers.map(({ status }, index) => [paths[index], status]).filter(([, status]) => status !== 200)).toEqual([]);
  return answers.map(({ text: answered }) => answered).join('\n');
}

const search = async (word: string): Promise<unknown[]> => (JSON.parse(await get(`/search?q=${word}`)) as { hits: unknown[] }).hits;
/** A complete bundle, under a checkpoint that covers everything up to now. */
async function bundle(): Promise<string[]> {
  const { record } = (await records()).at(-1)!;
  await until(async () => Number((await server.get('/log/checkpoint', auditor)).text.split('\n')[1]) >= record);
  return (await get('/export')).trimEnd().split('\n');
}

async function verified(lines: readonly string[]): Promise<Verdict> {
  const key = (await server.get('/log/key')).text.trim();
  // eslint-disable-next-line @typescript-eslint/require-await
  const source = async function* () {
    yield* lines;
  };
  return verifyBundle(source(), { keys: [key], nowMs: Date.now() });
}

const reasons = { reason: text('It names a person'), authority: text('Order of the court') };

describe('a removal', () => {
  it(
    'is refused to everybody but admins, and where it names what is no text',
    async () => {
      const [place] = await marked();
      const order = { values: [place!], ...reasons };
      for (const token of [auditor, secretariat])
        expect((await server.api('POST', '/removals', { token, body: order })).body).toMatchObject({
          status: 403,
          type: expect.stringContaining('not-your-role') as unknown as string,
        });
      const refused = async (value: object): Promise<string> => {
        const answer = await server.api('POST', '/removals', { token: server.admin, body: { values: [place!, value], ...reasons } });
        expect([answer.status, answer.body.fields?.[0]?.field.startsWith('values[1].')]).toEqual([422, true]);
        return answer.body.type.split('/').at(-1)!;
      };
      for (const record of [99_999, 1_000_000_000]) expect(await refused({ record, pointer: '/data/text/0/text' })).toBe('no-such-record');
      for (const pointer of [
        '/data',
        '/data/text',
        '/data/text/9/text',
        'data/text/0/text',
        '/actor/role',
        '/data/text/0/text/$sealed',
        '/toString',
        '/',
        '/data/__proto__',
      ]) {
        expect([pointer, await refused({ record: place!.record, pointer })]).toEqual([pointer, 'no-typed-text-there']);
      }
      for (const values of [[], undefined, [{ record: 0, pointer: '/data' }], [{ record: 1 }]])
        expect((await server.api('POST', '/removals', { token: server.admin, body: { values, ...reasons } })).status).toBe(400);
      expect(JSON.parse(await get('/removals'))).toMatchObject({ items: [] });
    },
    LIMIT_MS,
  );

  it(
    'takes one text: every moment withholds it, and what was typed besides stays',
    async () => {
      root = leavesOf(await records());
      given = await bundle();
      const before = await marked();
      const place = before.find(
        ({ pointer, record }) => pointer === '/data/text/0/text' && record === firstOf(before, '/data/text/0/text'),
      )!;
      expect(await search(`${MARK}correction`)).toHaveLength(0);
      const key = { 'idempotency-key': 'court-12' };
      const order = { values: [place], ...reasons };
      const answered = await server.post('/removals', server.admin, order, key);
      expect(answered).toMatchObject({ stream: 'log', carriedOut: true, events: [{ type: 'value-removed' }] });
      expect(await shown()).not.toContain(`${MARK}remark`);
      const first = JSON.parse(await get(`/meetings/${meeting}/remarks?asOf=${place.record}`)) as { items: { text: { text: unknown } }[] };
      expect(first.items[0]!.text.text).toEqual({ $removed: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown as string });
      expect(await get(`/meetings/${meeting}/remarks?asOf=${place.record}`, auditor, { 'accept-language': 'fr' })).toContain('Elle parla');
      expect(await marked()).toEqual(before.filter((each) => each !== place));
      // Twice is once; and what is gone is not removed again.
      expect(await server.post('/removals', server.admin, order, key)).toMatchObject({
        repeated: true,
        carriedOut: true,
        events: answered.events,
      });
      expect((await server.api('POST', '/removals', { token: server.admin, body: order })).body).toMatchObject({
        status: 409,
        type: expect.stringContaining('removed-already') as unknown as string,
      });
    },
    LIMIT_MS,
  );

  it(
    'shows both states: that a text was there, and which record says that it is gone',
    async () => {
      const [removal] = (JSON.parse(await get('/removals')) as { items: Answered[] }).items;
      expect(removal).toMatchObject({
        texts: 1,
        occurredAt: expect.any(String) as unknown as string,
        reason: { text: 'It names a person' },
        authority: { text: 'Order of the court' },
      });
      const [record] = removal!['records'] as number[];
      const held = JSON.parse(await get(`/records/${record}`)) as Shown;
      expect(held.removed).toEqual([{ hash: expect.any(String) as unknown as string, by: removal!.record }]);
      expect(held.data['text']).toEqual([
        { lang: 'en', text: { $removed: held.removed![0]!.hash } },
        { lang: 'fr', text: 'Elle parla' },
      ]);
      const says = JSON.parse(await get(`/records/${removal!.record}`, server.admin)) as Shown;
      expect(says.data['values']).toEqual([{ record, hash: held.removed![0]!.hash }]);
      expect((await server.get('/removals', secretariat)).body.items).toEqual([]);
      expect((await server.get(`/removals/${removal!.id}`, secretariat)).status).toBe(404);
    },
    LIMIT_MS,
  );

  it(
    'takes all of them, names too: no byte of any file holds one, and no leaf is another',
    async () => {
      const left = await marked();
      expect(new Set(left.map(({ pointer }) => pointer.split('/')[1]))).toEqual(new Set(['actor', 'data']));
      expect(holding()).not.toEqual([]);
      expect(await server.post('/removals', server.admin, { values: left, ...reasons })).toMatchObject({ carriedOut: true });
      expect(await shown()).not.toContain(MARK);
      expect(await marked()).toEqual([]);
      for (const word of ['remark', 'title', 'document', 'correction', 'name']) expect(await search(`${MARK}${word}`)).toEqual([]);
      expect(await search('something')).toHaveLength(1);
      expect(holding()).toEqual([]);
      expect(leavesOf((await records()).slice(0, root.split('\n').length))).toBe(root);
    },
    LIMIT_MS,
  );

  it(
    'leaves bundles that verify: the one that was given out before, and a new one without the texts',
    async () => {
      expect(given.join('\n')).toContain(MARK);
      expect(await verified(given)).toMatchObject({ status: 0, counted: { removedValues: 0 } });
      const now = await bundle();
      expect(now.join('\n')).not.toContain(MARK);
      const verdict = await verified(now);
      expect(verdict).toMatchObject({ status: 0, integrity: 'proven', completeness: 'proven' });
      expect(verdict.counted.removedValues).toBeGreaterThan(5);
    },
    LIMIT_MS,
  );

  it(
    'ends the name of a token: what it records from then on has none',
    async () => {
      await server.post(`/meetings/${meeting}/remarks`, secretariat, { speaker: { named: text('Another') }, text: text('Later') });
      await until(async () => (await get('/records?limit=500')).includes('Another'));
      const last = (await records()).at(-1)!;
      expect(last.actor).toMatchObject({ token: secretariatToken, role: 'secretariat' });
      expect(last.actor.name).toBeUndefined();
      expect(holding()).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'is ordered on the command line too',
    async () => {
      const { record } = (await records()).find(({ type }) => type === 'body-established')!;
      const lines: string[] = [];
      const terminal = hiddenTerminal((line) => void lines.push(line));
      const redact = (...args: string[]): Promise<number> =>
        redactCommand.run({
          ...readArguments(redactCommand, args),
          env: { PLENARY_DATA: places.data, PLENARY_KEYS: places.keys },
          terminal,
        });
      const order = [
        '--record',
        String(record),
        '--pointer',
        '/data/name/0/text',
        '--reason',
        'Demanded',
        '--authority',
        'Order of the court',
      ];
      expect(await redact(...order)).toBe(0);
      expect(lines).toEqual(['Removed: nothing is left of it in the data directory.']);
      expect(await get(`/bodies/${body}`)).toContain('$removed');
      await expect(redact(...order)).rejects.toThrow('removed-already');
      for (const [args, complaint] of [
        [order.slice(2), '--record'],
        [[...order.slice(0, 2), ...order.slice(4)], '--pointer'],
        [order.slice(0, 6), '--authority'],
        [['--record', '0', ...order.slice(2)], '--record'],
        [[...order, '--pointer', 'name'], 'slash'],
      ] as const) {
        await expect((async () => redact(...args))()).rejects.toThrow(complaint);
      }
    },
    LIMIT_MS,
  );

  it(
    'stays carried out over a restart and a rebuild',
    async () => {
      await server.stop();
      expect(holding()).toEqual([]);
      server = await Server.start(places);
      await server.post('/read-models/rebuild', server.admin);
      expect(await shown()).not.toContain(MARK);
      expect(holding()).toEqual([]);
    },
    LIMIT_MS,
  );
});

const firstOf = (places: readonly { record: number; pointer: string }[], pointer: string): number =>
  places.find((place) => place.pointer === pointer)!.record;
const leavesOf = (all: readonly Shown[]): string => all.map(({ leaf }) => leaf).join('\n');
