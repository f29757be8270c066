// The report of a meeting as readers get it: by what they accept, by language, by moment, and by audience.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { plenary } from '../support/plenary.js';
import { Server, text, type Answer } from '../support/server.js';

const LIMIT_MS = 60_000;
const NO_MEETING = '00000000-0000-4000-8000-000000000000';
const HOSTILE = '<script>alert(1)</script> **bold** [x](javascript:x)';

let server: Server;
let secretariat: string;
let delegate: string;
let meeting: string;
let before: number;
beforeAll(async () => {
  server = await Server.start();
  secretariat = await server.token('secretariat');
  const body = await server.make('/bodies', server.admin, { kind: 'board', name: text('The board'), audience: { kind: 'public' } });
  const organisation = await server.make('/organisations', secretariat, { kind: 'other', name: text('Outsiders') });
  delegate = await server.token('delegate', { organisation });
  meeting = await server.make('/meetings', secretariat, {
    bodies: [body],
    title: [...text('A meeting'), ...text('Une réunion', 'fr')],
    zone: 'Europe/Brussels',
    format: 'remote',
    starts: '2024-04-29',
  });
  await server.post(`/meetings/${meeting}/opening`, secretariat, { occurredAt: '2024-04-29' });
  const remark = (words: string, more: object = {}): Promise<string> =>
    server.make(`/meetings/${meeting}/remarks`, secretariat, { speaker: { named: text('The chair') }, text: text(words), ...more });
  const misheard = await remark('Fifteen percent');
  await remark(HOSTILE);
  await remark('Between us', { audience: { kind: 'restricted', organisations: [], roles: ['auditor'] } });
  before = (await server.get(`/remarks/${misheard}`, secretariat)).body.record;
  await server.post(`/meetings/${meeting}/remarks/${misheard}/correction`, secretariat, {
    text: text('Fifty percent'),
    reason: { code: 'misheard' },
  });
}, LIMIT_MS);
afterAll(() => server.stop());

const report = (token: string | undefined, headers: Record<string, string> = {}, query = ''): Promise<Answer> =>
  server.get(`/meetings/${meeting}/report${query}`, token, headers);

describe('the report of a meeting', () => {
  it('is Markdown, or HTML where that is preferred', async () => {
    expect((await report(secretariat)).headers.get('content-type')).toBe('text/markdown; charset=utf-8');
    expect((await report(secretariat, { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' })).headers.get('content-type')).toBe(
      'text/html; charset=utf-8',
    );
  });

  it('holds what was typed as text', async () => {
    const html = await report(secretariat, { accept: 'text/html' });
    expect(html.text).not.toContain('<script');
    expect(html.text).toContain('&lt;script&gt;');
    expect(html.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect((await report(secretariat)).text).toContain('\\<script\\>alert(1)\\</script\\> \\*\\*bold\\*\\* \\[x\\](javascript:x)');
  });

  it('stands as the register stood', async () => {
    expect((await report(secretariat)).text).toMatch(/Fifty percent.*\n- The remark was corrected/);
    const then = await report(secretariat, {}, `?asOf=${before}`);
    expect(then.text).toContain('Fifteen percent');
    expect(then.text).not.toContain('Fifty percent');
    expect(then.headers.get('plenary-as-of')).toBe(String(before));
  });

  it('is in the language that is asked for, with the original where that is missing', async () => {
    const { text: markdown, headers } = await report(secretariat, { 'accept-language': 'fr-CH, en;q=0.5' });
    expect(markdown).toContain('# Une réunion');
    expect(markdown).toContain('Les textes qui ne sont pas enregistrés dans cette langue sont donnés dans l’original : en.');
    expect(headers.get('content-language')).toBe('fr, en');
    expect((await report(secretariat, { 'accept-language': 'de' })).headers.get('content-language')).toBe('en');
  });

  it('holds what its reader may read', async () => {
    expect((await report(secretariat)).text).toContain('Between us');
    expect((await report(delegate)).text).toContain('Fifty percent');
    expect((await report(delegate)).text).not.toContain('Between us');
    expect((await report(undefined)).status).toBe(401);
  });

  it.each<[string, string, number, string]>([
    ['of no meeting', `/meetings/${NO_MEETING}/report`, 404, 'not-found'],
    ['of an odd id', '/meetings/%00../report', 404, 'not-found'],
    ['of a moment that has not come', '/meetings/{meeting}/report?asOf=999999', 422, 'as-of-beyond-record'],
    ['of no moment', '/meetings/{meeting}/report?asOf=yesterday', 400, 'as-of-unreadable'],
    ['with an unknown parameter', '/meetings/{meeting}/report?lang=fr', 400, 'query-invalid'],
  ])('%s is refused', async (_, path, status, type) => {
    const answer = await server.get(path.replace('{meeting}', meeting), secretariat);
    expect({ status: answer.status, type: answer.body.type.split('/').at(-1) }).toEqual({ status, type });
  });

  it('is printed by the command line, for whose token is given', async () => {
    const env = { PLENARY_DATA: server.data, PLENARY_KEYS: server.keys };
    const asPublic = await plenary(['report', '--meeting', meeting], { env });
    expect(asPublic).toMatchObject({ status: 0, stderr: '' });
    expect(asPublic.stdout).not.toContain('Between us');
    const french = await plenary(['report', '--meeting', meeting, '--lang', 'fr', '--format', 'html', '--url', server.address], {
      env: { PLENARY_TOKEN: secretariat },
    });
    expect(french.stdout).toContain('<html lang="fr">');
    expect(french.stdout).toContain('Between us');
    const none = await plenary(['report', '--meeting', NO_MEETING], { env });
    expect(none.status).toBe(1);
    expect(none.stderr).toContain('There is no meeting');
  });
});
