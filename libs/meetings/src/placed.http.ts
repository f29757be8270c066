// What every body of something at the table says of where it happened.
import { AudienceDto, CommandBody, Id, Part } from '#http';
import type { Audience, Uuid } from '#kernel';

export class PlacedBody extends CommandBody {
  @Id({ says: 'The sitting in which it happened.', optional: true })
  sitting?: Uuid;

  @Id({ says: 'The agenda item under which it happened.', optional: true })
  item?: Uuid;

  @Part(() => AudienceDto, { says: "Who may read it; the item's, sitting's or meeting's audience where absent.", optional: true })
  audience?: Audience;
}
