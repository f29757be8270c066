// The meeting as its commands need it: where it stands, what its parts are, who is there; no texts.
import { audienceKey, type Decider, type FoldedEvent, type Occurred, type Party, type UtcTime, type Uuid } from '#kernel';
import type { MeetingEvent, PartKind } from './meeting.events.js';

export type MeetingStatus = 'scheduled' | 'postponed' | 'cancelled' | 'open' | 'concluded';

export interface Sitting {
  number: number;
  class: 'open' | 'closed';
  /** As stated. */
  openedAt: Occurred;
  closed: Closing | undefined;
}

/** The end of a meeting or sitting: when that was, as stated; and when it was recorded, since what was typed before needs no reason. */
export interface Closing {
  at: Occurred;
  recordedAt: UtcTime;
}

export interface AgendaItem {
  number: string;
  /** 1 at the top. */
  level: number;
}

/** A stated count, or somebody by name. */
export type Attendance =
  | { kind: 'stated'; at: Occurred; present: number; entitled: number | undefined; bodies: readonly Uuid[] | undefined }
  | {
      kind: 'named';
      party: Party;
      as: 'member' | 'observer';
      mode: string | undefined;
      arrived: Occurred | undefined;
      left: Occurred | undefined;
    };

export interface MeetingState {
  exists: boolean;
  bodies: readonly Uuid[];
  status: MeetingStatus;
  starts: string | undefined;
  ends: string | undefined;
  /** Of the venue. */
  zone: string | undefined;
  audience: string;
  /** When it opened, as stated: what was typed before is not of it. */
  openedAt: Occurred | undefined;
  concluded: Closing | undefined;
  agendaAdopted: boolean;
  sittings: Map<Uuid, Sitting>;
  items: Map<Uuid, AgendaItem>;
  /** What stands; what was struck is gone from here. */
  attendance: Map<Uuid, Attendance>;
  /** Everything in the meeting that has an id of its own, and stands. */
  parts: Map<Uuid, PartKind>;
  /** What was struck: its history is read by whom its audience admits. */
  struck: Map<Uuid, PartKind>;
  /** Of the parts of which one was stated. */
  audiences: Map<Uuid, string>;
  /** Requests among the views: a follow-up may come from one. */
  requests: Set<Uuid>;
}

const initial = (): MeetingState => ({
  exists: false,
  bodies: [],
  status: 'scheduled',
  starts: undefined,
  ends: undefined,
  zone: undefined,
  audience: '',
  openedAt: undefined,
  concluded: undefined,
  agendaAdopted: false,
  sittings: new Map(),
  items: new Map(),
  attendance: new Map(),
  parts: new Map(),
  struck: new Map(),
  audiences: new Map(),
  requests: new Set(),
});

type Evolve<T extends MeetingEvent['type']> = (state: MeetingState, event: FoldedEvent<Extract<MeetingEvent, { type: T }>>) => void;

const nothing = (): void => undefined;
const part = (kind: PartKind, field: string) => (state: MeetingState, event: { data: object }) => {
  state.parts.set((event.data as Record<string, Uuid>)[field]!, kind);
};

function strike(state: MeetingState, id: Uuid, kind: PartKind): void {
  state.parts.delete(id);
  state.struck.set(id, kind);
}

