// What every command may carry beside its own fields.
import {
  REASON_CODES,
  type CommandCommons,
  type Evidence,
  type Instruction,
  type LocalizedText,
  type Occurred,
  type OffsetTime,
  type Override,
  type Reason,
  type ReasonCode,
  type Uuid,
} from '#kernel';
import { Flag, Id, Instant, Language, OneOf, Part, Texts, When } from './fields.js';

export class EvidenceDto implements Evidence {
  @Id({ says: 'Documents that show it.', many: true, optional: true })
  documents?: Uuid[];

  @Id({ says: 'Remarks that show it.', many: true, optional: true })
  remarks?: Uuid[];

  @Texts({ says: "The source's own words.", optional: true, long: true })
  words?: LocalizedText;

  @Texts({ says: 'Why there is none.', optional: true })
  none?: LocalizedText;
}

class OverrideDto implements Override {
  @Texts({ says: 'Why the rule was departed from.' })
  reason!: LocalizedText;

  @Texts({ says: 'A ruling of the chair, or the rule that allows it.' })
  authority!: LocalizedText;

  @Part(() => EvidenceDto, { says: 'What shows it.', optional: true })
  evidence?: EvidenceDto;
}

class InstructionDto implements Instruction {
  @Id({ says: 'The registered person who instructed.', optional: true })
  person?: Uuid;

  @Texts({ says: 'Who instructed, in words.', optional: true })
  by?: LocalizedText;
}

export class ReasonDto implements Reason {
  @OneOf(REASON_CODES, { says: 'The reason, coded.' })
  code!: ReasonCode;

  @Texts({ says: 'The reason in words.', optional: true })
  text?: LocalizedText;
}

export class CommandBody implements CommandCommons {
  @When({
    says: 'When it happened: a date, or a time with its offset, never in the future. When it was typed where absent, else the time of recording.',
    optional: true,
  })
  occurredAt?: Occurred;

  @Instant({ says: 'When it was typed, by the clock of the client.', optional: true })
  typedAt?: OffsetTime;

  @Language({ says: 'The language that was used.', optional: true })
  language?: string;

  @Part(() => InstructionDto, { says: "On whose instruction, if another's.", optional: true })
  instruction?: InstructionDto;

  @Part(() => OverrideDto, { says: 'Lets the command through where the body departed from a rule; marked so for ever.', optional: true })
  override?: OverrideDto;

  @Flag({ says: 'Sample data that stands for what a source does not say; marked and printed so.', optional: true })
  illustrative?: boolean;

  @Part(() => ReasonDto, { says: 'Why it is recorded after its meeting closed.', optional: true })
  late?: ReasonDto;
}
