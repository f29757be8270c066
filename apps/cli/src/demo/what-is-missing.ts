// Whether the register holds all that the demo recorded: what a step made is there, and what follows from a decision has followed.
import { setTimeout as delay } from 'node:timers/promises';
import type { ApiClient } from '../api-client.js';
import type { Play } from '../play/play-file.js';
import type { Referent } from '../play/references.js';

/** What follows from a decision is recorded soon after it. */
const FOLLOWS_WITHIN_MS = 10_000;

/** Steps that make something, and where it is read. */
const READ_AT: readonly [RegExp, (id: string) => string][] = [
  [/^\/bodies$/, (id) => `/bodies/${id}`],
  [/\/memberships$/, (id) => `/memberships/${id}`],
  [/\/regions$/, (id) => `/regions/${id}`],
  [/\/terms$/, (id) => `/terms/${id}`],
  [/\/offices$/, (id) => `/offices/${id}`],
  [/\/tenures$/, (id) => `/tenures/${id}`],
  [/^\/organisations$/, (id) => `/organisations/${id}`],
  [/^\/persons$/, (id) => `/persons/${id}`],
  [/^\/documents$/, (id) => `/documents/${id}`],
  [/^\/meetings$/, (id) => `/meetings/${id}`],
  [/\/agenda-items$/, (id) => `/agenda-items/${id}`],
  [/\/sittings$/, (id) => `/sittings/${id}`],
  [/\/attendance(\/stated)?$/, (id) => `/attendance/${id}`],
  [/\/remarks$/, (id) => `/remarks/${id}`],
  [/\/views$/, (id) => `/views/${id}`],
  [/\/(presentations|plan-presentations|panels|discussions)$/, (id) => `/proceedings/${id}`],
  [/\/reviews$/, (id) => `/reviews/${id}`],
  [/^\/proposals$/, (id) => `/proposals/${id}`],
  [/(^|\/)decisions$/, (id) => `/decisions/${id}`],
  [/\/allocation$/, (id) => `/seat-allocations/${id}`],
  [/^\/follow-ups$/, (id) => `/follow-ups/${id}`],
];

/** A line for each thing that is not there. */
export async function findMissing(play: Play, made: ReadonlyMap<string, Referent>, reader: ApiClient): Promise<string[]> {
  const missing: string[] = [];
  for (const { name, path } of play.steps) {
    const readAt = READ_AT.find(([pattern]) => pattern.test(path))?.[1];
    if (name === undefined || !readAt) continue;
    const { status } = await reader.request('GET', readAt(made.get(name)!.id));
    if (status !== 200) missing.push(`${name} is not in the register (${status})`);
  }
  const allocations = play.steps.filter(({ path, name }) => path.endsWith('/allocation') && name !== undefined).map(({ name }) => name!);
  for (const name of allocations) {
    if (!(await isApproved(reader, made.get(name)!.id))) missing.push(`${name} is not approved, though a decision covers it`);
  }
  return missing;
}

async function isApproved(reader: ApiClient, allocation: string): Promise<boolean> {
  for (const until = Date.now() + FOLLOWS_WITHIN_MS; Date.now() < until; await delay(50)) {
    const { body } = await reader.request('GET', `/seat-allocations/${allocation}`);
    if (body['status'] === 'approved') return true;
  }
  return false;
}
