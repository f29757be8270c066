// An older copy of a log, whose texts were removed and whose readers were restricted since: nobody gets at what the record says is gone.
import { readdirSync, readFileSync, rmSync, cpSync, createReadStream } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { linesOf, verifyBundle, type Verdict } from '#ledger/verify';
import { openLiveHistory } from '../../apps/api/src/ledger/live-history.js';
import { missingRecords } from '../../apps/api/src/ledger/missing-records.js';
import { recover, type RecoverOptions, type Recovered } from '../../apps/api/src/ledger/recovery/recover.js';
import { sourceAt } from '../../apps/api/src/ledger/recovery/sources.js';
import type { Serving } from '../../apps/api/src/serve.js';
import { runPlenary } from '../support/plenary.js';
import { call, REMOVED, tell, withOlderCopy, type Place, type Told } from './support/lost-tail.js';

const LIMIT_MS = 120_000;

let told: Told;
let place: Place;
let serving: Serving | undefined;
beforeAll(async () => {
  told = await tell();
}, LIMIT_MS);
afterAll(() => told.whole.remove());
afterEach(async () => {
  await serving?.stop();
  serving = undefined;
  place.remove();
});

const recoverPlace = (more: Partial<RecoverOptions> = {}): Promise<Recovered> =>
  recover({ data: place.data, keys: place.keys, signer: place.signer, sources: [], nowMs: Date.now(), ...more });
const list = (token: string) => call(serving!, token, 'GET', `/meetings/${told.ids.meeting}/remarks`);
const filesWith = (text: string): string[] =>
  readdirSync(place.data, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile() && readFileSync(join(each.parentPath, each.name)).includes(text))
    .map(({ name }) => name);

describe('of the time before a removal', () => {
  beforeEach(() => {
    place = withOlderCopy(told, told.beforeRemoval);
  });

  it(
    'holds the text again: the recovery that puts the removal back carries it out, and says so',
    async () => {
      expect(filesWith(REMOVED)).toContain('log.db');
      expect(await recoverPlace({ sources: [sourceAt(told.bundle)] })).toMatchObject({
        before: told.earlierSize,
        destroyed: 1,
        isCleared: true,
        lost: [],
      });
      expect(filesWith(REMOVED)).toEqual([]);
      expect((await place.events())[told.removedFrom - 1]!.sealed).toEqual((await told.whole.events())[told.removedFrom - 1]!.sealed);
      expect(await recoverPlace()).toMatchObject({ before: told.size, destroyed: 0 });
    },
    LIMIT_MS,
  );

  it(
    'is read by auditors alone until it is put right, and its start says why',
    async () => {
      serving = await place.serve();
      expect(serving.node.diverged).toContain('among what is missing are 1 value-removed');
      const { secretariat, admin, auditor } = told.tokens;
      for (const token of [secretariat, admin]) {
        const { status, text, body } = await list(token);
        expect([status, body.type, body.detail, text.includes(REMOVED)]).toEqual([
          503,
          'https://plenary.invalid/problems/record-diverged',
          expect.stringContaining('auditors alone'),
          false,
        ]);
      }
      expect((await list(auditor)).status).toBe(200);
    },
    LIMIT_MS,
  );

  it(
    'is read by auditors alone without any token as well',
    async () => {
      serving = await place.serve({ publicRead: true });
      expect((await fetch(`${serving.address}/api/v1/meetings`)).status).toBe(503);
    },
    LIMIT_MS,
  );
});

describe('that lacks what took nothing back from anybody', () => {
  beforeEach(() => {
    place = withOlderCopy(told);
    rmSync(place.signer, { recursive: true });
    cpSync(told.earlierSigner, place.signer, { recursive: true });
  });

  it(
    'is read by all who could read it',
    async () => {
      serving = await place.serve();
      expect(serving.node.diverged).toContain(`the log ends with record ${told.before}, and ${told.earlierSize} were signed`);
      expect((await list(told.tokens.secretariat)).status).toBe(200);
    },
    LIMIT_MS,
  );
});

