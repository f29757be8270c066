// The terms for which a body's seats are held, and how many of them each region has.
import { command, commons, isBy, present, sealText, type CivilDate, type LocalizedText, type Occurred, type Uuid } from '#kernel';
import { body, followedBy, quotaId, type BodyState, type Quota } from './body.js';
import { bodyRefusals } from './body-refusals.js';

export interface DefineTerm {
  name: LocalizedText;
  from: CivilDate;
  until: CivilDate;
}

export const defineTerm = command<BodyState, DefineTerm>({
  name: 'define-term',
  on: body,
  roles: ['secretariat', 'admin'],
  stream: 'existing',
  creates: 'term',
  decide(input, state, context) {
    if (input.until < input.from)
      return bodyRefusals['period-reversed'](`The term would end on ${input.until} and begin on ${input.from}.`, {
        fields: [{ field: 'until', reason: 'lies before from' }],
      });
    for (const term of state.terms.values()) {
      if (input.from <= term.until && term.from <= input.until)
        return bodyRefusals['terms-overlap'](`There is a term from ${term.from} until ${term.until}.`);
    }
    return [
      {
        type: 'term-defined',
        data: { ...commons(context), term: context.id('term'), name: sealText(input.name), from: input.from, until: input.until },
      },
    ];
  },
});

export interface SetSeatQuota {
  region: Uuid;
  regionOf: Uuid;
  seats: number;
  article?: string;
}

export const setSeatQuota = command<BodyState, SetSeatQuota, { regionKnown: boolean }>({
  name: 'set-seat-quota',
  on: body,
  roles: ['secretariat', 'admin'],
  stream: 'existing',
  resource: (input, stream) => quotaId(stream, input.region),
  look: async (input, look) => ({ regionKnown: (await look.at(body, input.regionOf))?.regions.has(input.region) ?? false }),
  decide(input, state, context) {
    // The body's own regions are in the state at hand; another's were looked at.
    const known = context.stream === input.regionOf ? state.regions.has(input.region) : context.seen.regionKnown;
    if (!known)
      return bodyRefusals['unknown-region'](`The body ${input.regionOf} has no region ${input.region}.`, {
        fields: [{ field: 'region', reason: 'is no region of regionOf' }],
      });
    const standing = quotaBy(state, input.region, context.occurredAt);
    if (standing?.seats === input.seats && standing.article === input.article) return [];
    const data = {
      ...commons(context),
      region: input.region,
      regionOf: input.regionOf,
      seats: input.seats,
      ...present({ article: input.article, until: followedBy(state.quotas.get(input.region) ?? [], context.occurredAt, state.zone)?.from }),
    };
    return [{ type: 'seat-quota-set', data }];
  },
});

/** The quota of a region at a time: the last, as stated, that was set by then. Of the time before the first, nothing else is known than that one. */
export const quotaAt = (state: BodyState, region: Uuid, when: Occurred): Quota | undefined =>
  quotaBy(state, region, when) ?? state.quotas.get(region)?.[0];

const quotaBy = (state: BodyState, region: Uuid, when: Occurred): Quota | undefined =>
  state.quotas.get(region)?.findLast(({ from }) => isBy(from, when, state.zone));
