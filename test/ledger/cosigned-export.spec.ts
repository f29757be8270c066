// A bundle at the checkpoint that witnesses cosigned, whatever was recorded since: their cosignatures count for it.
import { createPrivateKey } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { formatCheckpoint, formatNote, fromBase64, parseCheckpoint, parseNote } from '#ledger/core';
import type { Verdict } from '#ledger/verify';
import { LogKey, Witness } from '#ledger/writer';
import type { Serving } from '../../apps/api/src/serve.js';
import { readArguments } from '../../apps/cli/src/command-line.js';
import { exportCommand } from '../../apps/cli/src/export-command.js';
import { verifyCommand } from '../../apps/cli/src/verify-command.js';
import { runPlenary } from '../support/plenary.js';
import { newKey } from './support/ledger-history.js';
import { call, tell, words, type Told } from './support/lost-tail.js';

const LIMIT_MS = 120_000;
let told: Told;
let serving: Serving;
let verifierKey: string;
const witnessKey = newKey('w.example/1');
let since: string;

const file = (name: string): string => join(told.whole.directory, name);
const textOf = (note: string): string => note.slice(0, note.indexOf('\n\n') + 1);
const get = (path: string) => call(serving, told.tokens.auditor, 'GET', path);

beforeAll(async () => {
  told = await tell();
  serving = await told.whole.serve();
  verifierKey = (await get('/log/key')).text.trim();
  const witness = new Witness({ key: witnessKey, logs: [verifierKey], stateFile: file('witness/state'), now: () => Date.now() });
  const cosigned = await witness.cosign((await get('/log/checkpoint')).text, async (from) =>
    ((await get(`/log/consistency?from=${from}`)).body as unknown as { proof: string[] }).proof.map(fromBase64),
  );
  writeFileSync(file('cosigned'), cosigned);
  const remark = await call(serving, told.tokens.secretariat, 'POST', `/meetings/${told.ids.meeting}/remarks`, {
    speaker: { person: told.ids.person },
    text: words('After it was cosigned'),
  });
  expect(remark.status).toBe(201);
  since = (
    await call(serving, told.tokens.secretariat, 'POST', '/meetings', {
      bodies: [told.ids.body],
      title: words('Next'),
      starts: '2024-05-02',
      zone: 'UTC',
      format: 'remote',
    })
  ).body.id;
  await serving.node.signer!.sign();
  await serving.node.projector.waitFor(serving.node.lastRecord() as never, 60_000);
}, LIMIT_MS);
afterAll(async () => {
  await serving.stop();
  told.whole.remove();
});

async function run(verb: typeof exportCommand, args: readonly string[]): Promise<{ status: number; printed: string }> {
  let printed = '';
  const terminal = {
    print: (line = '') => void (printed += `${line}\n`),
    tell: () => undefined,
    progress: () => undefined,
    settle: () => undefined,
    write: () => Promise.resolve(),
    isLost: false,
    columns: 100,
  };
  const env = { PLENARY_DATA: told.whole.data, PLENARY_SIGNER_DIR: told.whole.signer, PLENARY_TOKEN: told.tokens.auditor };
  return { status: await verb.run({ ...readArguments(verb, args), env, terminal }), printed };
}

async function exported(note: string, ...args: string[]): Promise<string> {
  await run(exportCommand, ['--cosigned', file(note), '--out', file('bundle'), ...args]);
  return readFileSync(file('bundle'), 'utf8');
}
const verified = async (): Promise<Verdict> =>
  JSON.parse(
    (await run(verifyCommand, [file('bundle'), '--key', verifierKey, '--witness', witnessKey.cosignerKey, '--json'])).printed,
  ) as Verdict;
const fromServer = (): string[] => ['--url', serving.address];

