// Nodes, each a process of its own, on one database: the protocol server of the specs. What each records, the others have.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { unavailable } from '../../libs/event-store/src/eventstoredb/testing/index.js';
import { openTable, remarkOf } from '../support/server-faults.js';
import { failingStart, Server, text } from '../support/server.js';
import { until } from '../support/until.js';
import { tokenId } from '../support/world.js';
import { healthOf, Nodes, registerOf } from './support/nodes.js';

let nodes: Nodes;

beforeEach(async () => {
  nodes = await Nodes.open();
});

afterEach(() => nodes.close());

describe('two nodes', () => {
  it('read what the other one recorded, by its position, as it stood, and hold the same register', async () => {
    const one = await nodes.start('one');
    const table = await openTable(one);
    const two = await nodes.start('two');
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
    const both = await Promise.all(
      [one, two].map((node) =>
        node.api('POST', `/meetings/${table.meeting}/remarks`, { token: table.token, body: remarkOf(table, 'sent to both'), headers }),
      ),
    );
    expect(both.map(({ status }) => status)).toEqual([201, 201]);
    expect(both[0]!.body.id).toBe(both[1]!.body.id);
    expect(both[0]!.body.recordedAt).toBe(both[1]!.body.recordedAt);

    await nodes.settled();
    await Promise.all([one.stop(), two.stop()]);
    expect(registerOf(two)).toEqual(registerOf(one));
    expect(readFileSync(join(one.keys, 'signing.key'), 'utf8')).toContain('PRIVATE KEY');
  });

  it('let nobody in with a token that the other one revoked', async () => {
    const one = await nodes.start('one');
    const token = await one.token('auditor');
    const two = await nodes.start('two');
    expect((await two.get('/bodies', token)).status).toBe(200);
    await one.post(`/tokens/${tokenId(token)}/revocation`, one.admin, { reason: { code: 'other', text: [{ lang: 'en', text: 'left' }] } });
    await until(async () => (await two.get('/bodies', token)).status === 401);
  });
});

