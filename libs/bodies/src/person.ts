// Persons: who speaks and holds office. Every secretariat may register them.
import {
  command,
  commons,
  present,
  sealOptional,
  sealReason,
  sealText,
  type Decider,
  type LocalizedText,
  type Reason,
  type Uuid,
} from '#kernel';
import { bodyRefusals } from './body-refusals.js';
import { organisation } from './organisation.js';
import type { PersonEvent } from './party.events.js';

export interface PersonState {
  exists: boolean;
  /** For which they work. */
  organisation: Uuid | undefined;
}

export const person: Decider<PersonState, PersonEvent> = {
  category: 'person',
  initial: () => ({ exists: false, organisation: undefined }),
  evolve(state, { data }) {
    state.exists = true;
    state.organisation = data.organisation ?? state.organisation;
    return state;
  },
  bodies: () => [],
  touches: (_event, stream) => [stream],
};

export interface RegisterPerson {
  name: LocalizedText;
  position?: LocalizedText;
  organisation?: Uuid;
}

export const registerPerson = command<PersonState, RegisterPerson, { organisationKnown: boolean }>({
  name: 'register-person',
  on: person,
  roles: ['secretariat', 'admin'],
  stream: 'new',
  creates: 'stream',
  look: async (input, look) => ({
    organisationKnown: !input.organisation || (await look.at(organisation, input.organisation)) !== undefined,
  }),
  decide(input, _state, context) {
    if (!context.seen.organisationKnown) return unknownOrganisation(input.organisation!);
    const data = {
      ...commons(context),
      name: sealText(input.name),
      ...present({ position: sealOptional(input.position), organisation: input.organisation }),
    };
    return [{ type: 'person-registered', data }];
  },
});

export interface CorrectPerson {
  name?: LocalizedText;
  position?: LocalizedText;
  organisation?: Uuid;
  reason: Reason;
}

export const correctPerson = command<PersonState, CorrectPerson, { organisationKnown: boolean }>({
  name: 'correct-person',
  on: person,
  roles: ['secretariat', 'admin'],
  stream: 'existing',
  look: async (input, look) => ({
    organisationKnown: !input.organisation || (await look.at(organisation, input.organisation)) !== undefined,
  }),
  decide(input, state, context) {
    if (!context.seen.organisationKnown) return unknownOrganisation(input.organisation!);
    const organisation = input.organisation === state.organisation ? undefined : input.organisation;
    if (!input.name && !input.position && !organisation) return [];
    const data = {
      ...commons(context),
      ...present({ name: sealOptional(input.name), position: sealOptional(input.position), organisation }),
      reason: sealReason(input.reason),
    };
    return [{ type: 'person-corrected', data }];
  },
});

const unknownOrganisation = (id: Uuid) =>
  bodyRefusals['unknown-organisation'](`There is no organisation ${id}.`, {
    fields: [{ field: 'organisation', reason: 'is not registered' }],
  });
