// A history of any length, sealed as the runner seals: parties, one long meeting, one remark that is corrected over and over, and
// meetings one after the other, each with remarks, a correction, a decision and a follow-up. Same plan, same ids and records.
import { openLog, Sealer, SqliteEventStore, type Append, type EventStore, type Installation } from '#event-store';
import {
  derivedId,
  randomId,
  sealed,
  sealText,
  streamName,
  utcTime,
  type Category,
  type DomainEvent,
  type Metadata,
  type Revision,
  type Sealed,
  type SealedEvent,
  type Uuid,
} from '#kernel';

const START_MS = Date.parse('2024-04-29T06:00:00.000Z');
const SECOND_MS = 1000;
/** More than a page of each. */
const PARTIES = 52;
const MEMBERS = 3;
const FIRST_REMARKS = 52;
/** Of the meetings that follow one another: enough for every list by meeting to have rows. */
export const EVENTS_PER_MEETING = 16;
export const REMARKS_PER_MEETING = 4;
/** Record 1, the parties, the body with its members, two meetings scheduled and opened with their first remarks. */
const BASE = 1 + 2 * PARTIES + 1 + MEMBERS + 2 * (2 + FIRST_REMARKS);
const APPENDS_IN_FLIGHT = 2000;

export interface HistoryPlan {
  meetings: number;
  hotVersions: number;
  /** Further remarks in the long meeting. */
  longRemarks: number;
}

/** About as many events as asked for, a hundredth of them in the long meeting. */
export function planOf(events: number, hotVersions: number): HistoryPlan {
  const longRemarks = Math.floor(events / 100);
  return {
    meetings: Math.max(PARTIES, Math.floor((events - BASE - hotVersions - longRemarks) / EVENTS_PER_MEETING)),
    hotVersions,
    longRemarks,
  };
}

export const ids = {
  body: idOf('body'),
  longMeeting: idOf('meeting long'),
  hotMeeting: idOf('meeting hot'),
  hotRemark: idOf('remark hot/0'),
  organisation: (n: number) => idOf(`organisation ${n}`),
  person: (n: number) => idOf(`person ${n}`),
  meeting: (n: number) => idOf(`meeting ${n}`),
  remark: (meeting: number, n: number) => idOf(`remark ${meeting}/${n}`),
  proposal: (meeting: number) => idOf(`proposal ${meeting}`),
  decision: (meeting: number) => idOf(`decision ${meeting}`),
  followUp: (meeting: number) => idOf(`followup ${meeting}`),
};

function idOf(name: string): Uuid {
  return derivedId('bench', name);
}

/** Where in the log things lie. */
export class Layout {
  constructor(readonly plan: HistoryPlan) {}

  get events(): number {
    return this.before(this.plan.meetings);
  }

  /** The record before the first one of a meeting. */
  before(meeting: number): number {
    return BASE + EVENTS_PER_MEETING * meeting + this.upTo(this.plan.hotVersions, meeting) + this.upTo(this.plan.longRemarks, meeting);
  }

  /** How many of `all` come before a meeting. */
  upTo(all: number, meeting: number): number {
    return Math.floor((all * meeting) / this.plan.meetings);
  }

  /** The record that made the version of the hot remark that stood at the record before a meeting. */
  hotVersionBefore(meeting: number): number {
    return this.before(meeting) - (this.upTo(this.plan.longRemarks, meeting) - this.upTo(this.plan.longRemarks, meeting - 1));
  }
}

/** Writes the history into an empty directory, with keys of its own. */
export async function writeHistory(directory: string, plan: HistoryPlan): Promise<void> {
  const store = await SqliteEventStore.open({ directory, mode: 'writer' });
  try {
    await writeHistoryInto(store, `${directory}-keys`, plan, APPENDS_IN_FLIGHT);
  } finally {
    await store.close();
  }
}

/** @param atOnce appends under way together: one, where the store may take a later one first */
export async function writeHistoryInto(store: EventStore, keysDirectory: string, plan: HistoryPlan, atOnce: number): Promise<void> {
  const installation = await openLog(store, keysDirectory, 'bench.invalid/plenary', START_MS);
  let inFlight: Promise<unknown>[] = [];
  for (const append of appendsOf(plan, installation)) {
    inFlight.push(store.append({ ...append, isFirst: true }));
    if (inFlight.length < atOnce) continue;
    await Promise.all(inFlight);
    inFlight = [];
  }
  await Promise.all(inFlight);
}