// What an event is about may be lost, where its stream is incomplete: then it is passed over.
const evolveBy: { [T in MeetingEvent['type']]: Evolve<T> } = {
  'meeting-scheduled': (state, { data }) => {
    state.exists = true;
    state.bodies = data.bodies;
    state.starts = data.starts;
    state.ends = data.ends;
    state.zone = data.zone;
    state.audience = audienceKey(data.audience);
  },
  'meeting-postponed': (state, { data }) => {
    state.status = data.starts ? 'scheduled' : 'postponed';
    state.starts = data.starts;
    state.ends = data.ends;
  },
  'meeting-cancelled': (state) => void (state.status = 'cancelled'),
  'meeting-opened': (state, { occurredAt }) => {
    state.status = 'open';
    state.openedAt = occurredAt;
  },
  'meeting-concluded': (state, { recordedAt, occurredAt }) => {
    state.status = 'concluded';
    state.concluded = { at: occurredAt, recordedAt };
  },
  'meeting-audience-set': (state, { data }) => void (state.audience = audienceKey(data.audience)),
  'part-audience-set': nothing,
  'sitting-opened': (state, { data, occurredAt }) => {
    state.parts.set(data.sitting, 'sitting');
    state.sittings.set(data.sitting, { number: data.number, class: data.class, openedAt: occurredAt, closed: undefined });
  },
  'sitting-closed': (state, { data, recordedAt, occurredAt }) => {
    const sitting = state.sittings.get(data.sitting);
    if (sitting) sitting.closed = { at: occurredAt, recordedAt };
  },
  'chair-taken': part('chairing', 'chairing'),
  'agenda-item-added': (state, { data }) => {
    state.parts.set(data.item, 'item');
    state.items.set(data.item, { number: data.number, level: data.parent ? (state.items.get(data.parent)?.level ?? 1) + 1 : 1 });
  },
  'agenda-adopted': (state) => void (state.agendaAdopted = true),
  'attendance-stated': (state, { data, occurredAt }) => {
    state.parts.set(data.attendance, 'attendance');
    const { present, entitled, bodies } = data;
    state.attendance.set(data.attendance, { kind: 'stated', at: occurredAt, present, entitled, bodies });
  },
  'attendance-recorded': (state, { data }) => {
    state.parts.set(data.attendance, 'attendance');
    const { person, organisation } = data.party;
    state.attendance.set(data.attendance, {
      kind: 'named',
      party: { ...(person && { person }), ...(organisation && { organisation }) },
      as: data.as,
      mode: data.mode,
      arrived: data.arrived,
      left: undefined,
    });
  },
  'attendance-ended': (state, { data }) => {
    const attendance = state.attendance.get(data.attendance);
    if (attendance?.kind === 'named') attendance.left = data.left;
  },
  'attendance-corrected': (state, { data }) => {
    if (data.struck) {
      strike(state, data.attendance, 'attendance');
      return void state.attendance.delete(data.attendance);
    }
    const attendance = state.attendance.get(data.attendance);
    if (attendance?.kind === 'stated') {
      attendance.present = data.present ?? attendance.present;
      attendance.entitled = data.entitled ?? attendance.entitled;
    } else if (attendance) {
      attendance.as = data.as ?? attendance.as;
      attendance.mode = data.mode ?? attendance.mode;
      attendance.arrived = data.arrived ?? attendance.arrived;
      attendance.left = data.left ?? attendance.left;
    }
  },
  'remark-made': part('remark', 'remark'),
  'remark-corrected': (state, { data }) => void (data.struck && strike(state, data.remark, 'remark')),
  'view-expressed': (state, { data }) => {
    state.parts.set(data.view, 'view');
    if (data.stance === 'request') state.requests.add(data.view);
  },
  'presentation-made': part('presentation', 'presentation'),
  'plan-presented': part('presentation', 'presentation'),
  'panel-held': part('panel', 'panel'),
  'discussion-held': part('discussion', 'discussion'),
  'plan-reviewed': part('review', 'review'),
  'document-reviewed': part('review', 'review'),
};

/** The field of an event's data that names the part which it touches; the meeting itself where none does. */
const TOUCHED = [
  'part',
  'attendance',
  'remark',
  'view',
  'presentation',
  'panel',
  'discussion',
  'review',
  'chairing',
  'item',
  'sitting',
] as const;

export const meeting: Decider<MeetingState, MeetingEvent> = {
  category: 'meeting',
  initial,
  evolve(state, event) {
    (evolveBy[event.type] as (state: MeetingState, event: FoldedEvent<MeetingEvent>) => void)(state, event);
    if ('audience' in event.data) {
      const part = touchedPart(event.data);
      if (part) state.audiences.set(part, audienceKey(event.data.audience));
    }
    return state;
  },
  bodies: (state) => state.bodies,
  touches(event, stream) {
    return [touchedPart(event.data) ?? stream];
  },
};

function touchedPart(data: object): Uuid | undefined {
  for (const field of TOUCHED) {
    const id = (data as Partial<Record<(typeof TOUCHED)[number], Uuid>>)[field];
    if (id) return id;
  }
  return undefined;
}
