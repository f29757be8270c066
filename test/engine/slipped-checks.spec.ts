// Two nodes race: what one decides rests on a stream that the other moves before it is stored. No database checks that while it appends,
// so every node finds it in the log afterwards.
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Server } from '../support/server.js';
import { text } from '../support/server.js';
import { until } from '../support/until.js';
import { Nodes, registerOf } from './support/nodes.js';

let nodes: Nodes;
beforeEach(async () => {
  nodes = await Nodes.open();
});
afterEach(() => nodes.close());

it('a decision that rests on what another node moved meanwhile stands in the list of exceptions on every node', async () => {
  const one = await nodes.start('one');
  const two = await nodes.start('two');
  const secretariat = await one.token('secretariat');
  const auditor = await one.token('auditor');
  const body = await one.make('/bodies', one.admin, { kind: 'conference', name: text('Conference'), audience: { kind: 'public' } });
  const document = { kind: 'report', title: text('Paper'), issuer: body };
  const before = await one.command('POST', '/documents', secretariat, document);
  const exceptionsOf = async (node: Server) => (await node.get('/exceptions?rule=decided-on-moved', auditor)).body.items;
  await nodes.settled();
  expect(await exceptionsOf(two)).toEqual([]);

  // One has looked at the body and read it again; what it decided is on its way.
  const gate = nodes.database.holdAppends('plenary:document-');
  const headers = { 'idempotency-key': 'slips' };
  const sent = () => one.api('POST', '/documents', { token: secretariat, body: document, headers });
  const first = sent();
  await gate.arrived;
  await two.command('PUT', `/bodies/${body}/audience`, two.admin, {
    audience: { kind: 'members' },
    reason: { code: 'other', text: text('Decided so') },
  });
  gate.open();
  await first;
  let made = await sent();
  await until(async () => (made = await sent()).status === 201);

  // And one that rests on what is there now.
  await two.command('POST', '/documents', secretariat, document);
  await nodes.settled();
  for (const node of [one, two]) {
    const found = await exceptionsOf(node);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      as: 'discrepancy',
      type: 'document-registered',
      stream: made.body.stream,
      evidence: { stream: `body-${body}`, expected: 0, actual: 1 },
    });
    expect((await node.get(`/records/${found[0]!.record}`, auditor)).body).toMatchObject({
      type: 'document-registered',
      stream: made.body.stream,
    });
  }
  expect(made.body.stream).not.toBe(before.stream);
  await Promise.all([one.stop(), two.stop()]);
  expect(registerOf(two)).toEqual(registerOf(one));
});
