// Speakers, presenters and hosts that a command names: each must be registered, or named in words.
import { bodyRefusals, organisation, person } from '#bodies/contracts';
import type { Look, PartyInput, Refusal, Uuid } from '#kernel';
import { meetingRefusals } from './meeting-refusals.js';

/** Looks up all parties; answers the first that is nobody. */
export async function findUnknownParty(parties: readonly { party: PartyInput; field: string }[], look: Look): Promise<Refusal | undefined> {
  for (const { party, field } of parties) {
    if (!party.person && !party.organisation && !party.named)
      return meetingRefusals['speaker-missing'](`${field} names nobody.`, {
        fields: [{ field, reason: 'needs person, organisation or named' }],
      });
    if (party.person && !(await look.at(person, party.person)))
      return bodyRefusals['unknown-person'](`There is no person ${party.person}.`, {
        fields: [{ field: `${field}.person`, reason: 'is not registered' }],
      });
    if (party.organisation) {
      const unknown = await findUnknownOrganisation(party.organisation, `${field}.organisation`, look);
      if (unknown) return unknown;
    }
  }
  return undefined;
}

export async function findUnknownOrganisation(id: Uuid | undefined, field: string, look: Look): Promise<Refusal | undefined> {
  if (id === undefined || (await look.at(organisation, id))) return undefined;
  return bodyRefusals['unknown-organisation'](`There is no organisation ${id}.`, { fields: [{ field, reason: 'is not registered' }] });
}
