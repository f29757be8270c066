// Offices of a body, and who holds them from when until when.
import { command, commons, present, sealReason, sealText, type CivilDate, type LocalizedText, type Reason, type Uuid } from '#kernel';
import { body, type BodyState } from './body.js';
import type { OfficeKind } from './body.events.js';
import { bodyRefusals } from './body-refusals.js';
import { organisation } from './organisation.js';
import { person } from './person.js';

export interface EstablishOffice {
  kind: OfficeKind;
  name: LocalizedText;
  region?: Uuid;
}

export const establishOffice = command<BodyState, EstablishOffice>({
  name: 'establish-office',
  on: body,
  roles: ['secretariat', 'admin'],
  stream: 'existing',
  creates: 'office',
  decide(input, state, context) {
    if (input.region && !state.regions.has(input.region))
      return bodyRefusals['unknown-region'](`The body has no region ${input.region}.`, {
        fields: [{ field: 'region', reason: 'is no region of this body' }],
      });
    const data = {
      ...commons(context),
      office: context.id('office'),
      kind: input.kind,
      name: sealText(input.name),
      ...present({ region: input.region }),
    };
    return [{ type: 'office-established', data }];
  },
});

export interface AssumeOffice {
  office: Uuid;
  person?: Uuid;
  organisation?: Uuid;
  from: CivilDate;
  until?: CivilDate;
  acting?: boolean;
}

export const assumeOffice = command<BodyState, AssumeOffice, { person: boolean; organisation: boolean }>({
  name: 'assume-office',
  on: body,
  roles: ['secretariat', 'admin'],
  stream: 'existing',
  creates: 'tenure',
  look: async (input, look) => ({
    person: input.person === undefined || (await look.at(person, input.person)) !== undefined,
    organisation: input.organisation === undefined || (await look.at(organisation, input.organisation)) !== undefined,
  }),
  decide(input, state, context) {
    if (!state.offices.has(input.office)) return bodyRefusals['unknown-office'](`The body has no office ${input.office}.`);
    if (!input.person && !input.organisation)
      return bodyRefusals['party-missing']('An office is held by a member, exercised by a person, or both.');
    if (!context.seen.person)
      return bodyRefusals['unknown-person'](`There is no person ${input.person}.`, {
        fields: [{ field: 'person', reason: 'is not registered' }],
      });
    if (!context.seen.organisation)
      return bodyRefusals['unknown-organisation'](`There is no organisation ${input.organisation}.`, {
        fields: [{ field: 'organisation', reason: 'is not registered' }],
      });
    if (input.until && input.until < input.from)
      return bodyRefusals['period-reversed'](`The tenure would end on ${input.until} and begin on ${input.from}.`);
    const { office, person: who, organisation: member, from, until, acting } = input;
    return [
      {
        type: 'office-assumed',
        data: {
          ...commons(context),
          office,
          tenure: context.id('tenure'),
          from,
          ...present({ person: who, organisation: member, until, acting }),
        },
      },
    ];
  },
});

export interface VacateOffice {
  tenure: Uuid;
  until: CivilDate;
  reason: Reason;
}

export const vacateOffice = command<BodyState, VacateOffice>({
  name: 'vacate-office',
  on: body,
  roles: ['secretariat', 'admin'],
  stream: 'existing',
  resource: (input) => input.tenure,
  decide(input, state, context) {
    const tenure = state.tenures.get(input.tenure);
    if (!tenure) return bodyRefusals['unknown-tenure'](`The body has no tenure ${input.tenure}.`);
    if (tenure.until === input.until) return [];
    if (input.until < tenure.from)
      return bodyRefusals['period-reversed'](`The tenure began on ${tenure.from}.`, {
        fields: [{ field: 'until', reason: `lies before ${tenure.from}` }],
      });
    return [
      {
        type: 'office-vacated',
        data: { ...commons(context), office: tenure.office, tenure: input.tenure, until: input.until, reason: sealReason(input.reason) },
      },
    ];
  },
});
