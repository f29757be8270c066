// Nodes, each a process of its own, on one database: the protocol server of the specs. What each records, the others have.
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { currentFile } from '#read-models';
import { openDatabase } from '#sqlite';
import { ProtocolServer, unavailable } from '../../libs/event-store/src/eventstoredb/testing/index.js';
import { dump, type Dump } from '../../libs/read-models/src/dump.js';
import { openTable, remarkOf } from '../support/server-faults.js';
import { failingStart, Server, temporaryDirectory } from '../support/server.js';
import { until } from '../support/until.js';

let database: ProtocolServer;
let directory: string;
const nodes: Server[] = [];

/** The first one makes the keys; the others are given what every node is given, and not what signs. */
async function start(name: string): Promise<Server> {
  const keys = join(directory, name, 'keys');
  mkdirSync(keys, { recursive: true });
  if (nodes.length > 0) for (const file of ['writer.key', 'digest.key', 'admin.token']) cpSync(join(nodes[0]!.keys, file), join(keys, file));
  const node = await Server.start({ data: join(directory, name, 'data'), keys, env: { EVENTSTORE_URL: database.connectionString } });
  nodes.push(node);
  return node;
}

beforeEach(async () => {
  database = await new ProtocolServer().start();
  directory = temporaryDirectory();
});

afterEach(async () => {
  for (const node of nodes.splice(0)) await node.kill();
  await database.stop();
  rmSync(directory, { recursive: true, force: true });
});

const lagOf = async (node: Server): Promise<{ status: number; projected: number; projection: string; store: string }> => {
  const { status, text } = await node.get('/health');
  return { ...(JSON.parse(text) as { projected: number; projection: string; store: string }), status };
};

/** The register of a node that is stopped. */
function registerOf({ data }: Server): Dump {
  const file = openDatabase(currentFile(data)!, { mode: 'read-only' });
  try {
    return dump(file);
  } finally {
    file.close();
  }
}

const recordsIn = (): number => database.log.records.filter(({ stream }) => stream.startsWith('plenary:')).length;

describe('two nodes', () => {
  it('read what the other one recorded, by its position, as it stood, and hold the same register', async () => {
    const one = await start('one');
    const table = await openTable(one);
    const two = await start('two');
    const made = await one.api('POST', `/meetings/${table.meeting}/remarks`, { token: table.token, body: remarkOf(table, 'said at one') });
    const position = made.headers.get('plenary-position')!;
    const read = await two.api('GET', `/remarks/${made.body.id}`, { token: table.token, headers: { 'plenary-position': position } });
    expect(read.status).toBe(200);
    expect(JSON.stringify(read.body)).toContain('said at one');
    const then = await two.get(`/meetings/${table.meeting}/remarks?asOf=${read.body.record - 1}`, table.token);
    expect([then.status, then.body.items]).toEqual([200, []]);
    const now = await two.get(`/meetings/${table.meeting}/remarks?asOf=${read.body.record}`, table.token);
    expect(now.body.items.map(({ id }) => id)).toEqual([made.body.id]);

    // One command that reaches both takes effect once.
    const headers = { 'idempotency-key': 'sent-to-both' };
    const both = await Promise.all([one, two].map((node) => node.api('POST', `/meetings/${table.meeting}/remarks`, { token: table.token, body: remarkOf(table, 'sent to both'), headers })));
    expect(both.map(({ status }) => status)).toEqual([201, 201]);
    expect(both[0]!.body.id).toBe(both[1]!.body.id);
    expect(both[0]!.body.recordedAt).toBe(both[1]!.body.recordedAt);

    const records = recordsIn();
    await until(async () => (await lagOf(one)).projected === records && (await lagOf(two)).projected === records);
    await Promise.all([one.stop(), two.stop()]);
    expect(registerOf(two)).toEqual(registerOf(one));
    expect(readFileSync(join(one.keys, 'signing.key'), 'utf8')).toContain('PRIVATE KEY');
  });

  it('let nobody in with a token that the other one revoked', async () => {
    const one = await start('one');
    const token = await one.token('auditor');
    const two = await start('two');
    expect((await two.get('/bodies', token)).status).toBe(200);
    await one.post(`/tokens/${token.split('_')[1]!.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')}/revocation`, one.admin, { reason: { code: 'other', text: [{ lang: 'en', text: 'left' }] } });
    await until(async () => (await two.get('/bodies', token)).status === 401);
  });
});

