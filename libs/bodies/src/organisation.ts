// Organisations: who can be a member or an observer. Every secretariat may register them.
import { command, commons, present, sealOptional, sealReason, sealText, type Decider, type LocalizedText, type Reason } from '#kernel';
import type { OrganisationEvent, OrganisationKind } from './party.events.js';

export interface OrganisationState {
  exists: boolean;
}

export const organisation: Decider<OrganisationState, OrganisationEvent> = {
  category: 'organisation',
  initial: () => ({ exists: false }),
  evolve(state) {
    state.exists = true;
    return state;
  },
  bodies: () => [],
  touches: (_event, stream) => [stream],
};

export interface RegisterOrganisation {
  kind: OrganisationKind;
  name: LocalizedText;
  shortName?: LocalizedText;
}

export const registerOrganisation = command<OrganisationState, RegisterOrganisation>({
  name: 'register-organisation',
  on: organisation,
  roles: ['secretariat', 'admin'],
  stream: 'new',
  creates: 'stream',
  decide: (input, _state, context) => [
    {
      type: 'organisation-registered',
      data: { ...commons(context), kind: input.kind, name: sealText(input.name), ...present({ shortName: sealOptional(input.shortName) }) },
    },
  ],
});

export interface RenameOrganisation {
  name: LocalizedText;
  shortName?: LocalizedText;
  reason: Reason;
}

export const renameOrganisation = command<OrganisationState, RenameOrganisation>({
  name: 'rename-organisation',
  on: organisation,
  roles: ['secretariat', 'admin'],
  stream: 'existing',
  decide: (input, _state, context) => [
    {
      type: 'organisation-renamed',
      data: {
        ...commons(context),
        name: sealText(input.name),
        ...present({ shortName: sealOptional(input.shortName) }),
        reason: sealReason(input.reason),
      },
    },
  ],
});
