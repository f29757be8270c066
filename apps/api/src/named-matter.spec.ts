import { beforeEach, expect, it } from '@jest/globals';
import { isRefusal, randomId, streamName, type Submission, type Uuid } from '#kernel';
import type { ReadModels, Standing } from '#read-models';
import { NamedMatter } from './named-matter.js';

/** The register, by id: absent where nothing is set. */
let register: Map<Uuid, Standing>;
let waits: number[];
/** What becomes of the register while it is waited for, and whether that is all. */
let meanwhile: () => boolean;
let matter: NamedMatter;

beforeEach(() => {
  register = new Map();
  waits = [];
  meanwhile = () => true;
  const readModels = {
    standing: (_: unknown, id: Uuid) => register.get(id) ?? 'absent',
    idsUnder: () => [],
    isRestricted: () => true,
  } as unknown as ReadModels;
  matter = new NamedMatter(readModels, (timeoutMs) => Promise.resolve(void waits.push(timeoutMs)).then(() => meanwhile()));
});

const foreign = { actor: { subject: randomId(), role: 'secretariat' }, bodies: [randomId()] } as unknown as Submission;
const plan = (id: Uuid) => ({ stream: streamName('document', id) });
const decision = (id: Uuid) => ({ table: 'decisions', id });

it('waits once for the register, however much a command names that is not there', async () => {
  const mayKnow = matter.mayKnow(foreign)!;
  for (let count = 0; count < 500; count++) expect(await mayKnow(count % 2 === 0 ? plan(randomId()) : decision(randomId()))).toBe(false);
  expect(waits).toEqual([2_000]);
  await matter.mayKnow(foreign)!(plan(randomId()));
  expect(waits).toHaveLength(2);
});

it('waits for nothing that the register has', async () => {
  const [visible, hidden] = [randomId(), randomId()];
  register.set(visible, 'visible').set(hidden, 'hidden');
  const mayKnow = matter.mayKnow(foreign)!;
  expect([await mayKnow(plan(visible)), await mayKnow(plan(hidden)), await mayKnow(decision(hidden))]).toEqual([true, false, false]);
  expect(waits).toEqual([]);
});

it.each(['visible', 'hidden'] as const)('knows after it has waited what came into the register: %s', async (standing) => {
  const recorded = randomId();
  meanwhile = () => Boolean(register.set(recorded, standing));
  expect(await matter.mayKnow(foreign)!(plan(recorded))).toBe(standing === 'visible');
});

it('says that the register is behind, and does not call unknown what may be recorded', async () => {
  meanwhile = () => false;
  const mayKnow = matter.mayKnow(foreign)!;
  for (const each of [plan(randomId()), decision(randomId())]) {
    const answer = await mayKnow(each);
    expect(isRefusal(answer) && answer).toMatchObject({ code: 'projection-behind', retryAfter: 2, kind: { status: 503 } });
  }
  expect(waits).toHaveLength(1);
});

it('asks nothing for the secretariat of all bodies, and for other roles', () => {
  expect([
    matter.mayKnow({ ...foreign, bodies: 'all' }),
    matter.mayKnow({ ...foreign, actor: { ...foreign.actor, role: 'admin' } }),
  ]).toEqual([undefined, undefined]);
});
