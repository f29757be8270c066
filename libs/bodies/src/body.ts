// The body as its commands need it: rules, regions, terms, quotas, members, offices; no texts.
import { audienceKey, derivedId, isBy, present, type CivilDate, type Decider, type FoldedEvent, type Occurred, type Uuid } from '#kernel';
import type { BodyEvent, QuorumRule } from './body.events.js';

export interface Membership {
  organisation: Uuid;
  as: 'member' | 'observer';
  from: CivilDate;
  until?: CivilDate;
  region?: Uuid;
}

export interface Tenure {
  office: Uuid;
  from: CivilDate;
  until?: CivilDate;
}

export interface Quota {
  seats: number;
  article: string | undefined;
  /** When it was set, as stated. */
  from: Occurred;
}

export interface BodyState {
  exists: boolean;
  parent?: Uuid;
  /** In which its days are reckoned. */
  zone?: string;
  audience: string;
  rules: { inForceFrom: CivilDate; quorum: QuorumRule[]; article?: string | undefined }[];
  memberships: Map<Uuid, Membership>;
  regions: Set<Uuid>;
  terms: Map<Uuid, { from: CivilDate; until: CivilDate }>;
  /** Of each region, in the order in which they were set, as stated; of several of one moment, the one that was recorded last comes last. */
  quotas: Map<Uuid, Quota[]>;
  offices: Set<Uuid>;
  tenures: Map<Uuid, Tenure>;
}

const initial = (): BodyState => ({
  exists: false,
  audience: '',
  rules: [],
  memberships: new Map(),
  regions: new Set(),
  terms: new Map(),
  quotas: new Map(),
  offices: new Set(),
  tenures: new Map(),
});

function evolve(state: BodyState, event: FoldedEvent<BodyEvent>): BodyState {
  switch (event.type) {
    case 'body-established':
      state.exists = true;
      state.audience = audienceKey(event.data.audience);
      if (event.data.parent) state.parent = event.data.parent;
      if (event.data.zone) state.zone = event.data.zone;
      break;
    case 'body-audience-set':
      state.audience = audienceKey(event.data.audience);
      break;
    case 'body-rules-stated':
      state.rules.push({ inForceFrom: event.data.inForceFrom, quorum: event.data.quorum, ...present({ article: event.data.article }) });
      break;
    case 'member-admitted': {
      const { membership, organisation, as, from, region } = event.data;
      state.memberships.set(membership, { organisation, as, from, ...present({ region }) });
      break;
    }
    case 'membership-ended':
      end(state.memberships.get(event.data.membership), event.data.until);
      break;
    case 'region-defined':
      state.regions.add(event.data.region);
      break;
    case 'term-defined':
      state.terms.set(event.data.term, { from: event.data.from, until: event.data.until });
      break;
    case 'seat-quota-set': {
      const { region, seats, article } = event.data;
      const quotas = state.quotas.get(region) ?? [];
      const quota = { seats, article, from: event.occurredAt };
      const next = followedBy(quotas, quota.from, state.zone);
      quotas.splice(next ? quotas.indexOf(next) : quotas.length, 0, quota);
      state.quotas.set(region, quotas);
      break;
    }
    case 'office-established':
      state.offices.add(event.data.office);
      break;
    case 'office-assumed': {
      const { tenure, office, from, until } = event.data;
      state.tenures.set(tenure, { office, from, ...present({ until }) });
      break;
    }
    case 'office-vacated':
      end(state.tenures.get(event.data.tenure), event.data.until);
      break;
    case 'body-renamed':
      break;
  }
  return state;
}

/** What ends may have begun in an event that is lost: then nothing does. */
function end(period: Membership | Tenure | undefined, until: CivilDate): void {
  if (period) period.until = until;
}

export const body: Decider<BodyState, BodyEvent> = {
  category: 'body',
  initial,
  evolve,
  bodies: (_state, stream) => [stream],
  touches(event, stream) {
    switch (event.type) {
      case 'member-admitted':
      case 'membership-ended':
        return [event.data.membership];
      case 'region-defined':
        return [event.data.region];
      case 'term-defined':
        return [event.data.term];
      case 'seat-quota-set':
        return [quotaId(stream, event.data.region)];
      case 'body-rules-stated':
        return [event.id];
      case 'office-established':
        return [event.data.office];
      case 'office-assumed':
      case 'office-vacated':
        return [event.data.tenure];
      default:
        return [stream];
    }
  },
};

/** The first of them that was set later than this time, as stated: one that is recorded now, and was set then, holds until that one. */
export const followedBy = (quotas: readonly Quota[], from: Occurred, zone: string | undefined): Quota | undefined =>
  quotas.find((each) => !isBy(each.from, from, zone));

/** A body has one quota a region: its id derives from both. */
export const quotaId = (bodyId: Uuid, region: Uuid): Uuid => derivedId(bodyId, `quota/${region}`);
