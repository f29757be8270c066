// Who speaks, presents or hosts, as it is sent.
import type { LocalizedText, PartyInput, Uuid } from '#kernel';
import { Id, Texts } from './fields.js';

export class PartyDto implements PartyInput {
  @Id({ says: 'A registered person.', optional: true })
  person?: Uuid;

  @Id({ says: 'A registered organisation: its delegation.', optional: true })
  organisation?: Uuid;

  @Texts({ says: 'As the source names them, where they are not registered.', optional: true })
  named?: LocalizedText;
}
