// What must hold of every record. Each check says by its name what broke.
import { isDeepStrictEqual } from 'node:util';
import { expect } from '@jest/globals';
import type { Runner } from '#event-store';
import { isBy, isCivilDate, isRefusal, parseStreamName, type RecordNumber, type Uuid } from '#kernel';
import { hasPeriod, ListQuery, ListQueryHandler } from '#http';
import type { AnyList, Dump, Moment, Row } from '#read-models';
import { dump } from '../../libs/read-models/src/dump.js';
import { replay, rowsOf, type Register } from '../../libs/read-models/src/testing/oracle.js';
import { auditor } from '../../libs/read-models/src/testing/workbench.js';
import { catalogue, projections, schema } from '../../apps/api/src/composition.js';
import { deciders } from './deciders.js';
import type { KeptRecord } from './record.js';

const lists: readonly AnyList[] = projections.flatMap((projection) => projection.lists ?? []);
const at = (record: number): Moment => ({ record: record as RecordNumber, isNow: false });
/** A comparison that finds a difference says it well, and takes long for what is the same: that comes first. */
function same(found: unknown, expected: unknown, what: string): void {
  if (!isDeepStrictEqual(found, expected)) expect({ what, is: found }).toEqual({ what, is: expected });
}

type Wanted = Readonly<Record<string, string>>;

/** Every table, row by row, and every list, by everything that it can be narrowed and sorted by. */
export async function asItStood(record: KeptRecord, moment: number): Promise<void> {
  const register = replay(projections, catalogue, record.events, moment);
  for (const { name, definition } of schema.tables.values()) {
    const expected = rowsOf(register, name);
    const standing = record.bench.database
      .prepare<{ id: Uuid }>(`SELECT id FROM ${name} WHERE valid_from <= ?1 AND (valid_to IS NULL OR valid_to > ?1)`)
      .all(moment);
    same(standing.map(({ id }) => id).sort(), expected.map(({ id }) => id).sort(), `${name} at record ${moment}`);
    for (const row of expected)
      same(record.bench.reading.detail(definition, row.id, at(moment), auditor), row, `${name} at record ${moment}`);
  }
  for (const list of lists) await listed(record, list, register, moment);
  await inForceAsItStood(record, moment, register);
}

/** Every list of what has a period, on days on which something begins or ends, and the days after them. */
export async function inForceAsItStood(
  record: KeptRecord,
  moment: number,
  register = replay(projections, catalogue, record.events, moment),
): Promise<void> {
  for (const list of lists) if (hasPeriod(list)) await listedOnDays(record, list, register, moment);
}

async function listed(record: KeptRecord, list: AnyList, register: Register, moment: number): Promise<void> {
  const rows = rowsOf(register, list.table.name);
  for (const where of narrowings(list, rows)) {
    const matching = rows.filter((row) => Object.entries(where).every(([column, value]) => valuesOf(list, row, column).includes(value)));
    for (const [sort, expected] of orders(list, matching)) {
      const found = await readAll(record, list, moment, where, sort);
      same(found, expected, `the list ${list.name} at record ${moment}, by ${JSON.stringify(where)}, sorted by ${sort}`);
    }
  }
}

/** As the API answers it: narrowed by each column alone. */
async function listedOnDays(record: KeptRecord, list: AnyList, register: Register, moment: number): Promise<void> {
  const standing = rowsOf(register, list.table.name) as Dated[];
  const dated = list.onDate ? (rowsOf(register, list.onDate.from.table.name) as Dated[]) : standing;
  const ends = [...dated.slice(0, 2), ...dated.slice(-2)].flatMap(({ from, until }) => [from, until].filter((day) => day !== null));
  for (const day of new Set(ends.flatMap((end) => [end, dayAfter(end)]))) {
    const rows = onDay(list, register, day);
    for (const where of narrowings(list, rows).filter((each) => Object.keys(each).length < 2)) {
      const expected = rows.filter((row) => Object.entries(where).every(([column, value]) => valuesOf(list, row, column).includes(value)));
      const found = await answeredOnDay(record, list, moment, where, day);
      // Where the walk goes along who holds seats, their order is that of the holdings.
      const inOrder = (page: readonly Row[]): readonly Row[] =>
        'organisation' in where && list.onDate ? [...page].sort((a, b) => (a.id < b.id ? -1 : 1)) : page;
      same(inOrder(found), inOrder(expected), `the list ${list.name} on ${day} at record ${moment}, by ${JSON.stringify(where)}`);
    }
  }
}

type Dated = Row & { from: string | null; until: string | null };

