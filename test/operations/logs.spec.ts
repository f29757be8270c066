// The log of the process, after a whole conference was recorded through the API: a line for each request, and nothing that was typed.
import { readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Server, temporaryDirectory, text } from '../support/server.js';
import { until } from '../support/until.js';
import { tokenSecret } from '../support/world.js';
import { playSample } from '../audit/support/played-sample.js';

interface Line {
  level: number;
  time: string;
  msg: string;
  correlation?: string;
  method?: string;
  route?: string;
  status?: number;
  ms?: number;
  subject?: string;
  role?: string;
}

const SECRET_WORDS = 'Words that were refused and stand in no log';
const directory = temporaryDirectory();
let server: Server;
let secretariat: string;
let output: string;
let lines: Line[];
let refused: string;
let asked: string;

beforeAll(async () => {
  server = await Server.start({ data: join(directory, 'data'), keys: join(directory, 'keys'), env: { PLENARY_LOG: 'debug' } });
  secretariat = await server.token('secretariat');
  await playSample(server, secretariat);
  const failed = await server.api('POST', '/persons', { token: secretariat, body: { name: text(SECRET_WORDS), nothing: SECRET_WORDS } });
  refused = failed.body['correlation'] as string;
  await server.api('POST', '/persons', { token: secretariat, body: `{"name": "${SECRET_WORDS}` });
  await server.get(`/search?q=${encodeURIComponent(SECRET_WORDS)}`, secretariat);
  asked = (await server.get('/persons/3f0c9c1e-52f5-4d5e-9a51-5f3c2c1b7a10', secretariat)).body['correlation'] as string;
  await server.get('/persons', 'plenary_3f0c9c1e52f54d5e9a515f3c2c1b7a10_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA');
  await until(() => Promise.resolve(server.output.includes(asked)));
  await server.stop();
  ({ output } = server);
  lines = output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line);
});
afterAll(() => rmSync(directory, { recursive: true }));

const line = (correlation: string): Line | undefined => lines.find((each) => each.correlation === correlation && each.msg === 'request');

describe('the log of the process', () => {
  it('has a line for each request: its correlation id, who, the pattern of its address, status and time', () => {
    expect(line(refused)).toMatchObject({
      level: 30,
      method: 'POST',
      route: '/api/v1/persons',
      status: 400,
      role: 'secretariat',
      subject: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(line(asked)).toMatchObject({ method: 'GET', route: '/api/v1/persons/:person', status: 404 });
    const requests = lines.filter(({ msg }) => msg === 'request');
    expect(requests.filter(({ method, status }) => method === 'POST' && status === 201).length).toBeGreaterThan(70);
    expect(
      requests.filter(
        ({ correlation, ms, time }) =>
          !/^[0-9a-f-]{36}$/.test(correlation ?? '') || typeof ms !== 'number' || Number.isNaN(Date.parse(time)),
      ),
    ).toEqual([]);
    expect(requests.filter(({ status }) => status === 401)).toEqual([expect.not.objectContaining({ subject: expect.anything() })]);
  });

  it('holds nothing that was typed', () => {
    const sample = JSON.parse(readFileSync(fileURLToPath(new URL('../../samples/wco-europe-2024.json', import.meta.url)), 'utf8')) as {
      steps: { body?: object }[];
    };
    const typed = [...textsIn(sample.steps.map(({ body }) => body)), SECRET_WORDS];
    expect(typed.length).toBeGreaterThan(80);
    expect(typed.filter((each) => output.includes(each))).toEqual([]);
    expect(output).not.toContain(encodeURIComponent(SECRET_WORDS));
  });

  it('holds no token', () => {
    for (const token of [server.admin, secretariat]) expect(output).not.toContain(tokenSecret(token));
    expect(output).not.toMatch(/authorization|bearer|AAAAAAAA/i);
  });
});

/** Every string of several words, however deep it lies: what a single short word is may stand anywhere. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return value.length >= 8 && value.includes(' ') ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