function* appendsOf(plan: HistoryPlan, installation: Installation): Generator<Append> {
  const layout = new Layout(plan);
  const scribe = new Scribe(installation);
  for (let n = 0; n < PARTIES; n++) {
    yield scribe.append('organisation', ids.organisation(n), [
      { type: 'organisation-registered', data: { kind: 'state-administration', name: text(`Customs administration ${n}`) } },
    ]);
    yield scribe.append('person', ids.person(n), [
      {
        type: 'person-registered',
        data: { name: text(`Delegate ${n}`), position: text('Director General'), organisation: ids.organisation(n) },
      },
    ]);
  }
  yield scribe.append('body', ids.body, [
    { type: 'body-established', data: { kind: 'conference', name: text('Regional conference'), audience: { kind: 'members' } } },
    ...Array.from({ length: MEMBERS }, (_, n) => ({
      type: 'member-admitted',
      data: { membership: idOf(`membership ${n}`), organisation: ids.organisation(n), as: 'member', from: '2024-01-01' },
    })),
  ]);
  for (const name of ['long', 'hot']) {
    yield scribe.append('meeting', idOf(`meeting ${name}`), [
      scheduled(`The ${name} meeting`),
      { type: 'meeting-opened', data: {} },
      ...Array.from({ length: FIRST_REMARKS }, (_, n) => remark(name, n)),
    ]);
  }
  for (let n = 0; n < plan.meetings; n++) {
    yield scribe.append('meeting', ids.meeting(n), meetingEvents(n));
    yield scribe.append('proposal', ids.proposal(n), decided(n));
    yield scribe.append('followup', ids.followUp(n), owed(n));
    const between = (all: number): number[] =>
      Array.from({ length: layout.upTo(all, n + 1) - layout.upTo(all, n) }, (_, at) => layout.upTo(all, n) + at);
    const corrections = between(plan.hotVersions).map((at) => ({
      type: 'remark-corrected',
      data: { remark: ids.hotRemark, text: text(`As corrected for the ${at}th time.`), reason: { code: 'typing' } },
    }));
    if (corrections.length > 0) yield scribe.append('meeting', ids.hotMeeting, corrections);
    const further = between(plan.longRemarks).map((at) => remark('long', FIRST_REMARKS + at));
    if (further.length > 0) yield scribe.append('meeting', ids.longMeeting, further);
  }
}

const text = (words: string) => sealText([{ lang: 'en', text: words }]);
const SENTENCE =
  'Customs plays a significant role in facilitating legitimate trade, and the administrations of the region share what they know about fragile borders. ';

const scheduled = (title: string): DomainEvent => ({
  type: 'meeting-scheduled',
  data: { bodies: [ids.body], title: text(title), starts: '2024-04-29', zone: 'Europe/Brussels', format: 'hybrid' },
});

const remark = (meeting: string | number, n: number): DomainEvent => ({
  type: 'remark-made',
  data: {
    remark: idOf(`remark ${meeting}/${n}`),
    kind: 'statement',
    speaker: { person: ids.person(n % PARTIES) },
    capacity: text('Vice-Chair'),
    text: text(`${SENTENCE.repeat(1 + (n % 2))}Remark ${n}.`),
  },
});

function meetingEvents(n: number): DomainEvent[] {
  const sitting = idOf(`sitting ${n}`);
  const item = idOf(`item ${n}`);
  const change = n % 10 === 0 ? { struck: true } : { text: text(`${SENTENCE}As corrected.`) };
  return [
    scheduled(`Meeting ${n}`),
    { type: 'meeting-opened', data: {} },
    { type: 'sitting-opened', data: { sitting, number: 1, class: 'open' } },
    { type: 'agenda-item-added', data: { item, number: '1', title: text('Fragile borders'), purpose: 'decision' } },
    {
      type: 'attendance-stated',
      data: { attendance: idOf(`attendance ${n}`), present: 49, entitled: 52, evidence: { words: text('49 of the 52 Member States') } },
    },
    ...Array.from({ length: REMARKS_PER_MEETING }, (_, at) => remark(n, at)),
    { type: 'remark-corrected', data: { remark: ids.remark(n, 0), ...change, reason: { code: 'misheard' } } },
    { type: 'sitting-closed', data: { sitting } },
    { type: 'meeting-concluded', data: {} },
  ];
}

const decided = (n: number): DomainEvent[] => [
  {
    type: 'proposal-introduced',
    data: { body: ids.body, meeting: ids.meeting(n), title: text('Joint training'), text: text(`${SENTENCE}The region trains together.`) },
  },
  {
    type: 'decision-taken',
    data: {
      decision: ids.decision(n),
      body: ids.body,
      meeting: ids.meeting(n),
      outcome: 'adopted',
      wording: text(`${SENTENCE}Adopted.`),
      method: 'consensus',
      evidence: { words: text('The conference adopted it.') },
      quorum: { status: 'no-rule' },
    },
  },
];

const owed = (n: number): DomainEvent[] => [
  {
    type: 'follow-up-assigned',
    data: {
      body: ids.body,
      owner: { organisation: ids.organisation(n % PARTIES) },
      action: text('Report on training.'),
      due: { on: '2024-12-31' },
      from: { decision: ids.decision(n), proposal: ids.proposal(n) },
    },
  },
  { type: 'follow-up-progressed', data: { note: text('A first report is there.') } },
];

/** Seals events in the order of the log, a second after one another. */
class Scribe {
  private readonly sealer: Sealer;
  private readonly revisions = new Map<Uuid, number>();
  private readonly digest = 'ab'.repeat(32);
  private record = 1;

  constructor({ keys }: Installation) {
    this.sealer = new Sealer(keys.writer);
  }

  append(category: Category, id: Uuid, events: readonly DomainEvent[]): Append {
    const stream = streamName(category, id);
    const last = this.revisions.get(id) ?? -1;
    this.revisions.set(id, last + events.length);
    const sealedEvents = events.map((event, at): SealedEvent => {
      const recordedAt = utcTime(START_MS + SECOND_MS * this.record++);
      return this.sealer.seal(stream, (last + 1 + at) as Revision, recordedAt, {
        id: randomId(),
        event,
        schemaVersion: 1,
        metadata: this.metadata(recordedAt),
      });
    });
    return { stream, expected: last < 0 ? 'none' : (last as Revision), events: sealedEvents };
  }

  private metadata(recordedAt: string): Metadata<Sealed> {
    const commandId = randomId();
    return {
      occurredAt: recordedAt as never,
      actor: { subject: idOf('subject'), token: idOf('token'), role: 'secretariat', name: sealed('Secretary of the conference') },
      commandId,
      bodyDigest: this.digest,
      correlation: randomId(),
    };
  }
}
