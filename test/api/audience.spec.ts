// Non-interference: of two histories that differ in nothing but what a reader may not see, the reader gets the same, to the byte.
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { derivedId, randomId, sealText } from '#kernel';
import { appendEvents, type Directories, type EventToAppend } from '../support/append-events.js';
import { schema } from '../../apps/api/src/composition.js';
import { operationsOf, pathOf, readDocument, thingsFor, wrongAmong, type Operation } from '../support/operations.js';
import { leavePastAccess } from '../support/past-access.js';
import { Server, temporaryDirectory, text, type Answer } from '../support/server.js';
import { findListed, makeOutside, makeWorld, type Things, type World } from '../support/world.js';

const LIMIT_MS = 240_000;
const id = (name: string): string => derivedId('audience', name);
const typed = (words: string) => sealText(text(words));
const NOBODY = { kind: 'restricted', organisations: [], roles: [] };

/** Two events that lie at one place of the two logs, or one that lies in both. */
type Pair = readonly [left: EventToAppend, right: EventToAppend];
const both = (event: EventToAppend): Pair => [event, event];

/** Ids of what only the two histories' hidden events name. */
const HIDDEN = [
  'meeting',
  'paper',
  'remark',
  'view',
  'proposal',
  'decision',
  'followUp',
  'body',
  'membership',
  'office',
  'token',
  'item',
  'panel',
];