describe('a node', () => {
  it('without the signing key waits for the one that has it to open the history', async () => {
    const first = await start('first');
    await first.stop();
    nodes.splice(0);
    await database.stop();
    database = await new ProtocolServer().start();
    const keys = join(directory, 'second', 'keys');
    mkdirSync(keys, { recursive: true });
    for (const file of ['writer.key', 'digest.key', 'admin.token']) cpSync(join(first.keys, file), join(keys, file));
    const waiting = Server.start({ data: join(directory, 'second', 'data'), keys, env: { EVENTSTORE_URL: database.connectionString } });
    await database.until(() => database.openCalls >= 2);
    expect(recordsIn()).toBe(0);
    nodes.push(await Server.start({ data: join(directory, 'third'), keys: first.keys, env: { EVENTSTORE_URL: database.connectionString } }));
    const second = await waiting;
    nodes.push(second);
    expect((await second.get('/health')).status).toBe(200);
  });

  it('with the keys of another installation ends', async () => {
    await start('one');
    const keys = join(directory, 'other-keys');
    expect(await failingStart({ data: join(directory, 'other'), keys, env: { EVENTSTORE_URL: database.connectionString } })).toMatchObject({ status: 1, output: expect.stringMatching(/writer\.key and digest\.key is missing/) });
  });

  it('says which variable is wrong, and does not repeat it', async () => {
    for (const url of ['http://user:hidden@db:2113', 'esdb://user:hidden@db:port', 'esdb://db:2113']) {
      const { status, output } = await failingStart({ data: join(directory, 'data'), keys: join(directory, 'keys'), env: { EVENTSTORE_URL: url } });
      expect(status).toBe(1);
      expect(output).toMatch(/EVENTSTORE_URL/);
      expect(output).not.toMatch(/hidden/);
    }
  });

  it('answers 503 while the database is away, reads on, and takes the same command afterwards once', async () => {
    const one = await start('one');
    const table = await openTable(one);
    const path = `/meetings/${table.meeting}/remarks`;
    const sent = { token: table.token, body: remarkOf(table, 'in between'), headers: { 'idempotency-key': 'in-between' } };
    await one.command('POST', path, table.token, remarkOf(table, 'before'));
    await database.stop();
    const refused = await one.api('POST', path, sent);
    expect([refused.status, Number(refused.headers.get('retry-after')) > 0]).toEqual([503, true]);
    expect((await one.get(path, table.token)).body.items).toHaveLength(1);
    expect(await lagOf(one)).toMatchObject({ status: 503 });
    await database.start();
    await until(async () => (await one.api('POST', path, sent)).status === 201);
    await until(async () => (await one.get(path, table.token)).body.items?.length === 2);
    expect((await one.api('POST', path, sent)).body.repeated).toBe(true);
    expect(await lagOf(one)).toMatchObject({ status: 200 });
  });

  it('takes back what the database takes back, and goes on', async () => {
    const one = await start('one');
    const table = await openTable(one);
    const path = `/meetings/${table.meeting}/remarks`;
    await one.post(path, table.token, remarkOf(table, 'kept'));
    const gone = await one.make(path, table.token, remarkOf(table, 'withdrawn'));
    await until(async () => (await one.get(path, table.token)).body.items?.length === 2);
    const last = database.log.records.findLastIndex(({ stream }) => stream.startsWith('plenary:'));
    database.log.withdraw(database.log.records.length - last);
    database.drop(unavailable());
    await until(async () => (await one.get(`/remarks/${gone}`, table.token)).status === 404);
    // It alarms until the register agrees with the log again.
    const sent = { token: table.token, body: remarkOf(table, 'said again'), headers: { 'idempotency-key': 'said-again' } };
    await until(async () => (await one.api('POST', path, sent)).status === 201);
    expect(one.output).toMatch(/no longer holds event/);
    await until(async () => (await one.get(path, table.token)).body.items?.length === 2);
    const { projected, projection } = await lagOf(one);
    expect([projected, projection]).toEqual([recordsIn(), 'ok']);
  });

  it('withholds a removed text from everybody, and says that it still lies in the database', async () => {
    const one = await start('one');
    const table = await openTable(one);
    const remark = await one.make(`/meetings/${table.meeting}/remarks`, table.token, remarkOf(table, 'of a private person'));
    const two = await start('two');
    const auditor = await one.token('auditor');
    const { record } = (await one.get(`/remarks/${remark}`, table.token)).body;
    const removed = await one.command('POST', '/removals', one.admin, { values: [{ record, pointer: '/data/text/0/text' }], reason: [{ lang: 'en', text: 'health' }], authority: [{ lang: 'en', text: 'order' }] });
    expect(removed).toMatchObject({ carriedOut: false });
    for (const node of [one, two]) {
      await until(async () => !(await node.get(`/records/${record}`, auditor)).text.includes('private person'));
      await until(async () => !(await node.get(`/remarks/${remark}`, table.token)).text.includes('private person'));
    }
    expect((await one.get('/health')).text).toMatch(/until the log is migrated/);
  });
});
