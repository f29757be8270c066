// The register of seats: allocations, the seats in them, and who holds them from when until when.
import { list, projection, table } from '#read-models';
import { seatId } from './allocation.js';
import type { AllocationEvent } from './allocation.events.js';

const common = {
  body: { type: 'id', says: 'The body that has the seats.', of: 'bodies' },
  region: { type: 'id', says: 'The region that they belong to.', of: 'regions' },
  term: { type: 'id', says: 'The term for which they are held.', of: 'terms' },
} as const;
const period = {
  from: { type: 'date', says: 'The first day.' },
  until: { type: 'date', says: 'The last day.' },
} as const;
const ofAllocation = { within: [{ column: 'allocation', table: 'seat_allocations' }], otherwise: { kind: 'members' } } as const;

export const allocations = table({
  name: 'seat_allocations',
  singular: 'seat-allocation',
  says: 'The seats of a region on a body for a term.',
  columns: {
    ...common,
    regionOf: { type: 'id', says: 'The body whose members the region divides.', of: 'bodies' },
    ...period,
    seats: { type: 'integer', says: 'How many seats.' },
    status: { type: 'code', says: 'How far it is: approved is the nomination by the region.', oneOf: ['proposed', 'approved', 'returned'] },
    nominatedBy: { type: 'id', says: 'The body that nominates.', of: 'bodies' },
    electedBy: { type: 'id', says: 'The body that elects.', of: 'bodies' },
    noElectionBy: { type: 'code', says: 'The rule by which no election is needed.' },
    meeting: { type: 'id', says: 'The meeting to which it was proposed.', of: 'meetings' },
    item: { type: 'id', says: 'The agenda item under which it was.', of: 'agenda_items' },
    presentedBy: { type: 'json', says: 'Who presented it.' },
    capacity: { type: 'texts', says: 'In what capacity.' },
    decision: { type: 'id', says: 'The decision that approved or returned it.', of: 'decisions' },
    alsoDecidedBy: {
      type: 'id',
      says: 'A decision that would have settled it as well, when another one had: an exception.',
      of: 'decisions',
    },
  },
  audience: {
    within: [
      { column: 'item', table: 'agenda_items' },
      { column: 'meeting', table: 'meetings' },
      { column: 'body', table: 'bodies' },
    ],
    // Whoever proposes it writes for the body that nominates.
    bodies: ['body', 'nominatedBy'],
    otherwise: { kind: 'members' },
  },
});

export const seats = table({
  name: 'seats',
  singular: 'seat',
  says: 'A seat on a body for a term; it exists without its holder.',
  columns: {
    allocation: { type: 'id', says: 'The allocation in which it lies.', of: 'seat_allocations' },
    ...common,
    seat: { type: 'integer', says: 'Its number in the allocation.' },
    ...period,
    status: { type: 'code', says: 'How far its allocation is.', oneOf: ['proposed', 'approved', 'returned'] },
    organisation: {
      type: 'id',
      says: 'Who was named last to hold it, from `heldFrom` until `heldUntil`, which may be over or lie ahead; none where that was wrong. With `inForceOn`, who holds it on that date.',
      of: 'organisations',
    },
    heldFrom: { type: 'date', says: 'The first day of that holder.' },
    heldUntil: { type: 'date', says: 'The last day of that holder.' },
  },
  inForceWhile: { column: 'status', is: 'approved' },
  audience: ofAllocation,
});

export const holdings = table({
  name: 'seat_holdings',
  singular: 'seat-holding',
  says: 'Who holds a seat, from a date to a date, once its allocation is approved; until then, who was named to.',
  columns: {
    seat: { type: 'id', says: 'The seat.', of: 'seats' },
    allocation: { type: 'id', says: 'The allocation in which it lies.', of: 'seat_allocations' },
    organisation: { type: 'id', says: 'Who holds it.', of: 'organisations' },
    ...period,
  },
  borrows: {
    status: {
      says: 'How far the allocation is: it is held where that is approved.',
      oneOf: ['proposed', 'approved', 'returned'],
      through: 'seat',
      from: seats,
      column: 'status',
    },
  },
  inForceWhile: { column: 'status', is: 'approved' },
  audience: ofAllocation,
});

