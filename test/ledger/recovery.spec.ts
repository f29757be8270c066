// A log that lost its end: the start that finds it, and the lawful ways back to what was signed.
import { existsSync, readdirSync, readFileSync, rmSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createReadStream } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { findForgery, leafEntryOf, LOG_FILE, readKeys, SqliteEventStore, type LoggedEvent } from '#event-store';
import { openDatabase } from '#sqlite';
import { parseCheckpoint } from '#ledger/core';
import { linesOf, verdictProse, verifyBundle, type Verdict } from '#ledger/verify';
import { recover, type RecoverOptions, type Recovered } from '../../apps/api/src/ledger/recovery/recover.js';
import { reopen } from '../../apps/api/src/ledger/recovery/reopen.js';
import { sourceAt } from '../../apps/api/src/ledger/recovery/sources.js';
import { tsWorkerExecArgv } from '../support/ts-worker.js';
import type { Serving } from '../../apps/api/src/serve.js';
import { meeting } from '../../libs/meetings/src/meeting.js';
import { call, KEY, REMOVED, tell, withOlderCopy, words, type Place, type Told } from './support/lost-tail.js';

const LIMIT_MS = 120_000;

let told: Told;
let place: Place;
let serving: Serving | undefined;
beforeAll(async () => {
  told = await tell();
}, LIMIT_MS);
afterAll(() => told.whole.remove());
beforeEach(() => {
  place = withOlderCopy(told);
});
afterEach(async () => {
  await serving?.stop();
  serving = undefined;
  place.remove();
});

const recoverPlace = (more: Partial<RecoverOptions> = {}): Promise<Recovered> =>
  recover({ data: place.data, keys: place.keys, signer: place.signer, sources: [], nowMs: Date.now(), ...more });
const declareLost = { reason: words('The disk failed, and the newest backup is of March'), authority: words('The secretary general') };
const leaves = (events: readonly LoggedEvent[]): string[] => events.map(({ leaf }) => leaf);
const remark = (server: Serving, token: string, headers?: Record<string, string>, text = 'Recorded after the copy') =>
  call(
    server,
    token,
    'POST',
    `/meetings/${told.ids.meeting}/remarks`,
    { speaker: { person: told.ids.person }, text: words(text) },
    headers,
  );
const rootOf = (server: Serving): string => Buffer.from(server.node.readModels.rootAt(told.size as never)).toString('base64');
const signedRoot = (): string =>
  Buffer.from(parseCheckpoint(told.checkpoint.slice(0, told.checkpoint.indexOf('\n\n') + 1)).root).toString('base64');

async function projected(server: Serving): Promise<void> {
  await server.node.projector.waitFor(server.node.lastRecord() as never, 60_000);
}

async function verify(): Promise<Verdict> {
  const file = join(place.directory, 'verified.ndjson');
  await place.export(file);
  const key = (JSON.parse((await place.events())[0]!.data) as { verifierKey: string }).verifierKey;
  return verifyBundle(linesOf(createReadStream(file)), { keys: [key], nowMs: Date.now(), since: told.checkpoint });
}

