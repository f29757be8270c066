// A revoked token reads nothing more: also a replay that it began ends.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Server, text } from '../support/server.js';
import { tokenId } from '../support/world.js';

const LIMIT_MS = 60_000;
const RECORDS = 60;

let server: Server;
beforeAll(async () => {
  server = await Server.start();
  for (let number = 0; number < RECORDS; number++)
    await server.make('/organisations', server.admin, { kind: 'state-administration', name: text(`Administration ${number}`) });
}, LIMIT_MS);
afterAll(() => server.stop());

it(
  'a replay ends before its next step once its token is revoked',
  async () => {
    const token = await server.token('auditor');
    const answer = await fetch(`${server.address}/api/v1/replay?pace=1000`, { headers: { authorization: `Bearer ${token}` } });
    let received = '';
    let revoked = false;
    for await (const chunk of answer.body!) {
      received += Buffer.from(chunk).toString();
      if (revoked || received.split('\n').length <= 2) continue;
      const revocation = await server.api('POST', `/tokens/${tokenId(token)}/revocation`, {
        token: server.admin,
        body: { reason: { code: 'other' } },
      });
      expect(revocation.status).toBe(200);
      revoked = true;
    }
    const lines = received
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { event?: object; problem?: object });
    expect(lines.length).toBeLessThan(RECORDS);
    expect(lines.at(-1)).toMatchObject({ problem: { status: 401, type: expect.stringMatching(/unauthenticated$/) as never } });
    expect(lines.slice(0, -1).every(({ event }) => event !== undefined)).toBe(true);
  },
  LIMIT_MS * 2,
);