export const allocationsList = list({
  name: 'seat-allocations',
  table: allocations,
  says: 'Seat allocations.',
  scopes: ['body', 'term'],
  filters: ['status', 'region', 'decision', 'meeting'],
});
export const holdingsList = list({
  name: 'seat-holdings',
  table: holdings,
  says: 'Who holds seats.',
  scopes: ['allocation', 'seat'],
  filters: ['organisation'],
});
export const seatsList = list({
  name: 'seats',
  table: seats,
  says: 'Seats.',
  scopes: ['allocation', 'body', 'term', 'region'],
  filters: ['organisation', 'status'],
  onDate: { from: holdingsList, scope: 'seat', columns: { organisation: 'organisation', heldFrom: 'from', heldUntil: 'until' } },
});

export const seatsProjection = projection<AllocationEvent>({
  name: 'seats',
  tables: [allocations, seats, holdings],
  lists: [allocationsList, seatsList, holdingsList],
  apply: {
    'seat-allocation-proposed': ({ streamId, data }, t) => {
      const { body, region, regionOf, term, nominatedBy } = data;
      const { from, until } = data.period;
      t.put(allocations, streamId, {
        body,
        region,
        regionOf,
        term,
        from,
        until,
        seats: data.seats.length,
        status: 'proposed',
        nominatedBy,
        electedBy: data.electedBy ?? null,
        noElectionBy: data.noElectionBy ?? null,
        meeting: data.meeting ?? null,
        item: data.item ?? null,
        presentedBy: data.presentedBy ?? null,
        capacity: data.capacity ?? null,
        decision: null,
        audience: data.audience ?? null,
      });
      for (const holding of data.replaces?.holdings ?? []) t.end(holdings, holding);
      for (const seat of data.replaces?.seats ?? []) t.end(seats, seatId(streamId, seat));
      for (const { seat, holding, organisation } of data.seats) {
        t.put(seats, seatId(streamId, seat), {
          allocation: streamId,
          body,
          region,
          term,
          seat,
          from,
          until,
          status: 'proposed',
          organisation: organisation ?? null,
          heldFrom: organisation ? from : null,
          heldUntil: organisation ? until : null,
        });
        if (holding && organisation)
          t.put(holdings, holding, { seat: seatId(streamId, seat), allocation: streamId, organisation, from, until });
      }
    },
    'seat-allocation-approved': ({ streamId, data }, t) => {
      t.put(allocations, streamId, { status: 'approved', decision: data.decision });
      for (const seat of data.seats) t.put(seats, seatId(streamId, seat), { status: 'approved' });
    },
    'seat-allocation-returned': ({ streamId, data }, t) => {
      t.put(allocations, streamId, { status: 'returned', decision: data.decision });
      for (const seat of data.seats) t.put(seats, seatId(streamId, seat), { status: 'returned' });
    },
    'seat-allocation-settlement-failed': ({ streamId, data }, t) => t.put(allocations, streamId, { alsoDecidedBy: data.decision }),
    'seat-holder-named': ({ streamId, data: { seat, holding, organisation, from, until } }, t) => {
      t.put(seats, seatId(streamId, seat), { organisation, heldFrom: from, heldUntil: until });
      t.put(holdings, holding, { seat: seatId(streamId, seat), allocation: streamId, organisation, from, until });
    },
    'seat-vacated': ({ streamId, data: { seat, holding, until } }, t) => {
      t.put(seats, seatId(streamId, seat), until ? { heldUntil: until } : { organisation: null, heldFrom: null, heldUntil: null });
      if (until) t.put(holdings, holding, { until });
      else t.end(holdings, holding);
    },
    'allocation-audience-set': ({ streamId, data }, t) => t.put(allocations, streamId, { audience: data.audience }),
  },
});
