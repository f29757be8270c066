// The seats of a region on a body for a term are proposed: within the quota, to members of the region, one each.
import { body, bodyRefusals, membershipOf, membersOn, type BodyState } from '#bodies/contracts';
import {
  command,
  commons,
  present,
  sealOptional,
  sealParty,
  type Audience,
  type DecisionContext,
  type LocalizedText,
  type PartyInput,
  type Refusal,
  type Uuid,
} from '#kernel';
import { findUnknownParty, meeting, meetingRefusals, notDuring, notOfSender, whenLate, type MeetingState } from '#meetings/contracts';
import { allocation, type AllocationState } from './allocation.js';
import type { AllocatedSeat } from './allocation.events.js';
import { allocationRefusals } from './allocation-refusals.js';
import { allocationsBeside, secondSeat, type AllocationOf } from './double-seats.js';
import { beyondQuota } from './quota.js';

export interface ProposeAllocation {
  body: Uuid;
  region: Uuid;
  term: Uuid;
  regionOf: Uuid;
  /** How many. */
  seats: number;
  holders?: { seat: number; organisation: Uuid }[];
  nominatedBy: Uuid;
  electedBy?: Uuid;
  noElectionBy?: string;
  meeting?: Uuid;
  item?: Uuid;
  presentedBy?: PartyInput;
  capacity?: LocalizedText;
  audience?: Audience;
  allocationOf: AllocationOf;
}

interface Seen {
  body: BodyState;
  regionOf: BodyState;
  nominating: BodyState;
  meeting: MeetingState | undefined;
  beside: AllocationState[];
}

export const proposeAllocation = command<AllocationState, ProposeAllocation, Seen>({
  name: 'propose-seat-allocation',
  on: allocation,
  roles: ['secretariat'],
  stream: 'either',
  restsOnCompletions: () => true,
  creates: 'stream',
  bodiesOf: (input) => [input.nominatedBy, input.body],
  async look(input, look) {
    const bodies = new Map<Uuid, BodyState>();
    for (const field of ['body', 'regionOf', 'nominatedBy', 'electedBy'] as const) {
      const id = input[field];
      const found = id && (await look.at(body, id));
      if (id && !found) return bodyRefusals['unknown-body'](`There is no body ${id}.`, { fields: [{ field, reason: 'is no body' }] });
      if (id && found) bodies.set(id, found);
    }
    const unknown = input.presentedBy && (await findUnknownParty([{ party: input.presentedBy, field: 'presentedBy' }], look));
    if (unknown) return unknown;
    const at = input.meeting && (await look.at(meeting, input.meeting));
    if (input.meeting && !at)
      return meetingRefusals['unknown-meeting'](`There is no meeting ${input.meeting}.`, {
        fields: [{ field: 'meeting', reason: 'is no meeting' }],
      });
    const regionOf = bodies.get(input.regionOf)!;
    const beside = input.holders?.length ? await allocationsBeside(input, regionOf, input.allocationOf, look) : [];
    return { body: bodies.get(input.body)!, regionOf, beside, nominating: bodies.get(input.nominatedBy)!, meeting: at || undefined };
  },
  decide(input, state, context) {
    const { seen } = context;
    if (!context.isNew && state.status !== 'returned') return allocationRefusals['allocation-standing'](`It is ${state.status}.`);
    if (!seen.meeting && input.item)
      return meetingRefusals['unknown-item']('Name its meeting too.', { fields: [{ field: 'item', reason: 'is an item of no meeting' }] });
    const barred = (seen.meeting && notThere(seen.meeting, input, context)) ?? unclear(input, seen) ?? heldTwice(input, seen);
    if (barred) return barred;
    const stopped = context.rules.check(
      beyondQuota(seen.body, input.region, input.seats, context.occurredAt, 'seats'),
      nominatingForOthers(input, seen),
      ...notOfRegion(input, seen),
    );
    if (stopped) return stopped;
    const { region, regionOf, term, nominatedBy, electedBy, noElectionBy, meeting: at, item, presentedBy, capacity, audience } = input;
    const data = {
      ...commons(context),
      ...(seen.meeting && whenLate(seen.meeting, context)),
      body: input.body,
      region,
      regionOf,
      term,
      period: { from: seen.body.terms.get(term)!.from, until: seen.body.terms.get(term)!.until },
      seats: seatsOf(input, context),
      nominatedBy,
      ...present({
        replaces: replacedBy(input, state),
        electedBy,
        noElectionBy,
        meeting: at,
        item,
        presentedBy: presentedBy && sealParty(presentedBy),
        capacity: sealOptional(capacity),
        audience,
      }),
    };
    return [{ type: 'seat-allocation-proposed', data }];
  },
});

