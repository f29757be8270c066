// The documented API is the one that answers: every operation is called with its documented example on things that exist,
// by who may and by who may not. An operation that is added is called too, or fails here.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { exampleOf, operationsOf, pathOf, readDocument, wrongAmong, type OpenApi, type Operation } from '../support/operations.js';
import { leavePastAccess } from '../support/past-access.js';
import { Server, temporaryDirectory, type Answer } from '../support/server.js';
import { until } from '../support/until.js';
import { findListed, makeOutside, makeWorld, type Outside, type Tokens, type World } from '../support/world.js';

const LIMIT_MS = 120_000;
const OPEN = ['health', 'health-live', 'health-ready', 'read-verifier-key'];
/** Of the whole log, and of nothing in it: everybody with a token may check it. */
const OF_THE_LOG = ['read-checkpoint', 'read-tile', 'read-inclusion-proof', 'read-consistency-proof', 'list-checkpoints'];

/** Of the server, and of nothing in the record. */
const OF_THE_SERVER = ['read-metrics'];

const directory = temporaryDirectory();
let server: Server;
let document: OpenApi;
let operations: Operation[];
let outside: Outside;

beforeAll(async () => {
  const data = join(directory, 'data');
  leavePastAccess(data);
  server = await Server.start({ data, keys: join(directory, 'keys') });
  document = await readDocument(server);
  operations = operationsOf(document);
  outside = await makeOutside(server);
}, LIMIT_MS);
afterAll(async () => {
  await server.stop();
  rmSync(directory, { recursive: true });
});

const isWrite = ({ method }: Operation): boolean => method !== 'GET';

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    expect(await validator.validate(structuredClone(document) as unknown as Record<string, unknown>)).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
  });

  it('names each operation once, and each parameter of its path', () => {
    const ids = operations.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const undeclared = operations.flatMap(({ id, path, pathParameters }) =>
      namesIn(path)
        .filter((name) => !pathParameters.includes(name))
        .map((name) => `${id} ${name}`),
    );
    expect(undeclared).toEqual([]);
  });

  it('has an example of every operation: of its body, and of what it answers', () => {
    const missing = operations.filter(({ hasBody, example }) => hasBody && !example).map(({ id }) => `${id}: no example of the body`);
    for (const { id, responses } of operations) {
      for (const [status, { content }] of Object.entries(responses).filter(([code]) => code === '200' || code === '201')) {
        const media = Object.values(content ?? {});
        if (media.length === 0) missing.push(`${id} ${status}: no content`);
        // A command that changes nothing answers as one that does.
        if (media.every(({ example }) => example === undefined) && !('201' in responses)) missing.push(`${id} ${status}: no example`);
        for (const { example, schema } of media) {
          for (const name of schema?.required ?? [])
            if (example && !(name in example)) missing.push(`${id} ${status}: the example has no ${name}`);
        }
      }
    }
    expect(missing).toEqual([]);
  });

  it('asks for a token everywhere but where the public may look', () => {
    expect(
      operations
        .filter(({ needsToken }) => !needsToken)
        .map(({ id }) => id)
        .sort(),
    ).toEqual([...OPEN].sort());
    expect(operations.filter((each) => isWrite(each) && each.roles.length === 0)).toEqual([]);
  });
});

const namesIn = (path: string): string[] => [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);

