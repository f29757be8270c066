// A region's seats on a body for a term, as commands need them.
import { audienceKey, derivedId, timingOf, type CivilDate, type Decider, type Revision, type Timing, type Uuid } from '#kernel';
import type { AllocationEvent } from './allocation.events.js';

export interface Holding {
  holding: Uuid;
  organisation: Uuid;
  from: CivilDate;
}

export interface AllocationState {
  exists: boolean;
  body: Uuid | undefined;
  region: Uuid | undefined;
  regionOf: Uuid | undefined;
  term: Uuid | undefined;
  period: { from: CivilDate; until: CivilDate } | undefined;
  nominatedBy: Uuid | undefined;
  status: 'proposed' | 'approved' | 'returned';
  /** Of the event that proposed it last. */
  proposedAt: Revision;
  /** When it was proposed last, as stated, and the rules of which an override was needed for that. */
  proposed: { on: Timing; exceptions: readonly string[] } | undefined;
  /** The decision that approved or returned it since. */
  settledBy: Uuid | undefined;
  /** Who holds each seat by now; undefined where nobody is named. */
  seats: Map<number, Holding | undefined>;
  /** Who held seats before, and until when. */
  heldBefore: (Holding & { seat: number; until: CivilDate })[];
  audience: string;
}

export const allocation: Decider<AllocationState, AllocationEvent> = {
  category: 'allocation',
  initial: () => ({
    exists: false,
    body: undefined,
    region: undefined,
    regionOf: undefined,
    term: undefined,
    period: undefined,
    nominatedBy: undefined,
    status: 'proposed',
    proposedAt: 0 as Revision,
    proposed: undefined,
    settledBy: undefined,
    seats: new Map(),
    heldBefore: [],
    audience: '',
  }),
  evolve(state, event) {
    switch (event.type) {
      case 'seat-allocation-proposed': {
        const { body, region, regionOf, term, period, nominatedBy, seats, exceptions = [], audience } = event.data;
        const proposed = { on: timingOf(event), exceptions: exceptions.map(({ rule }) => rule) };
        Object.assign(state, {
          exists: true,
          body,
          region,
          regionOf,
          term,
          period,
          nominatedBy,
          status: 'proposed',
          proposedAt: event.revision,
          proposed,
          settledBy: undefined,
          audience: audienceKey(audience),
        });
        state.seats = new Map(
          seats.map(({ seat, holding, organisation }) => [
            seat,
            holding && organisation ? { holding, organisation, from: period.from } : undefined,
          ]),
        );
        state.heldBefore = [];
        break;
      }
      case 'seat-allocation-approved':
      case 'seat-allocation-returned':
        state.status = event.type === 'seat-allocation-approved' ? 'approved' : 'returned';
        state.settledBy = event.data.decision;
        break;
      case 'seat-allocation-settlement-failed':
        break;
      case 'seat-holder-named':
        state.seats.set(event.data.seat, { holding: event.data.holding, organisation: event.data.organisation, from: event.data.from });
        break;
      case 'seat-vacated': {
        const { seat, until } = event.data;
        const holder = state.seats.get(seat);
        if (holder && until) state.heldBefore.push({ ...holder, seat, until });
        state.seats.set(seat, undefined);
        break;
      }
      case 'allocation-audience-set':
        state.audience = audienceKey(event.data.audience);
        break;
    }
    return state;
  },
  // The secretariats of the body that nominates, and of the one that has the seats.
  bodies: (state) => [state.nominatedBy, state.body].filter((body) => body !== undefined),
  touches(event, stream) {
    switch (event.type) {
      case 'seat-allocation-proposed':
        return [stream, ...event.data.seats.flatMap(({ seat, holding }) => [seatId(stream, seat), ...(holding ? [holding] : [])])];
      case 'seat-allocation-approved':
      case 'seat-allocation-returned':
        return [stream, ...event.data.seats.map((seat) => seatId(stream, seat))];
      case 'seat-holder-named':
      case 'seat-vacated':
        return [seatId(stream, event.data.seat), event.data.holding];
      default:
        return [stream];
    }
  },
};

/** A seat has an id of its own: it exists without its holder. */
export const seatId = (allocationId: Uuid, seat: number): Uuid => derivedId(allocationId, `seat/${seat}`);