const dayAfter = (day: string): string => new Date(Date.parse(day.slice(0, 10)) + 86_400_000).toISOString().slice(0, 10);

const covers = ({ from, until }: Dated, day: string): boolean => from !== null && from <= day && (until === null || day <= until);

/** What is in force then: of seats and of who holds them, what was approved, each seat with its holder of that day. */
function onDay({ name, table }: AnyList, register: Register, day: string): Row[] {
  const standing = (rowsOf(register, table.name) as Dated[]).filter((row) => covers(row, day));
  const holdings = rowsOf(register, 'seat_holdings') as HoldingRow[];
  const statusOf = new Map((rowsOf(register, 'seats') as (Row & { status: string })[]).map(({ id, status }) => [id, status]));
  if (name === 'seat-holdings')
    return (standing as HoldingRow[])
      .map((row) => ({ ...row, status: statusOf.get(row.seat) ?? null }))
      .filter(({ status }) => status === 'approved');
  if (name !== 'seats') return standing;
  return standing
    .filter(({ id }) => statusOf.get(id) === 'approved')
    .map((row) => {
      const holding = holdings.find((each) => each.seat === row.id && covers(each, day));
      return {
        ...row,
        organisation: holding?.organisation ?? null,
        heldFrom: holding?.from ?? null,
        heldUntil: holding?.until ?? null,
      };
    });
}

async function answeredOnDay(record: KeptRecord, list: AnyList, moment: number, where: Wanted, inForceOn: string): Promise<Row[]> {
  const handler = new ListQueryHandler(record.bench.reading);
  const rows: Row[] = [];
  let cursor: string | undefined;
  do {
    const asked = { asOf: String(moment), inForceOn, where, sort: 'recorded', limit: 3, cursor, count: true };
    const page = await handler.execute(new ListQuery(list, asked, auditor));
    if (isRefusal(page)) throw new Error(page.detail);
    rows.push(...page.rows);
    cursor = page.next;
    if (cursor === undefined) same(page.count, { count: rows.length, more: false }, `the count of ${list.name} on ${inForceOn}`);
  } while (cursor !== undefined);
  return rows;
}

/** What a row is found under: of a meeting of several bodies, each of them. */
function valuesOf({ underEach }: AnyList, row: Row, column: string): string[] {
  const value = (row as never)[underEach?.scope === column ? underEach.of : column] as unknown;
  return value === null ? [] : [value].flat().map(String);
}

/** Nothing; each column alone, by the first and the last value that occurs; a scope beside a filter. */
function narrowings(list: AnyList, rows: readonly Row[]): Wanted[] {
  const { scopes = [], filters = [] } = list;
  const ends = [rows[0], rows.at(-1)].filter((row) => row !== undefined);
  const by = (row: Row, columns: readonly string[]): Wanted[] => {
    const values = columns.map((column) => [column, valuesOf(list, row, column).at(-1)] as const);
    return values.some(([, value]) => value === undefined) ? [] : [Object.fromEntries(values) as Wanted];
  };
  const columns = [...scopes, ...filters].map((column) => [column]);
  const pairs = scopes.flatMap((scope) => filters.map((filter) => [scope, filter]));
  return [{}, ...ends.flatMap((row) => [...columns, ...pairs].flatMap((chosen) => by(row, chosen)))];
}

function orders({ table, sorts = [] }: AnyList, rows: readonly Row[]): [string, Row[]][] {
  const sorted = sorts.map((column): [string, Row[]] => {
    const least = table.columns[column]!.type === 'integer' ? -Infinity : '';
    const key = (row: Row): string | number => (row as never)[column] ?? least;
    return [column, [...rows].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0))];
  });
  return [['recorded', [...rows]] as [string, Row[]], ...sorted].flatMap(
    ([sort, inOrder]) =>
      [
        [sort, inOrder],
        [`-${sort}`, [...inOrder].reverse()],
      ] as [string, Row[]][],
  );
}

async function readAll(record: KeptRecord, list: AnyList, moment: number, where: Wanted, sort: string): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | undefined;
  do {
    const page = await record.bench.reading.list(list, {
      moment: at(moment),
      reader: auditor,
      where,
      sort,
      limit: 7,
      ...(cursor !== undefined && { cursor }),
    });
    if (isRefusal(page)) throw new Error(page.detail);
    rows.push(...page.rows);
    cursor = page.next;
  } while (cursor !== undefined);
  return rows;
}

/** Rebuilt equals live. */
export function asRebuilt({ bench, events }: KeptRecord): void {
  same(rebuilt({ bench, events }, events.length), dump(bench.database), 'rebuilt');
}

