// What people and programs get wrong: each time a problem document that names the field or the cause, and the server runs on.
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exampleOf, operationsOf, pathOf, readDocument, wrongAmong, type OpenApi } from '../support/operations.js';
import { Server, text, type Answer, type Asked } from '../support/server.js';
import { until } from '../support/until.js';
import { makeOutside, makeWorld, type World } from '../support/world.js';

const LIMIT_MS = 120_000;
const KIB = 1024;

let server: Server;
let document: OpenApi;
let world: World;

beforeAll(async () => {
  server = await Server.start();
  document = await readDocument(server);
  world = await makeWorld(server, await makeOutside(server));
}, LIMIT_MS);
afterAll(() => server.stop());

/** What an answer must be: its status, the end of its type, and what its detail says; perhaps the fields that it names. */
type Expected = [status: number, type: string, says: RegExp, ...fields: string[]];

function expectProblem({ status, headers, body }: Answer, [wanted, type, says, ...fields]: Expected): void {
  expect(body.detail).toMatch(says);
  expect({ status, type: body.type, media: headers.get('content-type') }).toEqual({
    status: wanted,
    type: `https://plenary.invalid/problems/${type}`,
    media: 'application/problem+json; charset=utf-8',
  });
  expect(body).toMatchObject({ status: wanted, title: expect.any(String) as unknown, correlation: expect.any(String) as unknown });
  expect((body.fields ?? []).map(({ field }) => field)).toEqual(expect.arrayContaining(fields));
}

const at = (path: string): string => path.replace(/\{(\w+)\}/g, (_, name: string) => world.things[name]!);
const post = (path: string, asked: Asked): Promise<Answer> => server.api('POST', at(path), { token: world.tokens.secretariat, ...asked });
const REMARKS = '/meetings/{meeting}/remarks';
const remark = (more: object = {}): object => ({ speaker: { person: world.things['person'] }, text: text('A remark'), ...more });

describe('a body that is no JSON object', () => {
  it.each<[string, string | Uint8Array, RegExp]>([
    ['cut off', '{"speaker":', /Unexpected end of JSON input/],
    ['a list', '[]', /one JSON object/],
    ['null', 'null', /one JSON object/],
    ['a text', '"a"', /one JSON object/],
    ['a number', '12', /one JSON object/],
    ['two objects', '{}{}', /JSON/],
    ['a comment', '{/* no */}', /JSON/],
    ['not UTF-8', Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d), /not UTF-8/],
    ['a megabyte of brackets', '['.repeat(1000 * KIB), /JSON/],
  ])('%s', async (_, body, says) => {
    expectProblem(await post(REMARKS, { body }), [400, 'body-unreadable', says]);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/xml', 'multipart/form-data; boundary=x'])(
    'of the type %s',
    async (type) => {
      expectProblem(await post(REMARKS, { body: '{}', headers: { 'content-type': type } }), [
        415,
        'media-type-unsupported',
        /application\/json/,
      ]);
    },
  );

  it.each<[string, string, RegExp]>([
    ['content-type', 'application/json; charset=utf-16', /utf-16.*utf-8/],
    ['content-type', 'application/json;charset="ISO-8859-1"', /ISO-8859-1/],
    ['content-type', 'application/json; profile="a"; charset=latin1', /latin1/],
    ['content-type', 'application/json; charset=', /charset is not named/],
    ['content-type', 'application/json; charset=""', /charset is not named/],
    ['content-encoding', 'gzip', /gzip.*as it is/],
  ])('that is encoded: %s: %s', async (name, value, says) => {
    expectProblem(await post(REMARKS, { body: '{}', headers: { [name]: value } }), [415, 'media-type-unsupported', says]);
  });

  it.each([
    ['content-type', 'application/json; charset=UTF-8'],
    ['content-type', 'application/json; charset="utf-8"'],
    ['content-type', 'application/json;charset=utf8'],
    ['content-type', 'application/json; charset=US-ASCII'],
    ['content-type', 'application/json; profile="a;charset=latin1"'],
    ['content-type', 'application/json; profile="\\";charset=latin1"'],
    ['content-encoding', 'identity'],
  ])('that says that it is not: %s: %s', async (name, value) => {
    expect((await post(REMARKS, { body: JSON.stringify(remark()), headers: { [name]: value } })).status).toBe(201);
  });

  it('that is too large', async () => {
    expectProblem(await post(REMARKS, { body: JSON.stringify({ text: 'x'.repeat(1024 * KIB) }) }), [413, 'body-too-large', /1 MiB/]);
  });

  it('that is too large, sent in pieces without its length', async () => {
    const { status, body } = await new Promise<{ status: number; body: string }>((resolve, reject) => {
      const sent = httpRequest(
        `${server.address}/api/v1${at(REMARKS)}`,
        {
          method: 'POST',
          headers: {
            authorization: `Bearer ${world.tokens.secretariat}`,
            'content-type': 'application/json',
            'transfer-encoding': 'chunked',
          },
        },
        (answer) => {
          let answered = '';
          answer.on('data', (chunk: Buffer) => (answered += chunk.toString()));
          answer.on('end', () => resolve({ status: answer.statusCode!, body: answered }));
        },
      );
      sent.on('error', reject);
      for (let piece = 0; piece < 17; piece++) sent.write(' '.repeat(64 * KIB));
      sent.end();
    });
    expect({ status, type: (JSON.parse(body) as { type: string }).type }).toEqual({
      status: 413,
      type: 'https://plenary.invalid/problems/body-too-large',
    });
  });
});