function pairs({ meeting, body, person, organisation, member, seated, present, term, region, council, view }: Things): Pair[] {
  const at = `meeting-${meeting}`;
  const remark = (name: string, words: string, audience?: object) => ({
    stream: at,
    type: 'remark-made',
    data: { remark: id(name), kind: 'statement', speaker: { person }, text: typed(words), ...(audience && { audience }) },
  });
  const only = (organisations: unknown[]) => ({ kind: 'restricted', organisations, roles: [] });
  const hiddenMeeting = `meeting-${id('meeting')}`;
  const hiddenPaper = `document-${id('paper')}`;
  return [
    both(remark('open 1', 'customs, said in the open')),
    // One stream, in which gaps show that something was recorded: another type, other values; and more texts than the other has.
    [
      remark('remark', 'customs, said behind closed doors', only([seated])),
      {
        stream: at,
        type: 'view-expressed',
        data: { view: id('view'), stance: 'objection', by: { kind: 'delegates' }, text: typed('against it'), audience: NOBODY },
      },
    ],
    both(remark('open 2', 'customs, said in the open again')),
    // Other streams.
    [
      {
        stream: hiddenMeeting,
        type: 'meeting-scheduled',
        data: {
          bodies: [body],
          title: typed('customs of a secret meeting'),
          zone: 'UTC',
          format: 'remote',
          starts: '2030-01-01',
          audience: NOBODY,
        },
      },
      {
        stream: hiddenPaper,
        type: 'document-registered',
        data: { kind: 'report', title: typed('a secret paper'), issuer: body, date: '2024-05-05', audience: only([present]) },
      },
    ],
    [
      { stream: hiddenMeeting, type: 'meeting-opened', data: {} },
      {
        stream: hiddenPaper,
        type: 'document-corrected',
        data: { title: typed('another secret title, customs'), symbol: 'SECRET/1', reason: { code: 'typing' } },
      },
    ],
    both({
      stream: `organisation-${id('newcomer')}`,
      type: 'organisation-registered',
      data: { kind: 'state-administration', name: typed('Customs of a newcomer') },
    }),
    [
      {
        stream: at,
        type: 'agenda-item-added',
        data: {
          item: id('item'),
          number: '9',
          title: typed('a secret item'),
          purpose: 'decision',
          illustrative: true,
          audience: only([present]),
        },
      },
      {
        stream: at,
        type: 'panel-held',
        data: {
          panel: id('panel'),
          title: typed('customs panel'),
          panellists: [{ person }],
          points: [typed('one'), typed('two')],
          audience: NOBODY,
        },
      },
    ],
    [
      {
        stream: `proposal-${id('decision stream')}`,
        type: 'decision-taken',
        data: {
          decision: id('decision'),
          body,
          meeting,
          outcome: 'adopted',
          wording: typed('customs are adopted'),
          method: 'consensus',
          evidence: { words: typed('heard') },
          quorum: { status: 'no-rule' },
          exceptions: [{ rule: 'quorum-not-met', as: 'override', reason: typed('urgent'), authority: typed('the chair') }],
          audience: NOBODY,
        },
      },
      {
        stream: `proposal-${id('proposal')}`,
        type: 'proposal-introduced',
        data: { body, meeting, text: typed('a secret proposal'), late: { code: 'omitted' }, audience: NOBODY },
      },
    ],
    both({
      stream: `meeting-${id('open meeting')}`,
      type: 'meeting-scheduled',
      data: { bodies: [body], title: typed('Customs of an open meeting'), zone: 'Europe/Brussels', format: 'hybrid', starts: '2031-01-01' },
    }),
    [
      {
        stream: `followup-${id('followUp')}`,
        type: 'follow-up-assigned',
        data: {
          body,
          owner: { organisation: member },
          action: typed('to keep silent'),
          due: { on: '2030-05-05' },
          from: { view, meeting },
          audience: NOBODY,
        },
      },
      {
        stream: `allocation-${id('allocation')}`,
        type: 'seat-allocation-proposed',
        data: {
          body,
          region,
          regionOf: council,
          term,
          period: { from: '2026-07-01', until: '2027-06-30' },
          seats: [{ seat: 1, holding: id('holding'), organisation: member }],
          nominatedBy: body,
          electedBy: council,
          audience: NOBODY,
        },
      },
    ],
    both({
      stream: `body-${id('body')}`,
      type: 'body-established',
      data: { kind: 'committee', name: typed('Customs committee'), audience: NOBODY },
    }),
    [
      {
        stream: `body-${id('body')}`,
        type: 'member-admitted',
        data: { membership: id('membership'), organisation: member, as: 'member', from: '2020-01-01' },
      },
      {
        stream: `body-${id('body')}`,
        type: 'office-established',
        data: { office: id('office'), kind: 'chair', name: typed('Chair in secret') },
      },
    ],
    [
      {
        stream: `token-${id('token')}`,
        type: 'token-issued',
        data: { subject: id('subject'), secretHash: 'ab'.repeat(32), role: 'auditor', bodies: [], name: typed('customs auditor') },
      },
      { stream: `log`, type: 'clock-accepted', data: { reason: typed('compared with customs') } },
    ],
    // Was open, and is closed now, to other readers in one than in the other.
    both(remark('closed later', 'customs, said too loudly')),
    [
      {
        stream: at,
        type: 'part-audience-set',
        data: { part: id('closed later'), kind: 'remark', audience: only([seated]), reason: { code: 'other' } },
      },
      {
        stream: at,
        type: 'part-audience-set',
        data: { part: id('closed later'), kind: 'remark', audience: NOBODY, reason: { code: 'other', text: typed('customs') } },
      },
    ],
    [
      {
        stream: at,
        type: 'remark-corrected',
        data: { remark: id('closed later'), text: typed('customs, said softly'), reason: { code: 'misheard' } },
      },
      remark('another', 'something else', NOBODY),
    ],
    both(remark('open 3', 'customs, a last word in the open')),
    both({
      stream: at,
      type: 'remark-corrected',
      data: { remark: id('open 1'), text: typed('customs, corrected in the open'), reason: { code: 'typing' } },
    }),
    both({
      stream: `organisation-${organisation}`,
      type: 'organisation-renamed',
      data: { name: typed('Customs renamed'), reason: { code: 'other' } },
    }),
  ];
}

let directory: string;
let left: Server;
let right: Server;
let world: World;
let operations: Operation[];
/** Roots, hashes in proofs and the signatures over them are of all events, also of the hidden ones. */
const OF_THE_LOG = ['read-checkpoint', 'read-tile', 'read-inclusion-proof', 'read-consistency-proof', 'list-checkpoints'];
/** Record numbers before, amid and after the events in which the two differ. */
let moments: number[];

const directoriesOf = (side: string): Directories => ({ data: join(directory, side, 'data'), keys: join(directory, side, 'keys') });