/** Cut back to a record, every table is as if nothing had followed; and goes on to be the same. */
export function asCutBack({ bench, events }: KeptRecord, moments: readonly number[]): void {
  const live = dump(bench.database);
  for (const moment of [...moments].sort((a, b) => b - a)) {
    bench.projector.cutBackTo(moment as RecordNumber);
    same(dump(bench.database), rebuilt({ bench, events }, moment), `cut back to record ${moment}`);
  }
  same(dump(bench.project(events).database), live, 'projected again');
}

function rebuilt({ bench, events }: Pick<KeptRecord, 'bench' | 'events'>, moment: number): Dump {
  const database = bench.rebuilt(events.slice(0, moment));
  try {
    return dump(database);
  } finally {
    database.close();
  }
}

/** What a row shows as its revision is what If-Match is compared with: else whoever read it could never change it. */
export async function asIfMatchCompares(record: KeptRecord, runner: Runner): Promise<void> {
  const touched = new Map<Uuid, number>();
  for (const stream of new Set(record.events.map((event) => event.stream))) {
    const { touched: ids } = await runner.durable(stream, deciders[parseStreamName(stream).category]);
    for (const [id, revision] of ids) {
      expect([stream, id, touched.has(id)]).toEqual([stream, id, false]);
      touched.set(id, revision);
    }
  }
  const register = replay(projections, catalogue, record.events);
  const differing = [...schema.tables.values()]
    .filter(({ definition }) => !definition.repeats)
    .flatMap(({ name }) =>
      rowsOf(register, name).map(({ id, revision }) => ({ table: name, id, shown: revision, compared: touched.get(id) })),
    )
    .filter(({ shown, compared }) => shown !== compared);
  expect(differing).toEqual([]);
}

/** Who holds a seat by the register of holdings is who the seat names, and nobody of a proposal that was made anew; nobody holds two at a time. */
export function asSeatsAreHeld({ events }: KeptRecord): void {
  const register = replay(projections, catalogue, events);
  const holdings = rowsOf(register, 'seat_holdings') as HoldingRow[];
  const past = new Set(
    events.flatMap(({ type, data }) => {
      const { holding, until } = JSON.parse(data) as { holding?: Uuid; until?: string };
      return type === 'seat-vacated' && until ? [holding] : [];
    }),
  );
  const last = new Map(holdings.map((holding) => [holding.seat, holding]));
  const seats = rowsOf(register, 'seats') as (Row & { organisation: Uuid | null; heldFrom: string | null; heldUntil: string | null })[];
  // Where the last naming was wrong, the seat names nobody: those before it left.
  const naming = seats.filter(({ organisation }) => organisation !== null);
  same(
    naming.map(({ id, organisation, heldFrom, heldUntil }) => [id, organisation, heldFrom, heldUntil].join(' ')),
    naming.map(({ id }) => {
      const { organisation, from, until } = last.get(id)!;
      return [id, organisation, from, until].join(' ');
    }),
    'who was named last to hold seats',
  );
  const nobody = new Set(seats.filter(({ organisation }) => organisation === null).map(({ id }) => id));
  same(
    holdings.filter(({ id, seat }) => nobody.has(seat) && !past.has(id)),
    [],
    'holdings of seats that name nobody',
  );
  const known = new Set(seats.map(({ id }) => id));
  same(
    holdings.filter(({ seat }) => !known.has(seat)),
    [],
    'holdings of seats that are not there',
  );
  const allocations = new Map((rowsOf(register, 'seat_allocations') as AllocationRow[]).map((row) => [row.id, row]));
  const sameSeats = (one: HoldingRow, other: HoldingRow): boolean => {
    const [of, also] = [allocations.get(one.allocation)!, allocations.get(other.allocation)!];
    if (of === also) return other.seat === one.seat || other.organisation === one.organisation;
    return (
      of.body === also.body &&
      of.term === also.term &&
      of.status !== 'returned' &&
      also.status !== 'returned' &&
      other.organisation === one.organisation
    );
  };
  const dividedBy = new Map((rowsOf(register, 'regions') as (Row & { body: Uuid })[]).map(({ id, body }) => [id, body]));
  const quotas = rowsOf(register, 'seat_quotas') as (Row & { body: Uuid; region: Uuid })[];
  /** A second seat is looked for in the regions that divide the same members, or have a quota on the body when the holder is named. */
  const isLookedFor = (named: HoldingRow, held: HoldingRow): boolean => {
    const [own, other] = [allocations.get(named.allocation)!, allocations.get(held.allocation)!];
    return (
      dividedBy.get(own.region) === dividedBy.get(other.region) ||
      quotas.some(({ body, region, first }) => body === other.body && region === other.region && first < named.first)
    );
  };
  const double = holdings.filter((one) =>
    holdings.some(
      (other) =>
        other.first < one.first && sameSeats(one, other) && isLookedFor(one, other) && other.from <= one.until && one.from <= other.until,
    ),
  );
  same(double, [], 'seats that are held at the same time');
}