describe('every command', () => {
  it(
    'is refused without a token, to wrong roles and to the secretariat of another body, and else accepted',
    async () => {
      // Nothing is accepted there: one serves all.
      const publicWorld = await makeWorld(server, outside, { kind: 'public' });
      const calls = operations.filter(isWrite).flatMap((operation) => operation.roles.map((role) => ({ operation, role })));
      expect(calls.length).toBeGreaterThan(60);
      const wrong = await wrongAmong(calls, async ({ operation, role }) => {
        const world = await makeWorld(server, outside);
        const call = (token?: string, { things } = world): Promise<Answer> => {
          const body = operation.hasBody ? (exampleOf(operation, things) as object) : undefined;
          return server.api(operation.method, pathOf(operation, things), { token, ...(body && { body }) });
        };
        const found: string[] = [];
        const refused = async (whose: string, token: string | undefined, status: number, type: string, at = world): Promise<void> => {
          const answer = await call(token, at);
          if (answer.status !== status || !isProblem(answer, type))
            found.push(`${operation.id} of ${whose}: ${status} ${type} expected, ${described(answer)}`);
          if (!(String(answer.status) in operation.responses)) found.push(`${operation.id}: ${answer.status} is not documented`);
        };
        await refused('nobody', undefined, 401, 'unauthenticated');
        for (const [whose, token] of wrongRoles(operation, world.tokens)) await refused(whose, token, 403, 'not-your-role');
        if (role === 'secretariat' && !isForAll(operation)) {
          await refused('another secretariat', world.tokens.foreignSecretariat, 403, 'not-your-body', publicWorld);
          const hidden: [number, string] = opensStream(operation) ? [403, 'not-your-body'] : [404, 'not-found'];
          await refused('another secretariat, to which it is hidden', world.tokens.foreignSecretariat, ...hidden);
        }
        const answer = await call(
          role === 'secretariat' && isForAll(operation) ? world.tokens.foreignSecretariat : world.tokens[role as 'admin' | 'secretariat'],
        );
        if (!isAccepted(operation, answer)) found.push(`${operation.id} of ${role}: ${described(answer)}`);
        return found;
      });
      expect(wrong).toEqual([]);
    },
    LIMIT_MS,
  );
});

/** Persons and organisations belong to no body: every secretariat registers them. */
const isForAll = ({ path }: Operation): boolean => /^\/(persons|organisations)\b/.test(path);

/** What is to be made cannot be told from what is hidden. */
const opensStream = ({ id, path }: Operation): boolean => !path.includes('{') || id === 'propose-seat-allocation';

const wrongRoles = ({ roles }: Operation, tokens: Tokens): [string, string][] =>
  (['admin', 'auditor', 'secretariat', 'delegate'] as const).filter((role) => !roles.includes(role)).map((role) => [role, tokens[role]]);

const isProblem = ({ headers, status, body }: Answer, type: string): boolean =>
  headers.get('content-type') === 'application/problem+json; charset=utf-8' &&
  body.status === status &&
  body.type.endsWith(`/${type}`) &&
  typeof body.detail === 'string';

function isAccepted({ responses }: Operation, { status, body }: Answer): boolean {
  const documented = '201' in responses ? 201 : 200;
  // Something was recorded, if recording it is for.
  return status === documented && (!('events' in body) || body.events.length > 0);
}

const described = ({ status, text }: Answer): string => `got ${status} ${text.slice(0, 300)}`;

type Reader = keyof Tokens;

/** Who reads what, by the first segment of the address; elsewhere the bodies' own: auditors, their secretariat, delegates of their members. */
const READERS: Record<string, readonly Reader[]> = {
  organisations: ['auditor', 'secretariat', 'delegate', 'admin', 'foreignSecretariat', 'foreignDelegate'],
  persons: ['auditor', 'secretariat', 'delegate', 'admin', 'foreignSecretariat', 'foreignDelegate'],
  tokens: ['auditor', 'admin'],
  removals: ['auditor', 'admin'],
  'access-log': ['auditor', 'admin'],
  exceptions: ['auditor', 'secretariat'],
  'late-recordings': ['auditor', 'secretariat'],
  // Each reads what it recorded itself, and that names no things.
  me: [],
};
const PRIVATE: readonly Reader[] = ['auditor', 'secretariat', 'delegate'];
const PUBLIC_THINGS = ['organisation', 'member', 'seated', 'present', 'person'];

