// A log that somebody altered beside a server: what of it is shown, what is said, and what comes back from a source.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { LOG_FILE } from '#event-store';
import { openDatabase } from '#sqlite';
import type { Serving } from '../../apps/api/src/serve.js';
import { discardReadModels } from '#read-models';
import { runPlenary } from '../support/plenary.js';
import { until } from '../support/until.js';
import { call, tell, type Answered, type Place, type Told } from './support/lost-tail.js';

const LIMIT_MS = 120_000;
const ALTERED = 'Something that nobody said';

let told: Told;
let place: Place;
let serving: Serving | undefined;
beforeAll(async () => {
  told = await tell();
}, LIMIT_MS);
afterAll(() => told.whole.remove());
beforeEach(() => {
  place = told.whole.copy();
});
afterEach(async () => {
  await serving?.stop();
  serving = undefined;
  place.remove();
});

const alter = (statement: string): void => {
  const log = openDatabase(join(place.data, LOG_FILE), { mode: 'read-write' });
  log.exec(statement);
  log.close();
};
const get = (path: string): Promise<Answered> => call(serving!, told.tokens.auditor, 'GET', path);
const refused = (detail: string) => ({
  status: 503,
  body: expect.objectContaining({ type: 'https://plenary.invalid/problems/record-unusable', detail }),
});
const kept = async (): Promise<number> =>
  (await told.whole.events()).findIndex(({ sealed }) => sealed.some(({ value }) => value === 'Kept')) + 1;

describe('a text that was altered', () => {
  let record: number;
  let what: string;
  beforeEach(async () => {
    record = await kept();
    what = `record ${record} in the store is not what a node of this installation wrote: its text does not fit`;
    alter(`UPDATE sealed SET value = '${ALTERED}' WHERE record = ${record} AND value = 'Kept'`);
  });

  it(
    'is not shown as the record, alone or in a page of records, and the signer refuses',
    async () => {
      serving = await place.serve();
      expect(await get(`/records/${record}`)).toMatchObject(refused(`${what}.`));
      expect(await get('/records?limit=200')).toMatchObject(refused(`${what}.`));
      expect((await get(`/records/${record - 1}`)).status).toBe(200);
      expect((await get(`/records?after=${record}`)).status).toBe(200);
      await serving.node.signer!.sign();
      expect(serving.node.diverged).toBe(`record ${record} is not what a node of this installation wrote: its text does not fit`);
      expect((await get('/health')).body).toMatchObject({ status: 'degraded', signer: serving.node.diverged });
    },
    LIMIT_MS,
  );

  it(
    'stops read models that are made anew before it',
    async () => {
      discardReadModels(place.data);
      serving = await place.serve();
      await until(() => Promise.resolve(serving!.node.projector.alarm() !== undefined));
      expect(serving.node.projector.alarm()).toContain(`record ${record}`);
      expect(serving.node.projector.progress.record).toBe(record - 1);
      expect((await get(`/meetings/${told.ids.meeting}/remarks`)).text).not.toContain(ALTERED);
    },
    LIMIT_MS,
  );
});

describe('a record that is gone from its midst', () => {
  it(
    'is named by whatever passes it, and by the health at once; others are shown',
    async () => {
      alter(`DELETE FROM events WHERE record = ${told.before}`);
      serving = await place.serve();
      const gone = `the log is damaged: record ${told.before} is missing`;
      expect(await get(`/records/${told.before}`)).toMatchObject(refused(`${gone}.`));
      expect(await get('/records?limit=200')).toMatchObject(refused(`${gone}.`));
      expect((await get(`/records/${told.before - 1}`)).status).toBe(200);
      expect((await get(`/records?after=${told.before}`)).status).toBe(200);
      await serving.node.signer!.sign();
      expect((await get('/health')).body).toMatchObject({ signer: `no checkpoint can be signed: ${gone}` });
    },
    LIMIT_MS,
  );
});

describe('a recovery of a log in which texts were altered', () => {
  const only = (record: number) => [{ from: record, to: record }];
  const stored = async (of: Place) => (await of.events()).map(({ leaf, sealed }) => ({ leaf, sealed }));

  it.each([
    ['its value', `value = '${ALTERED}'`],
    ['its salt', `salt = '${'0'.repeat(64)}'`],
  ])(
    'names it, and puts what was sealed back from a source: %s',
    async (_, change) => {
      const record = await kept();
      alter(`UPDATE sealed SET ${change} WHERE record = ${record} AND value = 'Kept'`);
      expect(await place.recoverFrom()).toMatchObject({ restored: [], completed: [], textless: only(record), altered: only(record) });
      expect(await place.recoverFrom(told.bundle)).toMatchObject({ restored: [], completed: only(record), textless: [], altered: [] });
      expect(await stored(place)).toEqual(await stored(told.whole));
    },
    LIMIT_MS,
  );

  it(
    'takes away what stands under a name to which nothing refers',
    async () => {
      const record = await kept();
      alter(`UPDATE sealed SET hash = '${'0'.repeat(64)}' WHERE record = ${record} AND value = 'Kept'`);
      expect(await place.recoverFrom(told.whole.data)).toMatchObject({ completed: only(record), textless: [], strays: only(record) });
      expect(await stored(place)).toEqual(await stored(told.whole));
    },
    LIMIT_MS,
  );

  it(
    'says so to the operator, and does not vouch for it',
    async () => {
      const record = await kept();
      alter(`UPDATE sealed SET value = '${ALTERED}' WHERE record = ${record} AND value = 'Kept'`);
      const env = { PLENARY_DATA: place.data, PLENARY_KEYS: place.keys, PLENARY_SIGNER_DIR: place.signer };
      const { status, stdout } = await runPlenary(['recover'], env);
      expect(status).toBe(0);
      expect(stdout).toContain(`Texts of record ${record} are missing, or were altered (record ${record}), and no removal names them`);
      expect(stdout).not.toContain('each as it was signed');
    },
    LIMIT_MS,
  );
});
