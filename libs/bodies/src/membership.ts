// Members and observers of a body, from a date to a date, and the regions that divide the members.
import {
  command,
  commons,
  covers,
  present,
  sealReason,
  sealText,
  type CivilDate,
  type LocalizedText,
  type Reason,
  type Refusal,
  type Uuid,
} from '#kernel';
import { body, type BodyState, type Membership } from './body.js';
import { bodyRefusals } from './body-refusals.js';
import { organisation } from './organisation.js';

export interface AdmitMember {
  organisation: Uuid;
  as: 'member' | 'observer';
  from: CivilDate;
  region?: Uuid;
}

export const admitMember = command<BodyState, AdmitMember, { registered: boolean }>({
  name: 'admit-member',
  on: body,
  roles: ['secretariat', 'admin'],
  stream: 'existing',
  creates: 'membership',
  look: async (input, look) => ({ registered: (await look.at(organisation, input.organisation)) !== undefined }),
  decide(input, state, context) {
    if (!context.seen.registered)
      return bodyRefusals['unknown-organisation'](`There is no organisation ${input.organisation}.`, {
        fields: [{ field: 'organisation', reason: 'is not registered' }],
      });
    if (input.region && !state.regions.has(input.region))
      return bodyRefusals['unknown-region'](`The body has no region ${input.region}.`, {
        fields: [{ field: 'region', reason: 'is no region of this body' }],
      });
    const taken = takenPeriod(state, input.organisation, input.from);
    if (taken) return taken;
    const data = {
      ...commons(context),
      membership: context.id('membership'),
      organisation: input.organisation,
      as: input.as,
      from: input.from,
      ...present({ region: input.region }),
    };
    return [{ type: 'member-admitted', data }];
  },
});

/** The membership of an organisation that covers a day. */
export function membershipOf(state: BodyState, organisationId: Uuid, day: string): Membership | undefined {
  for (const membership of state.memberships.values()) {
    if (membership.organisation === organisationId && covers(membership, day)) return membership;
  }
  return undefined;
}

/** The organisations that are members on a day; observers are none. */
export function membersOn(state: BodyState, day: string): Uuid[] {
  return [...state.memberships.values()]
    .filter((membership) => membership.as === 'member' && covers(membership, day))
    .map(({ organisation: member }) => member);
}

/** Refused where another membership of the organisation lies within the period, also one that is to begin. */
function takenPeriod(state: BodyState, organisationId: Uuid, from: CivilDate, until?: CivilDate, except?: Membership): Refusal | undefined {
  for (const other of state.memberships.values()) {
    if (other === except || other.organisation !== organisationId) continue;
    const meets = (until === undefined || other.from <= until) && (other.until === undefined || from <= other.until);
    if (meets)
      return bodyRefusals['already-member'](
        `The organisation is ${other.as} from ${other.from}${other.until ? ` until ${other.until}` : ''}.`,
      );
  }
  return undefined;
}

export interface EndMembership {
  membership: Uuid;
  until: CivilDate;
  reason: Reason;
}

export const endMembership = command<BodyState, EndMembership>({
  name: 'end-membership',
  on: body,
  roles: ['secretariat', 'admin'],
  stream: 'existing',
  resource: (input) => input.membership,
  decide(input, state, context) {
    const membership = state.memberships.get(input.membership);
    if (!membership) return bodyRefusals['unknown-membership'](`The body has no membership ${input.membership}.`);
    if (membership.until === input.until) return [];
    if (input.until < membership.from)
      return bodyRefusals['period-reversed'](`The membership began on ${membership.from}.`, {
        fields: [{ field: 'until', reason: `lies before ${membership.from}` }],
      });
    const taken = takenPeriod(state, membership.organisation, membership.from, input.until, membership);
    if (taken) return taken;
    return [
      {
        type: 'membership-ended',
        data: { ...commons(context), membership: input.membership, until: input.until, reason: sealReason(input.reason) },
      },
    ];
  },
});

export interface DefineRegion {
  name: LocalizedText;
}

export const defineRegion = command<BodyState, DefineRegion>({
  name: 'define-region',
  on: body,
  roles: ['secretariat', 'admin'],
  stream: 'existing',
  creates: 'region',
  decide: (input, _state, context) => [
    { type: 'region-defined', data: { ...commons(context), region: context.id('region'), name: sealText(input.name) } },
  ],
});
