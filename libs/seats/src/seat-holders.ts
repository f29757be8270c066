// Who holds the seats of an allocation, from when until when.
import { body, type BodyState } from '#bodies/contracts';
import {
  audienceKey,
  command,
  commons,
  present,
  sealReason,
  type CivilDate,
  type Reason,
  type Refusal,
  type SetAudience,
  type Uuid,
} from '#kernel';
import { allocation, seatId, type AllocationState } from './allocation.js';
import { allocationRefusals } from './allocation-refusals.js';
import { allocationsBeside, secondSeat, type AllocationOf } from './double-seats.js';
import { outsider } from './propose-allocation.js';

export interface NameHolder {
  seat: number;
  organisation: Uuid;
  /** The first day; where absent, that of the term, or the one after the last day of who held the seat before. */
  from?: CivilDate;
  allocationOf: AllocationOf;
}

export const nameHolder = command<AllocationState, NameHolder, { regionOf: BodyState; beside: AllocationState[] }>({
  name: 'name-seat-holder',
  on: allocation,
  roles: ['secretariat'],
  stream: 'existing',
  creates: 'holding',
  resource: (input, stream) => seatId(stream, input.seat),
  looksByState: true,
  async look(input, look, state) {
    const { body: on, region, regionOf: of, term } = state;
    // Nobody has asked yet whether it is there: what was never proposed, or whose proposal is lost, has no seat.
    const regionOf = of && (await look.at(body, of));
    if (!regionOf || !on || !region || !term) return noSeat(input.seat);
    return { regionOf, beside: await allocationsBeside({ body: on, region, term }, regionOf, input.allocationOf, look) };
  },
  decide(input, state, context) {
    if (!state.seats.has(input.seat)) return noSeat(input.seat);
    if (state.status === 'returned') return allocationRefusals['allocation-returned']('Propose it again.');
    const standing = state.seats.get(input.seat);
    if (standing?.organisation === input.organisation && (input.from ?? standing.from) === standing.from) return [];
    if (standing?.organisation === input.organisation)
      return allocationRefusals['seat-held'](
        `It holds it from ${standing.from}. Where that is wrong, vacate the seat without a last day, and name it anew.`,
        { fields: [{ field: 'from', reason: `is not ${standing.from}` }] },
      );
    if (standing) return allocationRefusals['seat-held'](`${standing.organisation} holds it.`);
    for (const [seat, holder] of state.seats) {
      if (holder?.organisation === input.organisation)
        return allocationRefusals['double-seat'](`It holds seat ${seat}.`, {
          fields: [{ field: 'organisation', reason: `holds seat ${seat}` }],
        });
    }
    const { from: begins, until } = state.period!;
    const heldUntil = state.heldBefore.filter(({ seat }) => seat === input.seat).at(-1)?.until;
    const from = input.from ?? (heldUntil ? dayAfter(heldUntil) : begins);
    if (heldUntil && from <= heldUntil)
      return allocationRefusals['seat-held'](`It was held until ${heldUntil}.`, {
        fields: [{ field: 'from', reason: `lies before ${dayAfter(heldUntil)}` }],
      });
    if (from < begins || from > until)
      return allocationRefusals['outside-term'](`The term lasts from ${begins} until ${until}.`, {
        fields: [{ field: 'from', reason: 'lies outside the term' }],
      });
    const other = state.heldBefore.find((before) => before.organisation === input.organisation && from <= before.until);
    if (other)
      return allocationRefusals['double-seat'](`It held seat ${other.seat} until ${other.until}.`, {
        fields: [{ field: 'from', reason: `lies before ${dayAfter(other.until)}` }],
      });
    const second = secondSeat(context.seen.beside, input.organisation, from, 'organisation');
    if (second) return second;
    const stopped = context.rules.check(outsider(context.seen.regionOf, state.region!, input.organisation, from, 'organisation'));
    if (stopped) return stopped;
    return [
      {
        type: 'seat-holder-named',
        data: { ...commons(context), seat: input.seat, holding: context.id('holding'), organisation: input.organisation, from, until },
      },
    ];
  },
});

const noSeat = (seat: number): Refusal => allocationRefusals['unknown-seat'](`The allocation has no seat ${seat}.`);

const dayAfter = (day: CivilDate): CivilDate => new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10) as CivilDate;

export interface VacateSeat {
  seat: number;
  /** The last day of the holder; absent where they were named wrongly and never held it. */
  until?: CivilDate;
  reason: Reason;
}

export const vacateSeat = command<AllocationState, VacateSeat>({
  name: 'vacate-seat',
  on: allocation,
  roles: ['secretariat'],
  stream: 'existing',
  resource: (input, stream) => seatId(stream, input.seat),
  decide(input, state, context) {
    if (!state.period || !state.seats.has(input.seat)) return noSeat(input.seat);
    const standing = state.seats.get(input.seat);
    if (!standing) return [];
    const { until } = state.period;
    if (input.until && (input.until < standing.from || input.until > until))
      return allocationRefusals['outside-term'](`It is held from ${standing.from}, at most until ${until}.`, {
        fields: [{ field: 'until', reason: 'lies outside the time of the holder' }],
      });
    return [
      {
        type: 'seat-vacated',
        data: {
          ...commons(context),
          seat: input.seat,
          holding: standing.holding,
          ...present({ until: input.until }),
          reason: sealReason(input.reason),
        },
      },
    ];
  },
});

export const setAllocationAudience = command<AllocationState, SetAudience>({
  name: 'set-allocation-audience',
  on: allocation,
  roles: ['secretariat'],
  stream: 'existing',
  decide(input, state, context) {
    if (state.audience === audienceKey(input.audience)) return [];
    return [{ type: 'allocation-audience-set', data: { ...commons(context), audience: input.audience, reason: sealReason(input.reason) } }];
  },
});
