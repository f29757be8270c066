// The README's tour is run as it stands there: every block of it that is marked `bash`, in one shell.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT, plenary, shell, type Ended } from '../support/plenary.js';
import { Server, temporaryDirectory } from '../support/server.js';

const LIMIT_MS = 60_000;
const README = readFileSync(join(PACKAGE_ROOT, 'README.md'), 'utf8');
const blocks = (language: string): string[] =>
  [...README.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm'))].map(([, block]) => block!);

let directory: string;
let server: Server;
let tour: Ended;
beforeAll(async () => {
  directory = temporaryDirectory();
  const data = join(directory, 'data');
  server = await Server.start({ data, keys: `${data}-keys` });
  tour = await shell(blocks('bash').join('\n'), { PLENARY_DATA: data, PLENARY: server.address });
}, LIMIT_MS);
afterAll(async () => {
  await server.stop();
  rmSync(directory, { recursive: true, force: true });
});

describe('the README', () => {
  it('has its two commands in the first screen', () => {
    const first = README.split('\n').slice(0, 12).join('\n');
    expect(first).toContain('npm ci && npm run demo');
    expect(first).toContain('npm ci && npm test');
  });

  it('has a tour that works, and answers both states of the remark', () => {
    expect(tour).toMatchObject({ status: 0 });
    const answers = tour.stdout.split(/(?<=\})(?=\{)/).map((answer) => answer.slice(0, answer.lastIndexOf('}') + 1));
    expect(answers.some((answer) => answer.includes('fifty percent') && answer.includes('"corrected":true'))).toBe(true);
    expect(answers.some((answer) => answer.includes('fifteen percent') && answer.includes('"corrected":false'))).toBe(true);
    expect(tour.stdout).toContain('# Spring meeting');
    expect(tour.stdout).toMatch(/Ada Example: The budget grows by fifty percent\. \\\[#\d+/);
  });

  it('has an example of a play that can be played', async () => {
    const [example] = blocks('json');
    const file = join(directory, 'example.json');
    writeFileSync(file, example!);
    const played = await plenary(['play', file, '--url', server.address], {
      env: { PLENARY_TOKEN_SECRETARIAT: await server.token('secretariat') },
    });
    expect(played).toMatchObject({ status: 0, stderr: '' });
    expect(played.stdout).toContain('3 steps were recorded.');
  });

  it('links to files that exist', () => {
    const links = [...README.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link!);
    expect(links.length).toBeGreaterThan(0);
    expect(links.filter((link) => !existsSync(join(PACKAGE_ROOT, link)))).toEqual([]);
  });
});
