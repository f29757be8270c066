// What of a record is there to be acted on: ids, learned from its events. Wrong guesses are refused, and that is part of the history.
import type { StoredEvent, Uuid } from '#kernel';

export interface KnownBody {
  id: Uuid;
  regions: Uuid[];
  terms: Uuid[];
  offices: Uuid[];
  tenures: Uuid[];
  memberships: Uuid[];
}

export interface KnownMeeting {
  id: Uuid;
  bodies: Uuid[];
  status: 'scheduled' | 'open' | 'over';
  sittings: Uuid[];
  openSitting: Uuid | undefined;
  items: Uuid[];
  stated: Uuid[];
  named: Uuid[];
  remarks: Uuid[];
  requests: Uuid[];
  parts: Uuid[];
  /** Of the parts, those that were struck: whoever acts on one is refused. */
  struck: Uuid[];
}

export interface KnownDecision {
  decision: Uuid;
  proposal: Uuid;
  body: Uuid;
}

export interface KnownAllocation {
  id: Uuid;
  body: Uuid;
  region: Uuid;
  regionOf: Uuid;
  term: Uuid;
  nominatedBy: Uuid;
  seats: number;
}

type Data = Record<string, never> & { bodies: Uuid[]; seats: object[] };
type Learn = (known: Known, id: Uuid, data: Data) => void;

const inBody =
  (list: 'regions' | 'terms' | 'offices' | 'tenures' | 'memberships', field: string): Learn =>
  (known, id, data) => {
    known.body(id)[list].push(data[field]!);
  };
const inMeeting =
  (field: string, ...lists: ('sittings' | 'items' | 'stated' | 'named' | 'remarks')[]): Learn =>
  (known, id, data) => {
    const meeting = known.meeting(id);
    for (const list of [...lists, 'parts'] as const) meeting[list].push(data[field]!);
  };

const struck =
  (field: string): Learn =>
  (known, id, data) => {
    if (data['struck']) known.meeting(id).struck.push(data[field]!);
  };

const LEARN: Readonly<Record<string, Learn>> = {
  'body-established': (known, id) => known.bodies.push({ id, regions: [], terms: [], offices: [], tenures: [], memberships: [] }),
  'region-defined': inBody('regions', 'region'),
  'term-defined': inBody('terms', 'term'),
  'office-established': inBody('offices', 'office'),
  'office-assumed': inBody('tenures', 'tenure'),
  'member-admitted': (known, id, data) => {
    known.body(id).memberships.push(data['membership']!);
    if (data['region']) known.regionMembers.push({ region: data['region'], organisation: data['organisation']! });
  },
  'organisation-registered': (known, id) => known.organisations.push(id),
  'person-registered': (known, id) => known.persons.push(id),
  'document-registered': (known, id, data) => (data['kind'] === 'plan' ? known.plans : known.documents).push(id),
  'meeting-scheduled': (known, id, data) =>
    known.meetings.push({
      id,
      bodies: data.bodies,
      status: 'scheduled',
      sittings: [],
      openSitting: undefined,
      items: [],
      stated: [],
      named: [],
      remarks: [],
      requests: [],
      parts: [],
      struck: [],
    }),
  'meeting-opened': (known, id) => void (known.meeting(id).status = 'open'),
  'meeting-concluded': (known, id) => void (known.meeting(id).status = 'over'),
  'meeting-cancelled': (known, id) => void (known.meeting(id).status = 'over'),
  'sitting-opened': (known, id, data) => {
    inMeeting('sitting', 'sittings')(known, id, data);
    known.meeting(id).openSitting = data['sitting']!;
  },
  'sitting-closed': (known, id) => void (known.meeting(id).openSitting = undefined),
  'chair-taken': inMeeting('chairing'),
  'agenda-item-added': inMeeting('item', 'items'),
  'attendance-stated': inMeeting('attendance', 'stated'),
  'attendance-recorded': inMeeting('attendance', 'named'),
  'attendance-corrected': struck('attendance'),
  'remark-corrected': struck('remark'),
  'remark-made': inMeeting('remark', 'remarks'),
  'view-expressed': (known, id, data) => {
    inMeeting('view')(known, id, data);
    if (data['stance'] === 'request') known.meeting(id).requests.push(data['view']!);
  },
  'presentation-made': inMeeting('presentation'),
  'plan-presented': inMeeting('presentation'),
  'panel-held': inMeeting('panel'),
  'discussion-held': inMeeting('discussion'),
  'plan-reviewed': inMeeting('review'),
  'document-reviewed': inMeeting('review'),
  'proposal-introduced': (known, id, data) => known.proposals.push({ id, body: data['body']! }),
  'proposal-withdrawn': (known, id) => known.withdrawn.push(id),
  'decision-taken': (known, id, data) => known.decisions.push({ decision: data['decision']!, proposal: id, body: data['body']! }),
  'seat-allocation-proposed': (known, id, data) => {
    const { body, region, regionOf, term, nominatedBy } = data as unknown as KnownAllocation;
    known.allocations = [
      ...known.allocations.filter((each) => each.id !== id),
      { id, body, region, regionOf, term, nominatedBy, seats: data.seats.length },
    ];
  },
  'follow-up-assigned': (known, id) => known.followUps.push(id),
  'token-issued': (known, id) => known.tokens.push(id),
};

export class Known {
  readonly bodies: KnownBody[] = [];
  readonly organisations: Uuid[] = [];
  readonly persons: Uuid[] = [];
  readonly documents: Uuid[] = [];
  readonly plans: Uuid[] = [];
  readonly meetings: KnownMeeting[] = [];
  readonly proposals: { id: Uuid; body: Uuid }[] = [];
  readonly withdrawn: Uuid[] = [];
  readonly decisions: KnownDecision[] = [];
  allocations: KnownAllocation[] = [];
  readonly regionMembers: { region: Uuid; organisation: Uuid }[] = [];
  readonly followUps: Uuid[] = [];
  readonly tokens: Uuid[] = [];

  learn(events: readonly StoredEvent[]): void {
    for (const { type, stream, data } of events)
      LEARN[type]?.(this, stream.slice(stream.indexOf('-') + 1) as Uuid, JSON.parse(data) as Data);
  }

  body(id: Uuid): KnownBody {
    return this.bodies.find((body) => body.id === id)!;
  }

  meeting(id: Uuid): KnownMeeting {
    return this.meetings.find((meeting) => meeting.id === id)!;
  }
}
