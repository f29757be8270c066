// Who counts for a quorum: one table, by which both the server that counts and the verifier that counts again are tested.
import { readFileSync } from 'node:fs';
import { derivedId, type DomainEvent, type Occurred, type Uuid } from '#kernel';
import type { Outcome } from '../../../libs/decisions/src/proposal.events.js';

type Written = [kind: 'stated' | 'recorded' | 'ended' | 'corrected', data: Record<string, unknown>, occurredAt?: string];

/** In which days are reckoned: of the meeting, and of the body. */
interface Zones {
  zone?: string;
  bodyZone?: string;
}

interface Vector extends Zones {
  says: string;
  members?: Membership[];
  /** For whom each worked, as registered and as corrected. */
  persons?: Record<string, (string | null)[]>;
  at: Occurred;
  attendance: Written[];
  /** Recorded after the decision. */
  later?: Written[];
  present: number | null;
}

interface NeededVector extends Zones {
  says: string;
  at?: Occurred;
  members?: Membership[];
  outcome?: Outcome;
  rules: Record<string, unknown>[];
  /** As a stated count says; nobody said so where absent. */
  entitled?: number;
  needed: number | null;
}

interface Membership {
  organisation: string;
  as: 'member' | 'observer';
  from: string;
  until?: string;
}

export interface QuorumCase {
  says: string;
  at: Occurred;
  body: DomainEvent[];
  persons: { id: Uuid; events: DomainEvent[] }[];
  attendance: Recorded[];
  later: Recorded[];
  present: number | undefined;
}

export interface Recorded {
  event: DomainEvent;
  occurredAt: Occurred;
}

const MEMBERS: Membership[] = [
  ...['fr', 'no'].map((organisation): Membership => ({ organisation, as: 'member', from: '2020-01-01' })),
  { organisation: 'newcomer', as: 'member', from: '2024-04-30' },
  { organisation: 'former', as: 'member', from: '2020-01-01', until: '2024-04-28' },
  { organisation: 'guest', as: 'observer', from: '2020-01-01' },
];
const MORNING = '2024-04-29T08:00:00Z' as Occurred;
const id = (name: string): Uuid => derivedId('quorum', name);
/** The body that decides. */
export const DECIDING = id('council');

export const quorumCases: readonly QuorumCase[] = (JSON.parse(readFileSync('test/ledger/vectors/quorums.json', 'utf8')) as Vector[]).map(
  ({ says, members = MEMBERS, persons = {}, at, attendance, later = [], present, ...zones }) => ({
    says,
    at,
    body: [
      ...established(zones),
      ...members.flatMap(membership),
      ruled({ inForceFrom: '2020-01-01', quorum: [{ for: 'deciding', count: 2 }] }),
    ],
    persons: Object.entries(persons).map(([name, organisations]) => ({ id: id(name), events: organisations.map(worksFor) })),
    attendance: [...scheduled(zones), ...attendance.map(recorded)],
    later: later.map(recorded),
    present: present ?? undefined,
  }),
);

/** How many are needed: a table for both as well. */
export const neededCases: readonly (QuorumCase & { outcome: Outcome; needed: number | undefined })[] = (
  JSON.parse(readFileSync('test/ledger/vectors/needed.json', 'utf8')) as NeededVector[]
).map(({ says, members = MEMBERS, outcome = 'adopted', rules, entitled, needed, at = '2024-04-29T12:00:00Z' as Occurred, ...zones }) => ({
  says,
  at,
  body: [...established(zones), ...members.flatMap(membership), ...rules.map(ruled)],
  persons: [],
  attendance: [
    ...scheduled(zones),
    recorded(['stated', { attendance: 'a', present: 30, ...(entitled !== undefined && { entitled }) }, '2024-01-01']),
  ],
  later: [],
  present: 30,
  outcome,
  needed: needed ?? undefined,
}));

function established({ bodyZone }: Zones): DomainEvent[] {
  return bodyZone === undefined ? [] : [{ type: 'body-established', data: { zone: bodyZone } }];
}

function scheduled({ zone }: Zones): Recorded[] {
  return zone === undefined ? [] : [{ event: { type: 'meeting-scheduled', data: { bodies: [DECIDING], zone } }, occurredAt: MORNING }];
}

function ruled(data: Record<string, unknown>): DomainEvent {
  return { type: 'body-rules-stated', data };
}

function membership({ organisation, as, from, until }: Membership): DomainEvent[] {
  const admitted = {
    type: 'member-admitted',
    data: { membership: id(`membership/${organisation}`), organisation: id(organisation), as, from },
  };
  return until === undefined
    ? [admitted]
    : [admitted, { type: 'membership-ended', data: { membership: id(`membership/${organisation}`), until } }];
}

function worksFor(organisation: string | null, index: number): DomainEvent {
  return {
    type: index === 0 ? 'person-registered' : 'person-corrected',
    data: organisation === null ? {} : { organisation: id(organisation) },
  };
}

function recorded([kind, data, occurredAt = MORNING]: Written): Recorded {
  const party = data['party'] as Record<string, string> | undefined;
  const named = {
    attendance: id(data['attendance'] as string),
    ...(Array.isArray(data['bodies']) && { bodies: (data['bodies'] as string[]).map(id) }),
    ...(party && { party: Object.fromEntries(Object.entries(party).map(([field, name]) => [field, id(name)])) }),
  };
  return { event: { type: `attendance-${kind}`, data: { ...data, ...named } }, occurredAt: occurredAt as Occurred };
}