type AllocationRow = Row & { body: Uuid; region: Uuid; term: Uuid; status: string; decision: Uuid | null };

type HoldingRow = Row & { seat: Uuid; allocation: Uuid; organisation: Uuid; from: string; until: string };

/** Rules 5 and 6: what a decision names is completed by it, once, or stands out as an exception; and by one decision alone. */
export function asDecisionsAreCompleted({ events }: KeptRecord): void {
  const said = events.map(({ type, stream, data }) => ({ type, stream, data: JSON.parse(data) as Completing }));
  const count = (types: readonly string[], holds: (data: Completing, stream: string) => boolean): number =>
    said.filter(({ type, stream, data }) => types.includes(type) && holds(data, stream)).length;
  const wrong: object[] = [];
  for (const {
    type,
    data: { decision, outcome, supersedes = [], rescinds = [], allocations = [] },
  } of said) {
    if (type !== 'decision-taken') continue;
    for (const [how, references] of [
      ['decision-superseded', supersedes],
      ['decision-rescinded', rescinds],
    ] as const) {
      for (const { decision: target } of references)
        if (count([how, 'decision-replacement-failed'], (data) => data.decision === target && data.by?.decision === decision) !== 1)
          wrong.push({ how, target, decision });
    }
    if (count(['decision-superseded', 'decision-rescinded'], (data) => data.decision === decision) > 1)
      wrong.push({ replacedTwice: decision });
    if (!SETTLING.has(outcome)) continue;
    const settled = ['seat-allocation-approved', 'seat-allocation-returned', 'seat-allocation-settlement-failed'];
    for (const target of allocations)
      if (count(settled, (data, stream) => data.decision === decision && stream === `allocation-${target}`) !== 1)
        wrong.push({ target, decision });
  }
  same(wrong, [], 'decisions that were not completed once');
  const register = replay(projections, catalogue, events);
  const inForce = new Set(
    (rowsOf(register, 'decisions') as (Row & { status: string })[]).filter(({ status }) => status === 'in-force').map(({ id }) => id),
  );
  same(
    (rowsOf(register, 'seat_allocations') as AllocationRow[]).filter(
      ({ status, decision }) => status === 'approved' && !inForce.has(decision!),
    ),
    [],
    'allocations that rest on a decision which is not in force',
  );
}

interface Completing {
  decision: Uuid;
  outcome: string;
  by?: { decision: Uuid };
  supersedes?: { decision: Uuid }[];
  rescinds?: { decision: Uuid }[];
  allocations?: Uuid[];
}

/** Rule 6: what came into force is within the quota of its time, or marked as an exception, when it was proposed or when it was decided. */
export function asSeatsAreWithinQuotas({ events }: KeptRecord): void {
  const quotas: { key: string; seats: number; from: string }[] = [];
  const zones = new Map<string, string>();
  const isSetBy = (quota: { key: string; from: string }, when: string): boolean =>
    isBy(quota.from, when, zones.get(quota.key.split(' ')[0]!));
  const quotaAt = (key: string, when: string): number => {
    const its = quotas.filter((quota) => quota.key === key);
    return (its.findLast((quota) => isSetBy(quota, when)) ?? its[0])?.seats ?? 0;
  };
  const allocations = new Map<
    string,
    { body: Uuid; region: Uuid; seats: object[]; exceptions?: { rule: string }[]; on: string; isApproved?: true }
  >();
  const beyond: object[] = [];
  for (const event of events) {
    const data = JSON.parse(event.data) as Completing & { body: Uuid; region: Uuid; zone?: string; exceptions?: { rule: string }[] };
    const { occurredAt } = JSON.parse(event.meta) as { occurredAt: string };
    if (event.type === 'body-established' && data.zone) zones.set(event.stream, data.zone);
    if (event.type === 'seat-quota-set') {
      const key = `${event.stream} ${data.region}`;
      const later = quotas.findIndex((quota) => quota.key === key && !isSetBy(quota, occurredAt));
      quotas.splice(later < 0 ? quotas.length : later, 0, { key, seats: (data as unknown as { seats: number }).seats, from: occurredAt });
    }
    if (event.type === 'seat-allocation-proposed') allocations.set(event.stream, { ...data, on: occurredAt } as never);
    if (event.type === 'seat-allocation-returned') delete allocations.get(event.stream)!.isApproved;
    if (event.type === 'seat-allocation-approved') allocations.get(event.stream)!.isApproved = true;
    if (event.type !== 'decision-taken' || !APPROVING.has(data.outcome)) continue;
    for (const id of data.allocations ?? []) {
      const { body, region, seats, isApproved, exceptions, on } = allocations.get(`allocation-${id}`)!;
      const quota = quotaAt(`body-${body} ${region}`, occurredAt);
      const isMarked = isOfQuota(data.exceptions) || (isOfQuota(exceptions) && quota >= quotaAt(`body-${body} ${region}`, on));
      if (!isApproved && !isMarked && seats.length > quota) beyond.push({ id, decision: data.decision });
    }
  }
  same(beyond, [], 'seats that were approved beyond the quota');
}