describe('fields', () => {
  it.each<[string, () => object | string, ...Expected]>([
    ['none at all', () => ({}), 400, 'fields-invalid', /speaker/, 'speaker', 'text'],
    ['no speaker', () => ({ text: text('x') }), 400, 'fields-invalid', /speaker must be an object/, 'speaker'],
    ['one that is unknown', () => remark({ speeker: 1 }), 400, 'fields-invalid', /speeker: is not a field here/, 'speeker'],
    [
      'one that is unknown, within',
      () => remark({ speaker: { nam: 'x' } }),
      400,
      'fields-invalid',
      /speaker\.nam: is not a field here/,
      'speaker.nam',
    ],
    ['a text instead of texts', () => remark({ text: 'x' }), 400, 'fields-invalid', /text must be an array/, 'text'],
    ['texts without language', () => remark({ text: [{ text: 'x' }] }), 400, 'fields-invalid', /BCP 47/, 'text[0].lang'],
    [
      'a number as text',
      () => remark({ text: [{ lang: 'en', text: 5 }] }),
      400,
      'fields-invalid',
      /text\[0\]\.text: text must be a string/,
      'text[0].text',
    ],
    ['null as text', () => remark({ text: null }), 400, 'fields-invalid', /text/, 'text'],
    ['null where nothing is needed', () => remark({ item: null }), 400, 'fields-invalid', /item must be an id/, 'item'],
    ['no texts', () => remark({ text: [] }), 400, 'fields-invalid', /at least 1/, 'text'],
    ['an empty text', () => remark({ text: text('') }), 400, 'fields-invalid', /text should not be empty/, 'text[0].text'],
    [
      'a text of white space',
      () => remark({ text: text(' \t\u00a0\u2028\u2029') }),
      400,
      'fields-invalid',
      /text should not be empty/,
      'text[0].text',
    ],
    [
      'a text that shows nothing',
      () => remark({ text: text('\ufeff\u200b\u200c\u200d\u200e\u200f') }),
      400,
      'fields-invalid',
      /show nothing/,
      'text[0].text',
    ],
    ['a language twice', () => remark({ text: [...text('a'), ...text('b')] }), 400, 'fields-invalid', /each language once/, 'text'],
    ['a language that is none', () => remark({ text: text('a', 'English') }), 400, 'fields-invalid', /BCP 47/, 'text[0].lang'],
    [
      '25 languages',
      () => remark({ text: Array.from({ length: 25 }, (_, index) => ({ lang: `a${String.fromCharCode(97 + index)}`, text: 'x' })) }),
      400,
      'fields-invalid',
      /no more than 24/,
      'text',
    ],
    ['a speaker in words', () => remark({ speaker: 'the chair' }), 400, 'fields-invalid', /speaker must be an object/, 'speaker'],
    ['texts within texts', () => remark({ text: [[]] }), 400, 'fields-invalid', /text/, 'text'],
    ['a list as speaker', () => remark({ speaker: [] }), 400, 'fields-invalid', /speaker/, 'speaker'],
    ['nobody as speaker', () => remark({ speaker: {} }), 422, 'speaker-missing', /names nobody/, 'speaker'],
    ['a kind that is none', () => remark({ kind: 'shout' }), 400, 'fields-invalid', /kind must be one of statement, /, 'kind'],
    ['a flag in words', () => remark({ illustrative: 'yes' }), 400, 'fields-invalid', /illustrative must be a boolean/, 'illustrative'],
    [
      'an id in upper case',
      () => remark({ speaker: { person: world.things['person']!.toUpperCase() } }),
      400,
      'fields-invalid',
      /UUID in lower case/,
      'speaker.person',
    ],
    ['an id with odd characters', () => remark({ item: "1'; DROP TABLE log;--" }), 400, 'fields-invalid', /UUID/, 'item'],
    [
      'an id that is unknown',
      () => remark({ speaker: { person: '00000000-0000-4000-8000-000000000000' } }),
      422,
      'unknown-person',
      /00000000-0000-4000-8000-000000000000/,
      'speaker.person',
    ],
    ['an item that is unknown', () => remark({ item: '00000000-0000-4000-8000-000000000000' }), 422, 'unknown-item', /no item/, 'item'],
    [
      'an audience of nobody knows what',
      () => remark({ audience: { kind: 'restricted' } }),
      400,
      'fields-invalid',
      /organisations/,
      'audience.organisations',
    ],
    ['times without offset', () => remark({ occurredAt: '2024-04-29T09:00:00' }), 400, 'fields-invalid', /with an offset/, 'occurredAt'],
    ['a day that is none', () => remark({ occurredAt: '2024-02-30' }), 400, 'fields-invalid', /2024-04-29/, 'occurredAt'],
    ['a day in another order', () => remark({ occurredAt: '29.04.2024' }), 400, 'fields-invalid', /2024-04-29/, 'occurredAt'],
    ['an hour that is none', () => remark({ occurredAt: '2024-04-29T24:00:00Z' }), 400, 'fields-invalid', /offset/, 'occurredAt'],
    ['an offset that is none', () => remark({ occurredAt: '2024-04-29T10:00:00+24:00' }), 400, 'fields-invalid', /offset/, 'occurredAt'],
    ['a number as time', () => remark({ occurredAt: 1714377600 }), 400, 'fields-invalid', /occurredAt/, 'occurredAt'],
    ['the future', () => remark({ occurredAt: '2999-01-01' }), 422, 'occurred-in-future', /2999-01-01/, 'occurredAt'],
    ['the future, typed', () => remark({ typedAt: '2999-01-01T00:00:00Z' }), 422, 'occurred-in-future', /typedAt/, 'typedAt'],
    ['a date as the time of typing', () => remark({ typedAt: '2024-04-29' }), 400, 'fields-invalid', /with an offset/, 'typedAt'],
    [
      'an override without authority',
      () => remark({ override: { reason: text('Because') } }),
      400,
      'fields-invalid',
      /authority/,
      'override.authority',
    ],
    ['a lone surrogate', () => '{"text":[{"lang":"en","text":"\\ud800"}]}', 400, 'fields-invalid', /lone surrogate/, 'text[0].text'],
    ['a lone surrogate in a name', () => '{"\\udfff":1}', 400, 'fields-invalid', /lone surrogate/],
    ['a NUL', () => remark({ text: text('a\u0000b') }), 400, 'fields-invalid', /control character/, 'text[0].text'],
    ['an escape', () => remark({ text: text('\u001b[2J') }), 400, 'fields-invalid', /control character/, 'text[0].text'],
    ['a C1 control', () => remark({ text: text('a\u0085b') }), 400, 'fields-invalid', /control character/, 'text[0].text'],
    ['__proto__', () => '{"__proto__":{"admin":true}}', 400, 'fields-invalid', /__proto__/, '__proto__'],
    ['__proto__, within', () => '{"speaker":{"__proto__":{}}}', 400, 'fields-invalid', /speaker\.__proto__/, 'speaker.__proto__'],
    ['constructor', () => '{"constructor":{"prototype":{}}}', 400, 'fields-invalid', /constructor/, 'constructor'],
    ['40 levels', () => `${'{"a":'.repeat(40)}1${'}'.repeat(40)}`, 400, 'fields-invalid', /deeper than 32 levels/],
    ['100,000 levels', () => `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 400, 'fields-invalid', /deeper than 32 levels/],
    ['a number that is none', () => '{"a":1e999}', 400, 'fields-invalid', /safe integer/, 'a'],
    ['a number with a fraction', () => '{"a":1.5}', 400, 'fields-invalid', /decimals as strings/, 'a'],
    ['a number beyond safety', () => '{"a":9007199254740993}', 400, 'fields-invalid', /safe integer/, 'a'],
  ])('of a remark: %s', async (_, body, ...expected) => {
    expectProblem(await post(REMARKS, { body: body() }), expected);
  });

  it.each<[string, string, object, ...Expected]>([
    [
      'a zone that is unknown',
      '/meetings',
      { zone: 'Europe/Atlantis' },
      400,
      'fields-invalid',
      /IANA time zone such as Europe\/Brussels/,
      'zone',
    ],
    ['an abbreviated zone', '/meetings', { zone: 'EST' }, 400, 'fields-invalid', /IANA/, 'zone'],
    ['an offset as zone', '/meetings', { zone: '+02:00' }, 400, 'fields-invalid', /IANA/, 'zone'],
    ['a body twice', '/meetings', { bodies: ['{body}', '{body}'] }, 400, 'fields-invalid', /once/, 'bodies'],
    ['no body', '/meetings', { bodies: [] }, 400, 'fields-invalid', /bodies/, 'bodies'],
    [
      'a body beside theirs that is not theirs, or unknown',
      '/meetings',
      { bodies: ['{body}', '00000000-0000-4000-8000-000000000000'] },
      403,
      'not-your-body',
      /does not name/,
    ],
    [
      'an end before the start',
      '/meetings',
      { starts: '2024-04-29', ends: '2024-04-28' },
      422,
      'period-reversed-meeting',
      /2024-04-28/,
      'ends',
    ],
    [
      'a title that is too long',
      '/meetings',
      { title: text('x'.repeat(4 * KIB + 1)) },
      400,
      'fields-invalid',
      /at most 4096 bytes/,
      'title',
    ],
    ['a session that is negative', '/meetings', { session: -1 }, 400, 'fields-invalid', /must not be less than 0/, 'session'],
    [
      '501 organisations',
      '/meetings',
      { audience: { kind: 'restricted', roles: [], organisations: Array.from({ length: 501 }, () => '{body}') } },
      400,
      'fields-invalid',
      /no more than 500/,
      'audience.organisations',
    ],
    [
      'a number of 65 characters',
      '/meetings/{meeting}/agenda-items',
      { number: '1'.repeat(65), title: text('x'), purpose: 'decision' },
      400,
      'fields-invalid',
      /1 to 64 printable ASCII/,
      'number',
    ],
    [
      'a number that is no ASCII',
      '/meetings/{meeting}/agenda-items',
      { number: '४.२', title: text('x'), purpose: 'decision' },
      400,
      'fields-invalid',
      /printable ASCII/,
      'number',
    ],
    [
      'a number that is taken',
      '/meetings/{meeting}/agenda-items',
      { number: '1', title: text('x'), purpose: 'decision' },
      409,
      'item-number-taken',
      /There is an item 1/,
      'number',
    ],
    [
      'more present than entitled',
      '/meetings/{meeting}/attendance/stated',
      { present: 53, entitled: 52, evidence: { none: text('x') } },
      422,
      'more-present-than-entitled',
      /53 are present of 52/,
      'present',
    ],
    [
      'a point that shows nothing',
      '/meetings/{meeting}/discussions',
      { title: text('x'), points: [text('\u200b')] },
      400,
      'fields-invalid',
      /points must be a list of texts/,
      'points',
    ],
    [
      'points that are no texts',
      '/meetings/{meeting}/discussions',
      { title: text('x'), points: ['a'] },
      400,
      'fields-invalid',
      /points must be a list of texts/,
      'points',
    ],
    [
      'a term that ends before it begins',
      '/bodies/{body}/terms',
      { name: text('x'), from: '2031-01-01', until: '2030-01-01' },
      422,
      'period-reversed',
      /2030-01-01/,
      'until',
    ],
  ])('%s', async (_, path, body, ...expected) => {
    const meeting = { bodies: [world.things['body']], title: text('x'), zone: 'Europe/Brussels', format: 'remote' };
    const filled = JSON.parse(
      JSON.stringify({ ...(path === '/meetings' && meeting), ...body }).replace(/\{(body)\}/g, (_all, name: string) => world.things[name]!),
    ) as object;
    expectProblem(await post(path, { body: filled }), expected);
  });
});

describe('a long remark', () => {
  it.each([
    ['ASCII', 'x'.repeat(64 * KIB)],
    ['two bytes a character', 'é'.repeat(32 * KIB)],
    ['four bytes a character', '🏛'.repeat(16 * KIB)],
  ])('of 64 KiB is recorded: %s', async (_, words) => {
    const recorded = await post(REMARKS, { body: remark({ text: text(words) }) });
    expect(recorded.status).toBe(201);
    expect((await server.get(`/remarks/${recorded.body.id}`, world.tokens.secretariat)).body).toMatchObject({ text: { text: words } });
  });

  it.each([
    ['ASCII', `${'x'.repeat(64 * KIB)}x`, 65_537],
    ['two bytes a character', `${'é'.repeat(32 * KIB)}é`, 65_538],
  ])('of more is refused, and the limit told: %s', async (_, words, bytes) => {
    expectProblem(await post(REMARKS, { body: remark({ text: text(words) }) }), [
      400,
      'fields-invalid',
      new RegExp(`has ${bytes} bytes of UTF-8; at most 65536`),
      'text[0].text',
    ]);
  });

  it('in so many languages that they are too much together is refused, and the limit told', async () => {
    const texts = ['en', 'fr', 'de', 'es', 'ru', 'ar', 'zh', 'pt', 'it'].map((lang) => ({ lang, text: 'x'.repeat(60 * KIB) }));
    expectProblem(await post(REMARKS, { body: remark({ text: texts }) }), [413, 'command-too-large', /at most 524288/]);
  });

  it('keeps what was typed: newlines, tabs, and letters composed or not', async () => {
    const words = 'a\n\tb  c\u0301 ć \u202e \u{1f3db}';
    const { id } = await server.post(at(REMARKS), world.tokens.secretariat, remark({ text: text(words) }));
    expect((await server.get(`/remarks/${id}`, world.tokens.secretariat)).body).toMatchObject({ text: { text: words } });
  });
});

describe('addresses', () => {
  it.each<[string, string, ...Expected]>([
    ['GET', '/nothing', 404, 'no-such-address', /GET \/api\/v1\/nothing/],
    ['DELETE', '/meetings/{meeting}', 404, 'no-such-address', /DELETE/],
    ['PATCH', '/meetings/{meeting}', 404, 'no-such-address', /PATCH/],
    ['POST', '/meetings/{meeting}/remarks/x/y/z', 404, 'no-such-address', /POST/],
    ['GET', '/meetings/abc', 404, 'not-found', /no meeting of this id/],
    ['GET', "/meetings/'%20OR%201=1", 404, 'not-found', /no meeting/],
    ['GET', '/meetings/%00', 404, 'not-found', /no meeting/],
    ['GET', '/meetings/%F0%9F%8F%9B', 404, 'not-found', /no meeting/],
    ['GET', '/meetings/%FF', 404, 'no-such-address', /%FF is not an address/],
    ['GET', '/meetings/__proto__', 404, 'not-found', /no meeting/],
    ['GET', `/meetings/${'x'.repeat(300)}`, 404, 'no-such-address', /not an address/],
    ['POST', '/meetings/abc/remarks', 404, 'not-found', /no meeting of this id/],
    ['POST', '/meetings/00000000-0000-4000-8000-000000000000/remarks', 404, 'not-found', /no meeting of this id/],
    ['POST', '/meetings/{meeting}/remarks/abc/correction', 404, 'unknown-remark', /no remark abc/],
    ['GET', '/records/0', 404, 'not-found', /no record 0/],
    ['GET', '/records/-1', 404, 'not-found', /no record/],
    ['GET', '/records/1e3', 404, 'not-found', /no record/],
    ['GET', '/records/999999999', 404, 'not-found', /no record 999999999/],
  ])('%s %s', async (method, path, ...expected) => {
    const body = method === 'POST' ? (path.endsWith('correction') ? { text: text('x'), reason: { code: 'typing' } } : remark()) : undefined;
    expectProblem(await server.api(method, at(path), { token: world.tokens.secretariat, ...(body && { body }) }), expected);
  });

  it.each<[string, ...Expected]>([
    ['/bodies?limt=5', 400, 'query-invalid', /limt is not known here; known are asOf, /, 'limt'],
    ['/bodies?limit=1&limit=2', 400, 'query-invalid', /limit is given more than once/, 'limit'],
    ['/bodies?limit=0', 400, 'query-invalid', /from 1 to 500/, 'limit'],
    ['/bodies?limit=501', 400, 'query-invalid', /from 1 to 500/, 'limit'],
    ['/bodies?limit=ten', 400, 'query-invalid', /whole number/, 'limit'],
    ['/bodies?limit=', 400, 'query-invalid', /whole number/, 'limit'],
    ['/bodies?sort=name', 400, 'query-invalid', /sort must be one of recorded, -recorded/, 'sort'],
    ['/bodies?count=maybe', 400, 'query-invalid', /true or false/, 'count'],
    ['/bodies?__proto__=1', 400, 'query-invalid', /__proto__ is not known/, '__proto__'],
    ['/bodies?constructor=1', 400, 'query-invalid', /constructor is not known/, 'constructor'],
    ['/bodies/{body}/memberships?inForceOn=2024-13-01', 400, 'query-invalid', /a date such as/, 'inForceOn'],
    ['/bodies/{body}?limit=1', 400, 'query-invalid', /limit is not known here/, 'limit'],
    ['/search', 400, 'query-invalid', /at least one word/, 'q'],
    ['/search?q=x&in=nothing', 400, 'query-invalid', /in must be one of/, 'in'],
    ['/bodies?cursor=bad', 400, 'cursor-unreadable', /without it/],
    ['/bodies?cursor=', 400, 'cursor-unreadable', /without it/],
    [`/bodies?cursor=${cursor(['meetings recorded', 1, 0])}`, 400, 'cursor-unreadable', /without it/],
    [`/bodies?cursor=${cursor(['bodies recorded', -1, 0])}`, 400, 'cursor-unreadable', /without it/],
    [`/bodies?cursor=${cursor(['bodies recorded', 1.5, 0])}`, 400, 'cursor-unreadable', /without it/],
    [`/bodies?cursor=${cursor(['bodies recorded', 999_999, 0])}`, 422, 'as-of-beyond-record', /last record/],
    [`/bodies?cursor=${cursor(['bodies recorded', 5, { a: 1 }])}`, 400, 'cursor-unreadable', /without it/],
    [`/bodies?cursor=${'A'.repeat(2000)}`, 400, 'cursor-unreadable', /without it/],
    ['/bodies?asOf=yesterday', 400, 'as-of-unreadable', /yesterday/],
    ['/bodies?asOf=2024-04-29', 400, 'as-of-unreadable', /2024-04-29/],
    ['/bodies?asOf=2024-04-29T10:00:00', 400, 'as-of-unreadable', /2024/],
    ['/bodies?asOf=-1', 400, 'as-of-unreadable', /-1/],
    ['/bodies?asOf=1.5', 400, 'as-of-unreadable', /1\.5/],
    ['/bodies?asOf=', 400, 'as-of-unreadable', /neither/],
    ['/bodies?asOf=0', 422, 'as-of-before-record', /from 1/],
    ['/bodies?asOf=999999', 422, 'as-of-beyond-record', /The last record is \d+/],
    [`/bodies?asOf=${'9'.repeat(400)}`, 422, 'as-of-beyond-record', /The last record/],
    ['/bodies?asOf=2999-01-01T00:00:00Z', 422, 'as-of-in-future', /has not come yet/],
    ['/bodies?asOf=1999-01-01T00:00:00Z', 422, 'as-of-before-record', /before the first record/],
    ['/bodies/{body}?asOf=2999-01-01T00:00:00Z', 422, 'as-of-in-future', /has not come yet/],
  ])('GET %s', async (path, ...expected) => {
    expectProblem(await server.get(at(path), world.tokens.auditor), expected);
  });

  it('of a command with parameters: it takes none, and might be meant otherwise', async () => {
    expectProblem(await post(`${REMARKS}?dryRun=true`, { body: remark() }), [400, 'query-invalid', /dryRun/, 'dryRun']);
  });
});

function cursor(parts: unknown[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

describe('headers', () => {
  it.each<[string, string, RegExp]>([
    ['Idempotency-Key', 'with space', /1 to 200 printable ASCII/],
    ['Idempotency-Key', 'x'.repeat(201), /1 to 200/],
    ['Idempotency-Key', '', /1 to 200/],
    ['Idempotency-Key', 'clé', /printable ASCII/],
    ['If-Match', '7', /in quotes/],
    ['If-Match', '*', /in quotes/],
    ['If-Match', 'W/"7"', /in quotes/],
    ['If-Match', '"7", "8"', /in quotes/],
    ['If-Match', '"seven"', /in quotes/],
  ])('%s: %s', async (name, value, says) => {
    expectProblem(await post(REMARKS, { body: remark(), headers: { [name]: value } }), [400, 'header-invalid', says]);
  });

  it.each(['garbage', 'plenary:5', '\u00e9'])('Plenary-Position: %s', async (value) => {
    const expected: Expected = [400, 'header-invalid', /token that this API gave/];
    expectProblem(await server.get('/bodies', world.tokens.auditor, { 'plenary-position': value }), expected);
    expectProblem(await post(REMARKS, { body: remark(), headers: { 'plenary-position': value } }), expected);
  });

  it.each<[string, string]>([
    ['no Bearer', 'Basic YWxpY2U6c2VjcmV0'],
    ['no token of ours', 'Bearer eyJhbGciOiJIUzI1NiJ9.e30.x'],
    ['a token that was never made', `Bearer plenary_${'0'.repeat(12)}4${'0'.repeat(3)}8${'0'.repeat(15)}_${'A'.repeat(43)}`],
    ['nothing', 'Bearer '],
  ])('Authorization: %s', async (_, authorization) => {
    const answer = await server.api('GET', '/bodies', { headers: { authorization } });
    expectProblem(answer, [401, 'unauthenticated', /not valid, or was revoked/]);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="plenary"');
  });

  it('Authorization: a right token with another secret, and one that was revoked', async () => {
    const token = await server.token('auditor');
    const other = `${token.slice(0, -3)}${token.endsWith('AAA') ? 'BBB' : 'AAA'}`;
    expectProblem(await server.get('/bodies', other), [401, 'unauthenticated', /not valid/]);
    expect((await server.get('/bodies', token)).status).toBe(200);
    await server.post(
      `/tokens/${token.split('_')[1]!.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')}/revocation`,
      server.admin,
      { reason: { code: 'other' } },
    );
    expectProblem(await server.get('/bodies', token), [401, 'unauthenticated', /revoked/]);
  });
});

describe('every command', () => {
  it(
    'answers whatever stands in any of its fields, and never with a fault of the program',
    async () => {
      const schemas = (document as unknown as { components: { schemas: Record<string, { properties?: object }> } }).components.schemas;
      const calls = operationsOf(document)
        .filter(({ method, hasBody }) => method !== 'GET' && hasBody)
        .flatMap((operation) => {
          const reference = JSON.stringify(document.paths[`/api/v1${operation.path}`]![operation.method.toLowerCase()]!.requestBody);
          const fields = Object.keys(schemas[/#\/components\/schemas\/(\w+)/.exec(reference)![1]!]!.properties ?? {});
          return fields.flatMap((field) =>
            [undefined, null, 7, 'x', [], {}, [null], [[]], { x: null }].map((value) => ({ operation, field, value })),
          );
        });
      expect(calls.length).toBeGreaterThan(2_000);
      const wrong = await wrongAmong(calls, async ({ operation, field, value }) => {
        const token = operation.roles.includes('secretariat') ? world.tokens.secretariat : world.tokens.admin;
        const body = { ...(exampleOf(operation, world.things) as object), [field]: value };
        const answer = await server.api(operation.method, pathOf(operation, world.things), { token, body });
        const isFine =
          answer.status < 300 ? value !== null : answer.status < 500 && answer.body.type.startsWith('https://plenary.invalid/problems/');
        return isFine
          ? []
          : [`${operation.id} with ${field} ${JSON.stringify(value) ?? 'left out'}: ${answer.status} ${answer.text.slice(0, 200)}`];
      });
      expect(wrong).toEqual([]);
    },
    LIMIT_MS,
  );
});

describe('what is no HTTP request, or none that fits', () => {
  it.each<[string, string, number, string, RegExp]>([
    ['a method that there is not', 'FOO /api/v1/bodies HTTP/1.1\r\nhost: x\r\n\r\n', 400, 'request-unreadable', /no HTTP request/],
    ['another protocol', '\x16\x03\x01\x02', 400, 'request-unreadable', /no HTTP request/],
    [
      'headers without end',
      `GET /api/v1/bodies HTTP/1.1\r\nhost: x\r\nx: ${'a'.repeat(70_000)}\r\n\r\n`,
      431,
      'headers-too-large',
      /16 KiB/,
    ],
  ])('%s', async (_, sent, status, type, says) => {
    const [head, body] = (await said(sent)).split('\r\n\r\n') as [string, string];
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    const headers = new Headers(
      head
        .split('\r\n')
        .slice(1)
        .map((line) => line.split(': ') as [string, string]),
    );
    expectProblem({ status, headers, body: JSON.parse(body) as Answer['body'], text: body }, [status, type, says]);
  });
});

/** What the server says to bytes on a connection of their own. */
async function said(bytes: string): Promise<string> {
  const { hostname, port } = new URL(server.address);
  const socket = connect(Number(port), hostname);
  socket.end(bytes, 'latin1');
  let heard = '';
  for await (const chunk of socket) heard += String(chunk);
  return heard;
}

// Last, since it closes the door for a minute to whoever comes from here without a token.
describe('after all that', () => {
  it('the server is well, has logged no fault, and records', async () => {
    const health = await server.get('/health');
    expect({ status: health.status, body: health.body }).toMatchObject({
      status: 200,
      body: { status: 'ready', store: 'ok', projection: 'ok' },
    });
    expect(server.output).not.toMatch(/a request failed|"level":50/);
    expect((await post(REMARKS, { body: remark({ late: { code: 'omitted' }, occurredAt: '2024-04-29' }) })).status).toBe(201);
  });

  it('who guesses tokens is told to wait, and who has one is not', async () => {
    const guesses = await Promise.all(Array.from({ length: 60 }, () => server.get('/bodies', `plenary_${'0'.repeat(32)}_x`)));
    const late = guesses.filter(({ status }) => status === 429);
    expect(late.length).toBeGreaterThan(0);
    expectProblem(late[0]!, [429, 'too-many-requests', /Wait \d+ s/]);
    expect(Number(late[0]!.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await server.get('/bodies', world.tokens.auditor)).status).toBe(200);
    // The first that was turned away is noted; the disk is not filled by those after it.
    const turnedAway = async (): Promise<string[]> => {
      const day = new Date().toISOString().slice(0, 10);
      const { text } = await server.get(`/access-log/days/${day}`, world.tokens.auditor);
      return text.split('\n').filter((line) => line.includes('"status":429'));
    };
    await until(async () => (await turnedAway()).length > 0);
    expect(await turnedAway()).toEqual([expect.stringContaining('"what":"refused-login"')]);
  });
});
