// What readers ask: default lists and details, of things spread over the whole history, by an auditor and by a delegate in turn.
import { drive, request, type Driven } from './http-load.js';
import { ids, REMARKS_PER_MEETING, type Layout } from './history.js';
import { quantile } from './rounds.js';
import { check } from './scenario.js';
import type { Served } from './served.js';

export const CONNECTIONS = 64;
/** Different requests of a round. */
const DIFFERENT = 3_000;
/** Moments that are asked for lie in the later part of the history, the things that are asked for in the earlier. */
const EARLIER = 0.3;

export interface Readers {
  auditor: string;
  delegate: string;
}

export async function makeReaders(served: Served): Promise<Readers> {
  const readers = { auditor: await served.makeToken('auditor'), delegate: await served.makeToken('delegate', ids.organisation(0)) };
  await served.caughtUp();
  return readers;
}

/** Numbers that look drawn and are the same each time, from 0 to below `end`. */
function* drawn(end: number): Generator<number, never> {
  for (let state = 1; ; state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) yield Math.floor((state / 2 ** 32) * end);
}

const kinds: readonly ((meeting: number) => string)[] = [
  () => '/meetings',
  () => '/proposals',
  () => '/decisions',
  () => '/follow-ups',
  () => '/persons',
  () => '/organisations',
  () => `/meetings/${ids.longMeeting}/remarks`,
  (n) => `/meetings/${ids.meeting(n)}/remarks`,
  (n) => `/meetings/${ids.meeting(n)}/agenda-items`,
  (n) => `/meetings/${ids.meeting(n)}`,
  // The first remark of some meetings is struck.
  (n) => `/remarks/${ids.remark(n, 1 + (n % (REMARKS_PER_MEETING - 1)))}`,
  (n) => `/proposals/${ids.proposal(n)}`,
  (n) => `/decisions/${ids.decision(n)}`,
  (n) => `/follow-ups/${ids.followUp(n)}`,
  (n) => `/persons/${ids.person(n % 50)}`,
];

/** Default lists and details as they stand. */
export function now(layout: Layout): string[] {
  const meetings = drawn(Math.floor(layout.plan.meetings * EARLIER));
  return Array.from({ length: DIFFERENT }, (_, at) => kinds[at % kinds.length]!(meetings.next().value));
}

/** The same, each at a record of its own at which all that it asks for stood. */
export function asOf(layout: Layout): string[] {
  return atMoments(layout, now(layout));
}

export function atMoments(layout: Layout, addresses: readonly string[]): string[] {
  const { meetings } = layout.plan;
  const later = drawn(Math.floor(meetings * (1 - EARLIER)));
  return addresses.map((address) => `${address}?asOf=${layout.before(meetings - later.next().value)}`);
}

export interface Latencies {
  medianMs: number;
  p99Ms: number;
  rate: number;
}

/** Asks for so long, every connection in turn for one address after the other. */
export async function ask(served: Served, readers: Readers, addresses: readonly string[], forMs: number): Promise<Latencies> {
  const requests = [readers.auditor, readers.delegate].map((token) => addresses.map((address) => request('GET', address, token)));
  let at = 0;
  const driven: Driven = await drive({
    address: served.address,
    connections: CONNECTIONS,
    forMs,
    next: (connection) => requests[connection % 2]![at++ % addresses.length],
    onAnswer: ({ status, body }) => check(status === 200, `a read was answered with ${status}: ${body.toString()}`),
  });
  return {
    medianMs: quantile(driven.latenciesMs, 0.5),
    p99Ms: quantile(driven.latenciesMs, 0.99),
    rate: (driven.answered * 1000) / driven.elapsedMs,
  };
}