describe('what is missing', () => {
  beforeEach(() => {
    place = withOlderCopy(told);
  });
  const missing = (...records: [stream: string, type: string][]) =>
    missingRecords({ entryAt: (at) => JSON.stringify({ stream: records[at]![0], type: records[at]![1] }) }, records.keys());

  it.each<[string, string, boolean]>([
    ['log', 'value-removed', true],
    ['meeting-a', 'part-audience-set', true],
    ['decision-a', 'decision-audience-set', true],
    ['body-a', 'membership-ended', true],
    ['log', 'access-day-closed', false],
    ['meeting-a', 'remark-made', false],
    ['meeting-a', 'value-removed', false],
    ['token-a', 'token-issued', false],
  ])('%s: %s', (stream, type, isWithheld) => {
    expect(missing(['log', 'clock-accepted'], [stream, type]).withheld !== undefined).toBe(isWithheld);
  });

  it(
    'names the tokens that it may have revoked: they let nobody in',
    async () => {
      expect([...missing(['token-a', 'token-revoked'], ['meeting-b', 'remark-made']).tokens]).toEqual(['a']);
      serving = await place.serve();
      expect([...serving.node.missing!.tokens].map((id) => id.replaceAll('-', '')).sort()).toEqual(
        [told.tokens.later, told.tokens.revoked].map((token) => token.split('_')[1]).sort(),
      );
      expect((await list(told.tokens.revoked)).status).toBe(401);
      expect((await list(told.tokens.auditor)).status).toBe(200);
    },
    LIMIT_MS,
  );

  it('withholds where it cannot be told', () => {
    const signed = {
      entryAt: () => {
        throw new Error('the entries are missing');
      },
    };
    expect(missingRecords(signed, [0]).withheld).toContain('the entries are missing');
  });
});

describe('read from its directory', () => {
  beforeEach(() => {
    place = withOlderCopy(told);
  });

  async function verified(): Promise<Verdict> {
    const key = (JSON.parse((await told.whole.events())[0]!.data) as { verifierKey: string }).verifierKey;
    const history = await openLiveHistory({ directory: place.data }, place.signer);
    try {
      return await verifyBundle(history.lines, { keys: [key], nowMs: Date.now(), published: history.published });
    } finally {
      await history.close();
    }
  }

  it(
    'is judged by what was signed last, as the signer’s directory remembers it',
    async () => {
      expect(await verified()).toMatchObject({ status: 1, firstWrongRecord: told.before + 1, bundle: { size: told.size } });
    },
    LIMIT_MS,
  );

  it(
    'gives no bundle',
    async () => {
      const { status, stdout, stderr } = await runPlenary(['export'], {
        PLENARY_DATA: place.data,
        PLENARY_KEYS: place.keys,
        PLENARY_SIGNER_DIR: place.signer,
      });
      expect([status, stdout, stderr]).toEqual([
        1,
        '',
        expect.stringContaining(`the log ends with record ${told.before}, and ${told.size} were signed`),
      ]);
    },
    LIMIT_MS,
  );

  it(
    'is proven once it is put right, before any server has started',
    async () => {
      await recoverPlace({ sources: [sourceAt(told.bundle)] });
      expect(await verified()).toMatchObject({ status: 0, completeness: 'proven', bundle: { size: told.size } });
      const file = join(place.directory, 'exported.ndjson');
      await place.export(file);
      expect(
        await verifyBundle(linesOf(createReadStream(file)), {
          keys: [(JSON.parse((await place.events())[0]!.data) as { verifierKey: string }).verifierKey],
          nowMs: Date.now(),
          since: told.checkpoint,
        }),
      ).toMatchObject({ status: 0, custody: 'proven' });
    },
    LIMIT_MS,
  );
});