beforeAll(async () => {
  directory = temporaryDirectory();
  const env = { PLENARY_PUBLIC_READ: 'true' };
  leavePastAccess(directoriesOf('left').data);
  const server = await Server.start({ ...directoriesOf('left'), env });
  world = await makeWorld(server, await makeOutside(server));
  await findListed(server, world);
  operations = operationsOf(await readDocument(server)).filter(
    ({ id: name, method, needsToken }) => method === 'GET' && needsToken && !OF_THE_LOG.includes(name),
  );
  const last = (await server.get('/organisations', world.tokens.auditor)).body.asOf;
  world.things['record'] = String(last);
  await server.stop();
  cpSync(join(directory, 'left'), join(directory, 'right'), { recursive: true });
  const differing = pairs(world.things);
  moments = [last, last + 5, last + differing.length - 4, last + differing.length];
  const now = Date.now();
  await appendEvents(
    directoriesOf('left'),
    differing.map(([event]) => event),
    now,
  );
  await appendEvents(
    directoriesOf('right'),
    differing.map(([, event]) => event),
    now,
  );
  [left, right] = await Promise.all([Server.start({ ...directoriesOf('left'), env }), Server.start({ ...directoriesOf('right'), env })]);
}, LIMIT_MS);
afterAll(async () => {
  await left.stop();
  await right.stop();
  rmSync(directory, { recursive: true });
});

/** Everything that an operation can be asked about the world and about what is hidden. */
function questionsOf(operation: Operation): string[] {
  const { things } = world;
  const hidden = [...HIDDEN, 'allocation', 'holding', 'decision stream', 'closed later', 'open 1', 'open meeting'].map(id);
  const asked = (path: string, query: Record<string, string>): string => {
    const required = operation.query
      .filter(({ required }) => required)
      .map(({ name }): [string, string] => [name, REQUIRED[name] ?? 'customs']);
    return `${path}?${new URLSearchParams([...required.filter(([name]) => !(name in query)), ...Object.entries(query)]).toString()}`;
  };
  const path = pathOf(operation, things);
  const questions = [asked(path, {})];
  for (const { name, values } of operation.query)
    for (const value of valuesOf(name, values)) questions.push(asked(path, { [name]: value }));
  for (const name of operation.pathParameters) {
    for (const other of othersOf(name, hidden))
      questions.push(asked(pathOf({ ...operation, id: '' }, { ...thingsFor(operation, things), [name]: other }), {}));
  }
  if (operation.pathParameters.includes('table'))
    for (const table of TABLES)
      for (const other of ['meeting', 'remark', 'decision', 'body', 'open 1', 'closed later'].map(id))
        questions.push(asked(pathOf({ ...operation, id: '' }, { ...things, table, id: other }), {}));
  for (const from of moments)
    for (const to of moments)
      if (operation.query.some(({ name }) => name === 'to')) questions.push(asked(path, { from: String(from), to: String(to) }));
  if (operation.pathParameters.length > 0 && operation.query.some(({ name }) => name === 'asOf')) {
    for (const moment of moments)
      for (const other of ['remark', 'open 1', 'closed later'])
        questions.push(asked(pathOf(operation, { ...things, [operation.pathParameters[0]!]: id(other) }), { asOf: String(moment) }));
  }
  return questions;
}

const TABLES = [...schema.tables.keys()];
const LISTS = schema.projections.flatMap(({ lists = [] }) => lists.map(({ name }) => name));

/** What may stand in the path instead of what the world has there. */
function othersOf(name: string, hidden: readonly string[]): readonly string[] {
  // Record numbers stand for what is hidden too.
  if (name === 'record') return Array.from({ length: 30 }, (_, index) => String(moments[0]! + index));
  return name === 'list' ? LISTS : name === 'table' ? TABLES : hidden;
}

/** What a question needs where nothing else is tried. */
const REQUIRED: Record<string, string> = { in: 'remarks', size: '5' };

function valuesOf(name: string, values: readonly string[]): readonly string[] {
  switch (name) {
    case 'asOf':
      return [...moments, ...moments.map((moment) => moment + 2)].map(String);
    case 'after':
    case 'from':
    case 'to':
      return moments.map(String);
    case 'limit':
      return ['1', '2', '500'];
    case 'count':
      return ['true'];
    case 'cursor':
      return ['bad'];
    case 'inForceOn':
      return ['2026-12-31'];
    case 'lang':
      return ['en', 'fr'];
    case 'in':
      return TABLES;
    case 'size':
      return ['1', '3'];
    case 'q':
      return ['customs', 'secret', 'behind closed doors', 'softly', 'customs open', 'cust*'];
    default:
      return values.length > 0
        ? values
        : [world.things[name] ?? 'open', ...['meeting', 'body', 'decision'].map(id), 'pending', 'quorum-not-met'];
  }
}