describe('a start on a log that lost its end', () => {
  it(
    'serves reading alone, says how far the log and the signed history reach, and records nothing',
    async () => {
      serving = await place.serve();
      expect(serving.node.diverged).toContain(`the log ends with record ${told.before}, and ${told.size} were signed`);
      const refused = await remark(serving, told.tokens.secretariat);
      expect([refused.status, refused.body.type]).toEqual([503, 'https://plenary.invalid/problems/record-diverged']);
      expect((await call(serving, told.tokens.auditor, 'GET', `/meetings/${told.ids.meeting}`)).status).toBe(200);
      const health = await call(serving, '', 'GET', '/health');
      expect([health.status, health.body]).toEqual([503, expect.objectContaining({ status: 'degraded', signer: serving.node.diverged })]);
      await serving.stop();
      serving = undefined;
      expect(await place.events()).toHaveLength(told.before);
    },
    LIMIT_MS,
  );

  it(
    'is refused where nothing is left of it: no new history takes its place',
    async () => {
      rmSync(place.data, { recursive: true });
      await expect(place.serve()).rejects.toThrow(`holds no record, and ${told.size} of records.example.org/lost were signed`);
      await expect(place.events()).resolves.toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'is told where an older copy went on, and that is not overwritten',
    async () => {
      serving = await place.serve({ signer: join(place.directory, 'elsewhere') });
      for (let count = 0; count < 12; count++)
        expect((await remark(serving, told.tokens.secretariat, {}, `Never signed ${count}`)).status).toBe(201);
      await serving.stop();
      const went = await place.events();
      serving = await place.serve();
      expect(serving.node.diverged).toContain(`record ${told.size} is not the one that was signed`);
      expect((await remark(serving, told.tokens.secretariat)).status).toBe(503);
      await serving.stop();
      serving = undefined;
      for (const more of [{}, { sources: [sourceAt(told.bundle)] }, { declareLost }])
        await expect(recoverPlace(more)).rejects.toThrow(`record ${told.before + 1} is not the one that was signed`);
      expect(leaves(await place.events())).toEqual(leaves(went));
    },
    LIMIT_MS,
  );
});

describe('from a source', () => {
  it.each<[string, () => string]>([
    ['a complete bundle', () => told.bundle],
    ['another data directory', () => told.whole.data],
  ])(
    '%s: everything is as it was, and goes on',
    async (_, from) => {
      expect(await recoverPlace({ sources: [sourceAt(from())] })).toMatchObject({
        before: told.before,
        size: told.size,
        restored: [{ from: told.before + 1, to: told.size }],
        lost: [],
      });
      expect(leaves(await place.events())).toEqual(leaves(await told.whole.events()));
      serving = await place.serve();
      await projected(serving);
      expect(serving.node.diverged).toBeUndefined();
      expect(rootOf(serving)).toBe(signedRoot());
      for (const [path, body] of Object.entries(told.lists))
        expect((await call(serving, told.tokens.auditor, 'GET', path)).body).toEqual(body);
      expect((await remark(serving, told.tokens.later)).status).toBe(201);
      await serving.node.signer!.sign();
      expect(await verify()).toMatchObject({ status: 0, completeness: 'proven', custody: 'proven' });
    },
    LIMIT_MS,
  );

  it(
    'a log of which nothing is left comes back whole',
    async () => {
      rmSync(place.data, { recursive: true });
      mkdirSync(place.data);
      await expect(recoverPlace()).rejects.toThrow('holds no log: bring a bundle');
      expect((await recoverPlace({ sources: [sourceAt(told.bundle)] })).restored).toEqual([{ from: 1, to: told.size }]);
      expect(leaves(await place.events())).toEqual(leaves(await told.whole.events()));
    },
    LIMIT_MS,
  );

  it(
    'that is older than a removal does not bring back what the law made go',
    async () => {
      const removed = (events: LoggedEvent[]): unknown => events.find(({ data, sealed }) => data.includes('remark') && sealed.length === 1);
      expect(readFileSync(told.earlierBundle, 'utf8')).toContain(REMOVED);
      const recovered = await recoverPlace({ sources: [sourceAt(told.earlierBundle), sourceAt(told.bundle)] });
      expect(recovered).toMatchObject({ withheld: 1, lost: [] });
      expect(removed(await place.events())).toEqual(removed(await told.whole.events()));
      for (const file of readdirSync(place.data).filter((name) => name.startsWith('log.db')))
        expect(readFileSync(join(place.data, file)).includes(REMOVED)).toBe(false);
    },
    LIMIT_MS,
  );

  it(
    'that does not hold all of it changes nothing, and what is missing is named',
    async () => {
      await expect(recoverPlace({ sources: [sourceAt(told.earlierBundle)] })).rejects.toThrow(
        `records ${told.earlierSize + 1} to ${told.size} are nowhere`,
      );
      await expect(recoverPlace()).rejects.toThrow(`records ${told.before + 1} to ${told.size} are nowhere`);
      expect(await place.events()).toHaveLength(told.before);
    },
    LIMIT_MS,
  );

  it(
    'that was altered gives nothing: what does not hash to what was signed is named',
    async () => {
      const file = join(place.directory, 'altered.ndjson');
      writeFileSync(
        file,
        readFileSync(told.bundle, 'utf8').replace(
          /"type":"meeting-scheduled"(?![^]*"type":"meeting-scheduled")/,
          '"type":"meeting-cancelled"',
        ),
      );
      await expect(recoverPlace({ sources: [sourceAt(file)] })).rejects.toThrow(
        /record \d+ in .*altered\.ndjson is not the one that was signed/,
      );
      writeFileSync(file, readFileSync(told.bundle, 'utf8').replace('Recorded after the copy', 'Recorded after the fact'));
      await expect(recoverPlace({ sources: [sourceAt(file)] })).rejects.toThrow(
        'carries a sealed value that is not the one that was sealed',
      );
      writeFileSync(file, 'no bundle\n');
      await expect(recoverPlace({ sources: [sourceAt(file)] })).rejects.toThrow('line 1 is no JSON');
      expect(await place.events()).toHaveLength(told.before);
    },
    LIMIT_MS,
  );

  it(
    'that broke off gives what it has: the rest is named, and taken from another',
    async () => {
      const file = join(place.directory, 'broken-off.ndjson');
      const lines = readFileSync(told.bundle, 'utf8').split('\n');
      const last = lines.findLastIndex((line) => line.startsWith('{"kind":"event"'));
      writeFileSync(file, [...lines.slice(0, last), lines[last]!.slice(0, 200)].join('\n'));
      await expect(recoverPlace({ sources: [sourceAt(file)] })).rejects.toThrow(
        `record ${told.size} is nowhere; line ${last + 1} of ${file} is no JSON, and 1 more`,
      );
      const recovered = await recoverPlace({ sources: [sourceAt(file), sourceAt(told.whole.data)] });
      expect(recovered).toMatchObject({
        lost: [],
        restored: [{ from: told.before + 1, to: told.size }],
        unusable: [`line ${last + 1} of ${file} is no JSON`, expect.stringContaining('broke off')],
      });
      expect(leaves(await place.events())).toEqual(leaves(await told.whole.events()));
    },
    LIMIT_MS,
  );

  it(
    'of which one record is of no use gives the others, and another source that one',
    async () => {
      const file = join(place.directory, 'altered.ndjson');
      writeFileSync(file, readFileSync(told.earlierBundle, 'utf8').replace('Recorded after the copy', 'Recorded after the fact'));
      const recovered = await recoverPlace({ sources: [sourceAt(file), sourceAt(told.bundle)] });
      expect(recovered).toMatchObject({
        lost: [],
        unusable: [expect.stringContaining('carries a sealed value that is not the one that was sealed')],
      });
      expect(leaves(await place.events())).toEqual(leaves(await told.whole.events()));
    },
    LIMIT_MS,
  );

  it(
    'that cannot give all of it leaves no log where there was none',
    async () => {
      rmSync(place.data, { recursive: true });
      await expect(recoverPlace({ sources: [sourceAt(told.earlierBundle)] })).rejects.toThrow('Nothing was changed');
      expect(existsSync(place.data)).toBe(false);
    },
    LIMIT_MS,
  );

  it(
    'without anything to put back nothing is done',
    async () => {
      await recoverPlace({ sources: [sourceAt(told.bundle)] });
      expect(await recoverPlace({ declareLost })).toMatchObject({ before: told.size, size: told.size, restored: [], lost: [] });
      expect(await place.events()).toHaveLength(told.size);
    },
    LIMIT_MS,
  );
});

describe('what is nowhere, and was declared lost,', () => {
  let recovered: Recovered;
  const lostFrom = (): number => told.before + 1;
  beforeEach(async () => {
    recovered = await recoverPlace({ declareLost });
  }, LIMIT_MS);

  it(
    'stands at its number as a placeholder whose leaf is its own, sealed, under the root that was signed',
    async () => {
      const [events, original] = [await place.events(), await told.whole.events()];
      expect(leaves(events.slice(0, told.size))).toEqual(leaves(original));
      const { writer } = readKeys(place.keys);
      for (const [at, event] of events.entries()) {
        expect(findForgery(writer!, event)).toBeUndefined();
        expect(event.lost !== undefined).toBe(at >= told.before && at < told.size);
        if (event.lost)
          expect([leafEntryOf(event), event.data, event.meta, event.sealed]).toEqual([leafEntryOf(original[at]!), '', '', []]);
      }
      expect(recovered.lost.map(({ record }) => record)).toEqual(
        Array.from({ length: told.size - told.before }, (_, at) => told.before + 1 + at),
      );
      const statement = events.at(-1)!;
      expect([events.length, statement.type, JSON.parse(statement.data)]).toEqual([
        told.size + 1,
        'history-restored',
        expect.objectContaining({ size: told.size, lost: [{ from: lostFrom(), to: told.size }] }),
      ]);
      expect(statement.sealed.map(({ value }) => value).sort()).toEqual(
        [declareLost.authority[0]!.text, declareLost.reason[0]!.text].sort(),
      );
    },
    LIMIT_MS,
  );

  it(
    'is told by the verifier, and is no gap',
    async () => {
      serving = await place.serve();
      await serving.node.signer!.sign();
      const verdict = await verify();
      expect(verdict).toMatchObject({
        status: 0,
        integrity: 'proven',
        completeness: 'proven',
        custody: 'proven',
        counted: { lostRecords: told.size - told.before },
        findings: [{ grade: 'notice', code: 'history-restored' }],
      });
      expect(verdictProse(verdict)).toContain(`what records ${lostFrom()} to ${told.size} said was lost`);
    },
    LIMIT_MS,
  );

  it(
    'can be explained anew, or found again, where the record that explained it is lost in its turn',
    async () => {
      dropLast(told.size + 1);
      const records = `records ${lostFrom()} to ${told.size}`;
      await expect(recoverPlace()).rejects.toThrow(`the log holds placeholders that no record explains: ${records} are nowhere`);
      serving = await place.serve();
      expect(serving.node.diverged).toContain(`of ${records} only placeholders are left, and no record explains them`);
      expect((await remark(serving, told.tokens.secretariat)).body.type).toBe('https://plenary.invalid/problems/record-diverged');
      await serving.stop();
      serving = undefined;
      const again = await recoverPlace({ declareLost });
      expect([again.before, again.lost.length, again.statedBy, again.restored]).toEqual([
        told.size,
        told.size - told.before,
        told.size + 1,
        [],
      ]);
      expect(
        await reopen(
          place.configuration,
          { stream: `meeting-${told.ids.meeting}` as never, ...declareLost },
          { workerExecArgv: tsWorkerExecArgv },
        ),
      ).toBe(true);
      expect(await recoverPlace()).toMatchObject({ lost: [], restored: [], explained: [{ from: lostFrom(), to: told.size }] });
    },
    LIMIT_MS,
  );

  it(
    'is put back where a source has it, once the record that explained it is lost',
    async () => {
      dropLast(told.size + 1);
      expect(await recoverPlace({ sources: [sourceAt(told.bundle)] })).toMatchObject({
        lost: [],
        restored: [{ from: lostFrom(), to: told.size }],
        explained: [],
      });
      expect(leaves(await place.events())).toEqual(leaves(await told.whole.events()));
      serving = await place.serve();
      await projected(serving);
      expect((await remark(serving, told.tokens.secretariat)).status).toBe(201);
      expect((await call(serving, told.tokens.auditor, 'GET', `/meetings/${told.ids.meeting}`)).body).not.toHaveProperty('incomplete');
    },
    LIMIT_MS,
  );

  it(
    'shows itself in the record to auditors, and marks what is incomplete',
    async () => {
      serving = await place.serve();
      await projected(serving);
      expect(rootOf(serving)).toBe(signedRoot());
      const { auditor, secretariat } = told.tokens;
      const shown = await call(serving, auditor, 'GET', `/records/${lostFrom()}`);
      const original = (await told.whole.events())[told.before]!;
      expect([shown.status, shown.body]).toEqual([
        200,
        {
          record: lostFrom(),
          id: original.id,
          type: 'remark-made',
          schemaVersion: original.schemaVersion,
          stream: original.stream,
          revision: original.revision,
          recordedAt: original.recordedAt,
          lost: true,
          leaf: original.leaf,
        },
      ]);
      expect((await call(serving, secretariat, 'GET', `/records/${lostFrom()}`)).status).toBe(404);
      expect((await call(serving, auditor, 'GET', `/records?after=${told.before}`)).body.records).toHaveLength(told.size + 1 - told.before);
      const meeting = `/meetings/${told.ids.meeting}`;
      expect((await call(serving, secretariat, 'GET', meeting)).body).toMatchObject({ incomplete: true });
      expect((await call(serving, secretariat, 'GET', `${meeting}?asOf=${told.before}`)).body).not.toHaveProperty('incomplete');
      expect((await call(serving, secretariat, 'GET', '/meetings')).body.items).toMatchObject([{ id: told.ids.meeting, incomplete: true }]);
      expect((await call(serving, secretariat, 'GET', `/persons/${told.ids.person}`)).body).not.toHaveProperty('incomplete');
      expect((await call(serving, secretariat, 'GET', `/versions/meetings/${told.ids.meeting}`)).body.items).toContainEqual(
        expect.objectContaining({ incomplete: true }),
      );
      const { items } = (await call(serving, auditor, 'GET', '/changes?from=0&limit=500')).body;
      expect(items.filter(({ id }) => id === told.ids.meeting).every(({ incomplete }) => incomplete)).toBe(true);
      expect(items.some(({ id, incomplete }) => id === told.ids.person && incomplete)).toBe(false);
      const report = await call(serving, secretariat, 'GET', `${meeting}/report`);
      expect(report.text).toContain('Incomplete: some of what was recorded of this was lost');
      expect((await call(serving, secretariat, 'GET', `${meeting}/report?asOf=${told.before}`)).text).not.toContain('Incomplete:');
    },
    LIMIT_MS,
  );

  it(
    'bars commands on its streams until somebody answers for them by name; others go on',
    async () => {
      serving = await place.serve();
      const { secretariat } = told.tokens;
      const barred = await remark(serving, secretariat);
      expect([barred.status, barred.body.type]).toEqual([409, 'https://plenary.invalid/problems/stream-incomplete']);
      expect((await call(serving, secretariat, 'POST', '/persons', { name: words('Another') })).status).toBe(201);
      await serving.stop();
      serving = undefined;
      const reopened = (stream: string) =>
        reopen(place.configuration, { stream: stream as never, ...declareLost }, { workerExecArgv: tsWorkerExecArgv });
      await expect(reopened(`person-${told.ids.person}`)).rejects.toThrow('names no event');
      await expect(reopened(`meeting-${told.ids.later}`)).rejects.toThrow('lost its first event');
      expect(await reopened(`meeting-${told.ids.meeting}`)).toBe(true);
      expect(await reopened(`meeting-${told.ids.meeting}`)).toBe(false);
      serving = await place.serve();
      expect((await remark(serving, secretariat)).status).toBe(201);
      expect((await call(serving, secretariat, 'POST', `/meetings/${told.ids.later}/opening`, { occurredAt: '2024-04-29' })).status).toBe(
        409,
      );
      await serving.node.signer!.sign();
      expect((await verify()).status).toBe(0);
    },
    LIMIT_MS,
  );

  it(
    'is nothing to rest a decision on where the event that opened its stream is among it',
    async () => {
      serving = await place.serve();
      const { runner } = serving.node;
      expect(await runner.state(meeting, told.ids.later as never)).toBeUndefined();
      expect(await runner.state(meeting, told.ids.meeting as never)).toBeDefined();
      const at = (id: string) =>
        call(serving!, told.tokens.secretariat, 'POST', '/proposals', { body: told.ids.body, meeting: id, text: words('A proposal') });
      expect((await at(told.ids.later)).status).toBeGreaterThanOrEqual(400);
      expect((await at(told.ids.meeting)).status).toBe(201);
    },
    LIMIT_MS,
  );

  it(
    'is not recorded a second time when the command that recorded it comes again',
    async () => {
      serving = await place.serve();
      const again = await remark(serving, told.tokens.secretariat, KEY);
      expect([again.status, again.body]).toMatchObject([201, { repeated: true, stream: `meeting-${told.ids.meeting}` }]);
      await serving.stop();
      serving = undefined;
      expect(await place.events()).toHaveLength(told.size + 1);
    },
    LIMIT_MS,
  );

  it(
    'lets nobody in with a token of which something was lost: that may have been its revocation',
    async () => {
      serving = await place.serve();
      expect((await call(serving, told.tokens.later, 'GET', '/meetings')).status).toBe(401);
      expect((await call(serving, told.tokens.secretariat, 'GET', '/meetings')).status).toBe(200);
    },
    LIMIT_MS,
  );

  it(
    'holds no text that could be removed',
    async () => {
      serving = await place.serve();
      await projected(serving);
      const { status, body } = await call(serving, told.tokens.admin, 'POST', '/removals', {
        values: [{ record: lostFrom(), pointer: '/data/text/0/text' }],
        reason: words('x'),
        authority: words('y'),
      });
      expect([status, body.type]).toEqual([422, 'https://plenary.invalid/problems/no-typed-text-there']);
    },
    LIMIT_MS,
  );
});

/** The last record is lost, which was never signed. */
function dropLast(record: number): void {
  const log = openDatabase(join(place.data, LOG_FILE), { mode: 'read-write' });
  log.prepare('DELETE FROM events WHERE record = ?').run(record);
  log.prepare('DELETE FROM sealed WHERE record = ?').run(record);
  log.prepare("UPDATE streams SET revision = revision - 1 WHERE name = 'log'").run();
  log.prepare('UPDATE store SET records = ?').run(record - 1);
  log.close();
}

describe('what is said of it for ever', () => {
  const said = (text: string, lang = 'en') => ({ ...declareLost, reason: [{ lang, text }] });

  it.each<[string, ReturnType<typeof said>, string]>([
    ['steers a terminal', said('a\u001b[31mb'), 'the reason contains a control character'],
    ['is in no language', said('The disk failed', 'not a lang!'), 'which is no language tag'],
    ['is longer than a line', said('x'.repeat(4097)), 'at most 4096 bytes'],
    ['is no Unicode', { ...declareLost, authority: words('\ud800') }, 'the authority contains a lone surrogate'],
  ])(
    'is refused where it %s',
    async (_, statement, says) => {
      await expect(recoverPlace({ declareLost: statement })).rejects.toThrow(says);
      expect(await place.events()).toHaveLength(told.before);
      await expect(reopen(place.configuration, { stream: 'meeting-x' as never, ...statement })).rejects.toThrow(says);
    },
    LIMIT_MS,
  );
});

describe('a recovery that was cut short', () => {
  it(
    'leaves a log that is still too short, and is gone on with',
    async () => {
      const { value: restore } = Object.getOwnPropertyDescriptor(SqliteEventStore.prototype, 'restore') as {
        value: SqliteEventStore['restore'];
      };
      let batches = 0;
      SqliteEventStore.prototype.restore = async function (events) {
        if (++batches === 3) throw new Error('the power failed');
        await restore.call(this, events);
      };
      try {
        await expect(recoverPlace({ declareLost, batch: 2 })).rejects.toThrow('the power failed');
      } finally {
        SqliteEventStore.prototype.restore = restore;
      }
      expect(await place.events()).toHaveLength(told.before + 4);
      serving = await place.serve();
      expect(serving.node.diverged).toContain(`the log ends with record ${told.before + 4}, and ${told.size} were signed`);
      await serving.stop();
      serving = undefined;
      await expect(recoverPlace()).rejects.toThrow(`records ${told.before + 1} to ${told.size} are nowhere`);
      // Nothing says yet that they are lost: a source that turns up gives them back.
      const { lost, restored } = await recoverPlace({ sources: [sourceAt(told.bundle)] });
      expect([lost, restored]).toEqual([[], [{ from: told.before + 1, to: told.size }]]);
      const [events, original] = [await place.events(), await told.whole.events()];
      expect([leaves(events), events.map(({ sealed }) => sealed), events.filter(({ lost: isLost }) => isLost)]).toEqual([
        leaves(original),
        original.map(({ sealed }) => sealed),
        [],
      ]);
    },
    LIMIT_MS,
  );

  it(
    'is refused while a server runs, and without what the signer remembers',
    async () => {
      serving = await place.serve();
      await expect(recoverPlace({ declareLost })).rejects.toThrow(`another process holds ${place.data}`);
      await serving.stop();
      serving = undefined;
      await expect(recoverPlace({ declareLost, signer: join(place.directory, 'nowhere') })).rejects.toThrow('remembers no checkpoint');
      writeFileSync(join(place.signer, 'checkpoint'), '');
      await expect(recoverPlace({ declareLost })).rejects.toThrow(
        `the checkpoint in ${place.signer} cannot be read, since it is no checkpoint`,
      );
      expect(await place.events()).toHaveLength(told.before);
    },
    LIMIT_MS,
  );
});