describe('a bundle at a cosigned checkpoint', () => {
  it.each<[string, () => string[]]>([
    ['of everything, from the directory', () => []],
    ['of everything, from the server', fromServer],
    ['of a meeting', () => [...fromServer(), '--of', 'meeting', '--id', told.ids.meeting]],
  ])(
    '%s is borne out by the witness, and holds nothing that was recorded since',
    async (_, args) => {
      const bundle = await exported('cosigned', ...args());
      expect(JSON.parse(bundle.split('\n').find((line) => line.startsWith('{"kind":"checkpoint"'))!)).toEqual({
        kind: 'checkpoint',
        note: readFileSync(file('cosigned'), 'utf8'),
      });
      expect(bundle).not.toContain('After it was cosigned');
      expect(await verified()).toMatchObject({
        status: 0,
        integrity: 'proven',
        completeness: 'proven',
        custody: 'proven',
        bundle: { size: told.size },
      });
      await run(exportCommand, ['--out', file('bundle'), ...args()]);
      expect(await verified()).toMatchObject({ status: 2, custody: 'not-proven' });
    },
    LIMIT_MS,
  );

  it('is a selection too, with a proof from a checkpoint before it', async () => {
    await exported(
      'cosigned',
      ...fromServer(),
      '--of',
      'meeting',
      '--id',
      told.ids.meeting,
      '--selection',
      '--from',
      String(told.earlierSize),
    );
    expect(await verified()).toMatchObject({
      status: 0,
      integrity: 'proven',
      custody: 'proven',
      bundle: { size: told.size, complete: false },
    });
  });

  it('is refused of what came wholly after it', async () => {
    const ofLater = [...fromServer(), '--of', 'meeting', '--id', since];
    expect((await run(exportCommand, ['--out', file('later'), ...ofLater])).status).toBe(0);
    await expect(exported('cosigned', ...ofLater)).rejects.toThrow(
      `Among the ${told.size} records that the checkpoint covers that was given, there is no meeting ${since}.`,
    );
  });
});

describe('a checkpoint is refused', () => {
  const signed = (origin: string | undefined, size: number, root: Uint8Array | undefined, key: LogKey): string => {
    const own = parseCheckpoint(textOf(readFileSync(file('cosigned'), 'utf8')));
    const text = formatCheckpoint({ origin: origin ?? own.origin, size, root: root ?? own.root });
    return formatNote({ text, signatures: [key.sign(text)] });
  };
  /** The line with the time, which the log puts below as well, with one bit that is another. */
  const withClock = (note: string, key: LogKey): string => {
    const { text, signatures } = parseNote(note);
    const clock = key.cosign(text, 1_714_377_600);
    const signature = Uint8Array.from(clock.signature, (byte, at) => (at === 20 ? byte ^ 1 : byte));
    return formatNote({ text, signatures: [...signatures, { ...clock, signature }] });
  };
  const own = (): LogKey => new LogKey(verifierKey.split('+')[0]!, createPrivateKey(readFileSync(join(told.whole.keys, 'signing.key'))));

  it.each<[string, () => string, string, string]>([
    [
      'of another log',
      () => signed('w.example/other', 3, undefined, newKey('w.example/other')),
      'is of the log "w.example/other"',
      'foreign-checkpoint',
    ],
    [
      'that no key of the record signed',
      () => signed(undefined, told.size, undefined, newKey(own().key.name)),
      'is signed by no key that this record names',
      'foreign-checkpoint',
    ],
    [
      'with a line in the name of its key that this key did not make',
      () => withClock(signed(undefined, told.size, undefined, own()), own()),
      'or not all lines in their name are theirs',
      'foreign-checkpoint',
    ],
    [
      'of another tree',
      () => signed(undefined, told.size, Buffer.alloc(32, 1), own()),
      'is of another tree: the first',
      'foreign-checkpoint',
    ],
    [
      'of fewer records with the root of more',
      () => signed(undefined, told.size - 1, undefined, own()),
      'is of another tree',
      'foreign-checkpoint',
    ],
    ['beyond the log', () => signed(undefined, told.size + 1000, undefined, own()), 'and the newest of this log', 'not-covered'],
    ['that is none', () => 'nonsense', 'is no signed note', 'foreign-checkpoint'],
  ])('%s', async (_, note, says, code) => {
    writeFileSync(file('foreign'), note());
    const { status, body } = await get(`/export?${new URLSearchParams({ cosigned: note() }).toString()}`);
    expect([status, body.type, body.detail]).toEqual([422, expect.stringMatching(new RegExp(`/${code}$`)), expect.stringContaining(says)]);
    for (const args of [[], fromServer()]) await expect(exported('foreign', ...args)).rejects.toThrow(says);
  });
});

it(
  'an export of what was never recorded ends with its own status, and writes nothing',
  async () => {
    const ended = await runPlenary(['export', '--url', serving.address, '--of', 'decision', '--id', told.ids.meeting], {
      PLENARY_TOKEN: told.tokens.auditor,
    });
    expect(ended).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringContaining(`there is no decision ${told.ids.meeting}.`) as never,
    });
  },
  LIMIT_MS,
);