const notThere = (at: MeetingState, { item }: ProposeAllocation, context: DecisionContext): Refusal | undefined =>
  notOfSender(at, context, 'meeting', 'Leave the meeting out.') ?? notDuring(at, context, item ? { item } : {});

function seatsOf({ seats, holders = [] }: ProposeAllocation, context: DecisionContext): AllocatedSeat[] {
  const byOrdinal = new Map(holders.map(({ seat, organisation }) => [seat, organisation]));
  return Array.from({ length: seats }, (_, index) => {
    const organisation = byOrdinal.get(index + 1);
    return { seat: index + 1, ...(organisation && { holding: context.id(`holding/${index + 1}`), organisation }) };
  });
}

/** What of an earlier proposal, which was returned, is no more. */
function replacedBy({ seats }: ProposeAllocation, state: AllocationState): { seats: number[]; holdings: Uuid[] } | undefined {
  const dropped = [...state.seats.keys()].filter((seat) => seat > seats);
  const holdings = [...state.heldBefore, ...state.seats.values()].flatMap((holder) => (holder ? [holder.holding] : []));
  return dropped.length + holdings.length > 0 ? { seats: dropped, holdings } : undefined;
}

function unclear(input: ProposeAllocation, { body: on, regionOf }: Seen): Refusal | undefined {
  if (!regionOf.regions.has(input.region))
    return bodyRefusals['unknown-region'](`The body ${input.regionOf} has no region ${input.region}.`);
  if (!on.terms.has(input.term)) return bodyRefusals['unknown-term'](`The body ${input.body} has no term ${input.term}.`);
  if ((input.electedBy !== undefined) === (input.noElectionBy !== undefined))
    return allocationRefusals['no-election-unclear']('Name electedBy, or noElectionBy.');
  const [ordinals, holders] = [new Set<number>(), new Set<Uuid>()];
  for (const [index, { seat, organisation }] of (input.holders ?? []).entries()) {
    const field = `holders[${index}]`;
    if (seat < 1 || seat > input.seats || ordinals.has(seat))
      return allocationRefusals['unknown-seat'](`Seat ${seat} is not one of 1 to ${input.seats}, or is named twice.`, {
        fields: [{ field: `${field}.seat`, reason: 'is no free seat' }],
      });
    if (holders.has(organisation))
      return allocationRefusals['double-seat'](`${organisation} is named twice.`, {
        fields: [{ field: `${field}.organisation`, reason: 'is named twice' }],
      });
    ordinals.add(seat);
    holders.add(organisation);
  }
  return undefined;
}

function heldTwice({ holders = [], term }: ProposeAllocation, { body: on, beside }: Seen): Refusal | undefined {
  const { from } = on.terms.get(term)!;
  return holders.map(({ organisation }, index) => secondSeat(beside, organisation, from, `holders[${index}].organisation`)).find(Boolean);
}

/** A body that is not the one whose members the region divides nominates for the region to which its own members belong, as far as these are known. */
function nominatingForOthers({ nominatedBy, regionOf, region, term }: ProposeAllocation, seen: Seen): Refusal | undefined {
  if (nominatedBy === regionOf) return undefined;
  const day = seen.body.terms.get(term)!.from;
  const members = membersOn(seen.nominating, day);
  if (members.length === 0 || members.some((member) => outsider(seen.regionOf, region, member, day, 'nominatedBy') === undefined))
    return undefined;
  return allocationRefusals['nominating-for-others'](`None of its ${members.length} members belongs to the region on ${day}.`, {
    fields: [{ field: 'nominatedBy', reason: 'has no member in the region' }],
  });
}

const notOfRegion = (input: ProposeAllocation, { body: on, regionOf }: Seen): (Refusal | undefined)[] =>
  (input.holders ?? []).map(({ organisation }, index) =>
    outsider(regionOf, input.region, organisation, on.terms.get(input.term)!.from, `holders[${index}].organisation`),
  );

/** Whether an organisation is a member of the region when its term begins. */
export function outsider(regionOf: BodyState, region: Uuid, organisation: Uuid, day: string, field: string): Refusal | undefined {
  const membership = membershipOf(regionOf, organisation, day);
  if (membership?.as === 'member' && membership.region === region) return undefined;
  return allocationRefusals['not-of-region'](`${organisation} is no member of the region on ${day}.`, {
    fields: [{ field, reason: 'is no member of the region' }],
  });
}