const isOfQuota = (exceptions: { rule: string }[] = []): boolean =>
  exceptions.some(({ rule }) => rule === 'beyond-quota' || rule === 'no-quota');

/** Outcomes that approve an allocation, or return it. */
const APPROVING: ReadonlySet<string> = new Set(['adopted', 'approved', 'endorsed', 'recommended', 'ratified', 'elected']);
const SETTLING: ReadonlySet<string> = new Set([...APPROVING, 'rejected', 'referred']);

/** Rule 5: a proposal has one decision in force, and is decided while it has one that settles it. */
export function asProposalsAreDecided({ events }: KeptRecord): void {
  const register = replay(projections, catalogue, events);
  const decisions = rowsOf(register, 'decisions') as (Row & { proposal: Uuid; status: string; outcome: string })[];
  const wrong = (rowsOf(register, 'proposals') as (Row & { status: string })[]).filter(({ id, status }) => {
    const its = decisions.filter(({ proposal }) => proposal === id);
    const inForce = its.filter((each) => each.status === 'in-force');
    if (inForce.length > 1) return true;
    if (status === 'withdrawn') return inForce.some(({ outcome }) => !OPEN.has(outcome));
    // One that was superseded elsewhere is decided there.
    return inForce.length === 1
      ? (status === 'decided') === OPEN.has(inForce[0]!.outcome)
      : status === 'decided' && its.every((each) => each.status === 'rescinded');
  });
  same(wrong, [], 'proposals that are not as their decisions are');
}

const OPEN: ReadonlySet<string> = new Set(['deferred', 'referred', 'no-decision']);

/** Rule 7: what is owed is due at a meeting that is still to come or to end, or waits for one, and only while none is scheduled. */
export function asFollowUpsAreDue({ events }: KeptRecord): void {
  const register = replay(projections, catalogue, events);
  const meetings = rowsOf(register, 'meetings') as (Row & {
    bodies: Uuid[];
    status: string;
    starts: string | null;
    opened: string | null;
    zone: string | null;
  })[];
  const decisions = rowsOf(register, 'decisions') as (Row & { meeting: Uuid })[];
  const owed = (
    rowsOf(register, 'follow_ups') as (Row & {
      status: string;
      dueAt: Uuid | null;
      waitsFor: Uuid | null;
      waitsAfter: Uuid | null;
      decision: Uuid | null;
    })[]
  ).filter(({ status }) => status === 'open');
  const isOver = (id: Uuid): boolean => ['concluded', 'cancelled'].includes(meetings.find((meeting) => meeting.id === id)!.status);
  const lost = owed.filter(({ dueAt, waitsFor, waitsAfter, decision }) => {
    const before = meetings.find(({ id }) => id === (waitsAfter ?? decisions.find((each) => each.id === decision)?.meeting));
    const from = before?.starts ?? before?.opened;
    return dueAt
      ? isOver(dueAt)
      : waitsFor &&
          meetings.some(
            ({ bodies, status, starts, zone }) =>
              bodies.includes(waitsFor) &&
              status === 'scheduled' &&
              !(starts && from && !isBy(from, starts, (isCivilDate(from) ? zone : before!.zone) ?? undefined)),
          );
  });
  same(lost, [], 'follow-ups that were left behind');
}

/** How many records end a version of a row. */
export const endingRecords = ({ bench }: KeptRecord): number =>
  bench.database.prepare<{ n: number }>(`SELECT count(DISTINCT record) AS n FROM changes WHERE kind <> 'began'`).get()!.n;