const HEADERS = ['etag', 'link', 'plenary-as-of', 'plenary-position', 'content-language', 'content-type', 'vary', 'retry-after'];

/** Everything that an answer tells, but for the id under which the server logged the request. */
const told = ({ status, headers, text: answered }: Answer): string =>
  JSON.stringify([status, ...HEADERS.map((name) => headers.get(name)), answered.replace(/"correlation":"[0-9a-f-]{36}"/, '')]);

/** The answers of both to a question and to all that continue it. */
async function askBoth(question: string, token: string | undefined): Promise<{ same: boolean; left: string; right: string }> {
  let address: string | undefined = question;
  for (let page = 0; address !== undefined && page < 40; page++) {
    const [one, other]: [Answer, Answer] = await Promise.all([left.get(address, token), right.get(address, token)]);
    if (told(one) !== told(other)) return { same: false, ...differingParts(told(one), told(other)) };
    address = continued(address, one.body.next);
  }
  return { same: true, left: '', right: '' };
}

/** Where two texts part, for who has to find out why. */
function differingParts(one: string, other: string): { left: string; right: string } {
  let at = 0;
  while (one[at] === other[at]) at += 1;
  return { left: one.slice(Math.max(0, at - 200), at + 100), right: other.slice(Math.max(0, at - 200), at + 100) };
}

function continued(address: string, next: string | number | undefined): string | undefined {
  // Walked to the end one by one, where it was asked so; elsewhere the first page tells all.
  if (next === undefined || !/limit=[12]\b/.test(address)) return undefined;
  const [path, query] = address.split('?');
  const parameters = new URLSearchParams(query);
  parameters.set(typeof next === 'number' ? 'after' : 'cursor', String(next));
  return `${path}?${parameters.toString()}`;
}