describe('every question', () => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld(server, outside);
    await findListed(server, world);
    world.things['record'] = String((await server.get(`/remarks/${world.things['remark']}`, world.tokens.auditor)).body.record);
    await until(
      async () => Number((await server.get('/log/checkpoint', world.tokens.auditor)).text.split('\n')[1]) >= Number(world.things['record']),
    );
  }, LIMIT_MS);

  const questions = (): Operation[] => operations.filter((each) => !isWrite(each) && each.needsToken);

  it('is refused without a token', async () => {
    const wrong = await wrongAmong(questions(), async (operation) => {
      const answer = await server.get(addressOf(operation, world));
      return answer.status === 401 && isProblem(answer, 'unauthenticated') ? [] : [`${operation.id}: ${described(answer)}`];
    });
    expect(wrong).toEqual([]);
  });

  it(
    'answers what the audience allows, and 404 for the rest',
    async () => {
      const wrong = await wrongAmong(questions(), async (operation) => {
        const found: string[] = [];
        const readers = READERS[operation.path.split('/')[1]!] ?? PRIVATE;
        for (const reader of Object.keys(world.tokens) as Reader[]) {
          const answer = await server.get(addressOf(operation, world), world.tokens[reader]);
          if (operation.roles.length > 0 && !operation.roles.includes(reader)) {
            if (!isProblem(answer, 'not-your-role')) found.push(`${operation.id} to ${reader}: ${described(answer)}`);
            continue;
          }
          if ([...OF_THE_LOG, ...OF_THE_SERVER].includes(operation.id)) {
            if (answer.status !== 200 || shows(world, answer)) found.push(`${operation.id} to ${reader}: ${described(answer)}`);
            continue;
          }
          const complaint = readers.includes(reader) ? misses(world, answer) : tells(operation, world, reader, answer);
          if (complaint) found.push(`${operation.id} to ${reader}: ${complaint}, ${described(answer)}`);
        }
        return found;
      });
      expect(wrong).toEqual([]);
    },
    LIMIT_MS,
  );

  it('is open where it is about the server alone', async () => {
    for (const id of OPEN) expect((await server.get(operations.find((each) => each.id === id)!.path)).status).toBe(200);
  });
});

/** With what it requires of its query, and with room for everything. */
function addressOf(operation: Operation, { things }: World): string {
  const query = new URLSearchParams(
    operation.query.filter(({ required }) => required).map(({ name, example }): [string, string] => [name, ASKED[name] ?? String(example)]),
  );
  if (operation.query.some(({ name }) => name === 'limit')) query.set('limit', '500');
  // Records are many by now: those of this world come last.
  for (const name of ['after', 'from'])
    if (operation.query.some((each) => each.name === name && !each.required) && operation.roles.length === 0)
      query.set(name, String(Number(things['record']) - 20));
  return `${pathOf(operation, things)}?${query.toString()}`;
}
const ASKED: Record<string, string> = { q: 'remark', in: 'remarks', size: '500', seed: 'any', from: '1' };

/** Of one thing: to whom it is hidden, it does not exist. */
const isDetail = ({ id }: Operation): boolean => (id.startsWith('read-') || id === 'list-versions') && id !== 'read-list-difference';

const UUID_LENGTH = 36;
const idsIn = (answer: Answer): Set<string> =>
  new Set(answer.text.match(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g) ?? []);

/** Why the answer is none to one who may read. */
function misses({ things }: World, answer: Answer): string | undefined {
  if (answer.status !== 200) return 'is refused';
  // What is no JSON is for people, and names no ids.
  if (!/^application/.test(answer.headers.get('content-type')!))
    return answer.text.includes('A remark') ? undefined : 'shows nothing of this world';
  return shows({ things }, answer) ? undefined : 'shows nothing of this world';
}

const shows = ({ things }: Pick<World, 'things'>, answer: Answer): boolean => Object.values(things).some((id) => idsIn(answer).has(id));

/** Why the answer is too much to one who may not. */
function tells(operation: Operation, { things }: World, reader: Reader, answer: Answer): string | undefined {
  if (isDetail(operation)) return answer.status === 404 && isProblem(answer, 'not-found') ? undefined : 'is not hidden';
  if (answer.status !== 200) return 'is refused';
  const shown = idsIn(answer);
  const mayBeTold = reader === 'admin' ? [...PUBLIC_THINGS, 'id', 'removal'] : PUBLIC_THINGS;
  const told = Object.entries(things).filter(([name, id]) => id.length === UUID_LENGTH && !mayBeTold.includes(name) && shown.has(id));
  return told.length > 0 ? `tells of ${told.map(([name]) => name).join(', ')}` : undefined;
}