describe('a node', () => {
  it('without the signing key waits for the one that has it to open the history', async () => {
    const made = await Nodes.open();
    try {
      await made.start('first');
      nodes.giveKeys(made.keysOf('first'), nodes.keysOf('second'));
      const waiting = nodes.start('second');
      await nodes.database.until(() => nodes.database.openCalls >= 2);
      expect(nodes.records()).toBe(0);
      const third = await Server.start({ data: join(nodes.directory, 'third'), keys: made.keysOf('first'), env: nodes.env });
      expect((await (await waiting).get('/health')).status).toBe(200);
      await third.stop();
    } finally {
      await made.close();
    }
  });

  it('with the keys of another installation ends', async () => {
    await nodes.start('one');
    expect(await failingStart({ data: join(nodes.directory, 'other'), keys: nodes.keysOf('other'), env: nodes.env })).toMatchObject({
      status: 1,
      output: expect.stringMatching(/writer\.key and digest\.key is missing/),
    });
  });

  it('says which variable is wrong, and does not repeat it', async () => {
    for (const url of ['http://user:hidden@db:2113', 'esdb://user:hidden@db:port', 'esdb://db:2113']) {
      const { status, output } = await failingStart({
        data: join(nodes.directory, 'data'),
        keys: nodes.keysOf('none'),
        env: { EVENTSTORE_URL: url },
      });
      expect(status).toBe(1);
      expect(output).toMatch(/EVENTSTORE_URL/);
      expect(output).not.toMatch(/hidden/);
    }
  });

  it('answers 503 while the database is away, reads on, and takes the same command afterwards once', async () => {
    const one = await nodes.start('one');
    const table = await openTable(one);
    const path = `/meetings/${table.meeting}/remarks`;
    const sent = { token: table.token, body: remarkOf(table, 'in between'), headers: { 'idempotency-key': 'in-between' } };
    await one.command('POST', path, table.token, remarkOf(table, 'before'));
    await nodes.database.stop();
    const refused = await one.api('POST', path, sent);
    expect([refused.status, Number(refused.headers.get('retry-after')) > 0]).toEqual([503, true]);
    expect((await one.get(path, table.token)).body.items).toHaveLength(1);
    expect(await healthOf(one)).toMatchObject({ status: 503 });
    await nodes.database.start();
    await until(async () => (await one.api('POST', path, sent)).status === 201);
    await until(async () => (await one.get(path, table.token)).body.items?.length === 2);
    expect((await one.api('POST', path, sent)).body.repeated).toBe(true);
    expect(await healthOf(one)).toMatchObject({ status: 200 });
  });

  it('says that the database is away, also to who reads the history, and is ready again once it is back, though nobody sends a command', async () => {
    const one = await nodes.start('one');
    const [clerk, auditor, unseen] = [await one.token('secretariat'), await one.token('auditor'), await one.token('auditor')];
    for (const token of [clerk, auditor]) expect((await one.get('/persons', token)).status).toBe(200);
    await nodes.database.stop();
    // A command; the log itself; and a token that this node has not read yet.
    const answers = await Promise.all([
      one.api('POST', '/persons', { token: clerk, body: { name: text('Nobody') } }),
      one.get('/records?limit=1', auditor),
      one.get('/persons', unseen),
    ]);
    const said = answers.map(({ status, body, headers }) => [status, body.type.split('/').pop(), Number(headers.get('retry-after')) > 0]);
    expect(said).toEqual([
      [503, 'store-unavailable', true],
      [503, 'history-unreadable', true],
      [503, 'history-unreadable', true],
    ]);
    expect(await healthOf(one)).toMatchObject({ status: 503, store: expect.stringMatching(/^unreachable: the database does not answer/) });
    await nodes.database.start();
    await until(async () => (await healthOf(one)).status === 200);
  });

  it('takes back what the database takes back, and goes on', async () => {
    const one = await nodes.start('one');
    const table = await openTable(one);
    const path = `/meetings/${table.meeting}/remarks`;
    await one.post(path, table.token, remarkOf(table, 'kept'));
    const gone = await one.make(path, table.token, remarkOf(table, 'withdrawn'));
    await until(async () => (await one.get(path, table.token)).body.items?.length === 2);
    const { log } = nodes.database;
    log.withdraw(log.records.length - log.records.findLastIndex(({ stream }) => stream.startsWith('plenary:')));
    nodes.database.drop(unavailable());
    await until(async () => (await one.get(`/remarks/${gone}`, table.token)).status === 404);
    // It alarms until the register agrees with the log again.
    const sent = { token: table.token, body: remarkOf(table, 'said again'), headers: { 'idempotency-key': 'said-again' } };
    await until(async () => (await one.api('POST', path, sent)).status === 201);
    expect(one.output).toMatch(/no longer holds event/);
    await until(async () => (await one.get(path, table.token)).body.items?.length === 2);
    const { projected, projection } = await healthOf(one);
    expect([projected, projection]).toEqual([nodes.records(), 'ok']);
  });

  it('withholds a removed text from everybody, and says that it still lies in the database', async () => {
    const one = await nodes.start('one');
    const table = await openTable(one);
    const remark = await one.make(`/meetings/${table.meeting}/remarks`, table.token, remarkOf(table, 'of a private person'));
    const two = await nodes.start('two');
    const auditor = await one.token('auditor');
    const { record } = (await one.get(`/remarks/${remark}`, table.token)).body;
    const removed = await one.command('POST', '/removals', one.admin, {
      values: [{ record, pointer: '/data/text/0/text' }],
      reason: [{ lang: 'en', text: 'health' }],
      authority: [{ lang: 'en', text: 'order' }],
    });
    expect(removed).toMatchObject({ carriedOut: false });
    for (const node of [one, two]) {
      await until(async () => !(await node.get(`/records/${record}`, auditor)).text.includes('private person'));
      await until(async () => !(await node.get(`/remarks/${remark}`, table.token)).text.includes('private person'));
    }
    expect((await one.get('/health')).text).toMatch(/until the log is migrated/);
  });
});