describe('two histories that differ in what is restricted', () => {
  it.each(['delegate', 'foreignDelegate', 'foreignSecretariat', 'public'] as const)(
    'are the same to the reader %s, whatever is asked',
    async (reader) => {
      const token = reader === 'public' ? undefined : world.tokens[reader];
      const questions = operations.flatMap(questionsOf);
      expect(questions.length).toBeGreaterThan(1_000);
      const wrong = await wrongAmong(questions, async (question) => {
        const { same, ...answers } = await askBoth(question, token);
        return same ? [] : [`${question}\n  left  ${answers.left}\n  right ${answers.right}`];
      });
      expect(wrong).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'are told apart by an auditor',
    async () => {
      const differing = new Set<string>();
      await wrongAmong(operations, async (operation) => {
        for (const question of questionsOf(operation))
          if (!(await askBoth(question, world.tokens.auditor)).same) differing.add(operation.id);
        return [];
      });
      expect([...differing].sort()).toEqual(
        expect.arrayContaining([
          'list-decisions',
          'list-documents',
          'list-exceptions',
          'list-follow-ups',
          'list-meetings',
          'list-memberships-of-body',
          'list-proceedings-of-meeting',
          'list-proposals',
          'list-records',
          'list-remarks-of-meeting',
          'list-seats',
          'list-tokens',
          'list-views-of-meeting',
          'read-decision',
          'read-meeting',
          'read-record',
          'read-remark',
          'search',
        ]),
      );
    },
    LIMIT_MS,
  );

  it('are the same to a foreign secretariat that writes to what is hidden', async () => {
    const bodies: Record<string, object> = {
      [`/meetings/${id('meeting')}/remarks`]: { speaker: { person: world.things['person'] }, text: text('Heard') },
      [`/documents/${id('paper')}/versions`]: { version: '2' },
      [`/proposals/${id('proposal')}/withdrawal`]: { reason: { code: 'other' } },
      [`/follow-ups/${id('followUp')}/progress`]: { note: text('Something') },
      [`/seat-allocations/${id('allocation')}/seats/1/vacancy`]: { reason: { code: 'other' } },
    };
    for (const [path, body] of Object.entries(bodies)) {
      const headers = { 'if-match': '"0"' };
      const [one, other] = await Promise.all(
        [left, right].map((side) => side.api('POST', path, { token: world.tokens.foreignSecretariat, body, headers })),
      );
      expect(one!.status).toBe(404);
      expect(told(one!)).toBe(told(other!));
    }
  });
});

describe('what comes of something restricted', () => {
  const evidence = { words: text('approved') };
  /** Whether a delegate of a member sees what its secretariat sees. */
  const seesIt = async (path: string): Promise<boolean> => {
    const {
      tokens: { secretariat, delegate },
    } = world;
    expect((await left.get(path, secretariat)).status).toBe(200);
    return (await left.get(path, delegate)).status === 200;
  };
  const followUp = (from: object): Promise<string> =>
    left.make('/follow-ups', world.tokens.secretariat, {
      body: world.things['body'],
      owner: { organisation: world.things['member'] },
      action: text('To see to it'),
      due: { on: '2030-01-01' },
      from,
    });

  it.each([
    [NOBODY, false],
    [undefined, true],
  ] as const)('under %j: the decision on a proposal, and what follows from it', async (audience, isSeen) => {
    const {
      tokens: { secretariat },
      things: { body, meeting },
    } = world;
    const proposal = await left.make('/proposals', secretariat, {
      body,
      meeting,
      text: text('Put forward'),
      ...(audience && { audience }),
    });
    const decision = await left.make(`/proposals/${proposal}/decisions`, secretariat, {
      meeting,
      outcome: 'approved',
      wording: text('Approved.'),
      method: 'consensus',
      evidence,
    });
    const owed = await followUp({ decision, proposal });
    expect(await Promise.all([`/decisions/${decision}`, `/follow-ups/${owed}`].map(seesIt))).toEqual([isSeen, isSeen]);
    await left.command('PUT', `/proposals/${proposal}/decisions/${decision}/audience`, secretariat, {
      audience: { kind: 'members' },
      reason: { code: 'other' },
    });
    expect(await Promise.all([`/decisions/${decision}`, `/follow-ups/${owed}`].map(seesIt))).toEqual([true, true]);
  });

  it('a decision on an open proposal under a restricted item', async () => {
    const {
      tokens: { secretariat },
      things: { body, meeting },
    } = world;
    const item = await left.make(`/meetings/${meeting}/agenda-items`, secretariat, {
      number: '7',
      title: text('In private'),
      purpose: 'decision',
      audience: NOBODY,
    });
    const proposal = await left.make('/proposals', secretariat, { body, meeting, text: text('Put forward') });
    const decision = await left.make(`/proposals/${proposal}/decisions`, secretariat, {
      meeting,
      item,
      outcome: 'approved',
      wording: text('Approved.'),
      method: 'consensus',
      evidence,
    });
    expect(await Promise.all([`/proposals/${proposal}`, `/decisions/${decision}`].map(seesIt))).toEqual([true, false]);
  });

  it.each([
    [NOBODY, false],
    [undefined, true],
  ] as const)('under %j: what follows from a request, or from a remark', async (audience, isSeen) => {
    const {
      tokens: { secretariat },
      things: { meeting, person },
    } = world;
    const own = audience && { audience };
    const view = await left.make(`/meetings/${meeting}/views`, secretariat, { stance: 'request', text: text('Asked for'), ...own });
    const remark = await left.make(`/meetings/${meeting}/remarks`, secretariat, { speaker: { person }, text: text('We will'), ...own });
    const owed = [await followUp({ view, meeting }), await followUp({ remark, meeting })];
    expect(await Promise.all(owed.map((each) => seesIt(`/follow-ups/${each}`)))).toEqual([isSeen, isSeen]);
  });

  it.each([
    ['public', 'members', [false, true, true]],
    ['members', 'members', [false, true, true]],
    ['public', 'restricted', [false, false, true]],
    ['public', 'public', [true, true, true]],
  ])('at a joint meeting of a %s and a %s body, whichever convenes', async (one, other, expected) => {
    const { delegate } = world.tokens;
    const secretariat = await left.token('secretariat');
    const establish = (kind: string): Promise<string> =>
      left.make('/bodies', world.tokens.admin, {
        kind: 'board',
        name: text('A board'),
        audience: kind === 'restricted' ? NOBODY : { kind },
      });
    const bodies = [await establish(one), await establish(other)];
    await left.post(`/bodies/${bodies[1]}/memberships`, secretariat, {
      organisation: world.things['member'],
      as: 'member',
      from: '2020-01-01',
    });
    for (const meeting of await Promise.all(
      [bodies, [...bodies].reverse()].map((meeting) =>
        left.make('/meetings', secretariat, { bodies: meeting, title: text('Together'), starts: '2024-04-29', zone: 'UTC' }),
      ),
    )) {
      await left.post(`/meetings/${meeting}/opening`, secretariat, { occurredAt: '2024-04-29' });
      const remark = await left.make(`/meetings/${meeting}/remarks`, secretariat, {
        speaker: { person: world.things['person'] },
        text: text('Said together'),
      });
      const decision = await left.make('/decisions', secretariat, {
        body: bodies[1],
        meeting,
        outcome: 'approved',
        wording: text('Approved.'),
        method: 'consensus',
        evidence,
      });
      for (const path of [`/decisions/${decision}`, `/remarks/${remark}`, `/meetings/${meeting}`]) {
        const answers = [];
        for (const token of [secretariat, undefined, delegate]) answers.push((await left.get(path, token)).status === 200);
        expect([path, answers.slice(1), answers[0]]).toEqual([path, expected.slice(0, 2), expected[2]]);
      }
    }
  });

  it.each([
    [NOBODY, undefined, false],
    [undefined, NOBODY, false],
    [undefined, undefined, true],
  ] as const)('a remark under an item for %j in a sitting for %j', async (ofItem, ofSitting, isSeen) => {
    const {
      tokens: { secretariat },
      things: { sittingMeeting, sitting, person },
    } = world;
    const at = `/meetings/${sittingMeeting}`;
    const setAudience = (audience: object) =>
      left.command('PUT', `${at}/parts/${sitting}/audience`, secretariat, { audience, reason: { code: 'other' } });
    const item = await left.make(`${at}/agenda-items`, secretariat, {
      number: randomId(),
      title: text('An item'),
      purpose: 'discussion',
      ...(ofItem && { audience: ofItem }),
    });
    await setAudience(ofSitting ?? { kind: 'members' });
    const remark = await left.make(`${at}/remarks`, secretariat, { speaker: { person }, text: text('Heard'), item, sitting });
    expect(await seesIt(`/remarks/${remark}`)).toBe(isSeen);
  });
});

describe("today's audience", () => {
  it('governs the past: what is closed now is hidden as of every moment, what is released now is shown', async () => {
    const {
      tokens: { secretariat, delegate, auditor },
      things: { meeting, person },
    } = world;
    const remark = await left.make(`/meetings/${meeting}/remarks`, secretariat, { speaker: { person }, text: text('As first heard') });
    // Of what others wrote a reader learns once it is projected: the writer waits for that.
    const before = (await left.get(`/remarks/${remark}`, secretariat)).body;
    expect((await left.get(`/remarks/${remark}`, delegate)).body).toEqual(before);
    await left.post(`/meetings/${meeting}/remarks/${remark}/correction`, secretariat, {
      text: text('As heard on the tape'),
      reason: { code: 'misheard' },
    });
    const setAudience = (audience: object) =>
      left.command('PUT', `/meetings/${meeting}/parts/${remark}/audience`, secretariat, { audience, reason: { code: 'other' } });
    const asOf = `?asOf=${before.record}`;
    await setAudience(NOBODY);
    const { asOf: last } = (await left.get(`/meetings/${meeting}/remarks`, secretariat)).body;
    for (const moment of [asOf, `?asOf=${last}`, '']) expect((await left.get(`/remarks/${remark}${moment}`, delegate)).status).toBe(404);
    expect((await left.get(`/meetings/${meeting}/remarks${asOf}&limit=500`, delegate)).body.items.map((row) => row.id)).not.toContain(
      remark,
    );
    expect((await left.get(`/remarks/${remark}${asOf}`, auditor)).body).toMatchObject({ text: { text: 'As first heard' } });

    await setAudience({ kind: 'public' });
    const released = (await left.get(`/remarks/${remark}`, secretariat)).body;
    expect((await left.get(`/remarks/${remark}${asOf}`, delegate)).body).toMatchObject({ text: { text: 'As first heard' } });
    expect((await left.get(`/remarks/${remark}?asOf=${last}`, delegate)).body).toMatchObject({ text: { text: 'As heard on the tape' } });
    expect((await left.get(`/remarks/${remark}?asOf=${last}`)).body).toMatchObject({ text: { text: 'As heard on the tape' } });
    expect(released.record).toBeGreaterThan(last);
  });

  it('is set for a remark and an attendance that were struck, whose history is hidden then', async () => {
    const {
      tokens: { secretariat, delegate, auditor },
      things: { meeting, person },
    } = world;
    const at = `/meetings/${meeting}`;
    const reason = { code: 'other' };
    const remark = await left.make(`${at}/remarks`, secretariat, { speaker: { person }, text: text('A confidential quokka') });
    const attendance = await left.make(`${at}/attendance/stated`, secretariat, { present: 1, evidence: { words: text('One numbat') } });
    const histories = [`/versions/remarks/${remark}`, `/versions/attendance/${attendance}`, `/changes?from=${moments[3]}&limit=500`];
    const told = async (token: string | undefined): Promise<string> => {
      const replays = await Promise.all(
        [`remarks&id=${remark}`, `attendance&id=${attendance}`].map((scope) => left.get(`/replay?in=${scope}`, token)),
      );
      const answers = await Promise.all([...histories, '/search?q=quokka'].map((path) => left.get(path, token)));
      return [...replays, ...answers].map((answer) => answer.text).join();
    };
    await left.command('POST', `${at}/remarks/${remark}/correction`, secretariat, { struck: true, reason });
    await left.command('POST', `${at}/attendance/${attendance}/correction`, secretariat, { struck: true, reason });
    await left.get(at, secretariat);
    const before = await told(delegate);
    expect([before.includes('quokka'), before.includes('numbat')]).toEqual([true, true]);
    for (const part of [remark, attendance]) {
      const answer = await left.api('PUT', `${at}/parts/${part}/audience`, { token: secretariat, body: { audience: NOBODY, reason } });
      expect(answer.status).toBe(200);
    }
    await left.get(at, secretariat);
    for (const token of [delegate, undefined]) {
      const after = await told(token);
      expect([after.includes('quokka'), after.includes('numbat')]).toEqual([false, false]);
    }
    expect((await told(auditor)).includes('quokka')).toBe(true);
    expect((await left.get(`/remarks/${remark}`, auditor)).status).toBe(404);
    // Nothing comes back with it: the register, its changes and its versions are as before.
    const { items: changes } = (await left.get(`/changes?from=${moments[3]}&limit=500`, auditor)).body;
    for (const [table, part] of [
      ['remarks', remark],
      ['attendance', attendance],
    ] as const) {
      expect(changes.filter(({ id }) => id === part).map((change) => change['kind'])).toEqual(['began', 'ended']);
      const { items: versions } = (await left.get(`/versions/${table}/${part}`, auditor)).body;
      expect(versions.map(({ audience }) => audience ?? null)).toEqual([null]);
    }
  });

  it("governs by today's members: who is none any more reads nothing of the past, who became one all of it", async () => {
    const {
      tokens: { secretariat, delegate, foreignDelegate, auditor },
      things: { meeting, body, membership },
    } = world;
    const at = `/meetings/${meeting}?asOf=${moments[0]}`;
    expect((await left.get(at, delegate)).status).toBe(200);
    expect((await left.get(at, foreignDelegate)).status).toBe(404);
    const strangers = (await left.get('/organisations?limit=500', auditor)).body.items;
    const stranger = strangers.find(({ name }) => (name as { text: string }).text === 'Stranger')!.id;
    await left.post(`/bodies/${body}/memberships/${membership}/end`, secretariat, { until: '2024-12-31', reason: { code: 'other' } });
    await left.post(`/bodies/${body}/memberships`, secretariat, { organisation: stranger, as: 'member', from: '2025-01-01' });
    await left.get('/bodies', secretariat);
    expect((await left.get(at, delegate)).status).toBe(404);
    expect((await left.get(at, foreignDelegate)).status).toBe(200);
  });
});
