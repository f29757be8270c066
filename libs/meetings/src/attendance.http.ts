// Attendance over HTTP: stated counts, and who was present by name.
import { Body, Controller, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  Asking,
  CommandBody,
  Count,
  Details,
  EvidenceDto,
  exampleText,
  Flag,
  Id,
  Lists,
  OneOf,
  Part,
  PartyDto,
  ReasonDto,
  Recorder,
  Register,
  Sent,
  Texts,
  When,
  Writes,
} from '#http';
import type { LocalizedText, Occurred, Reason, Uuid } from '#kernel';
import {
  correctAttendance,
  endAttendance,
  recordAttendance,
  stateAttendance,
  type CorrectAttendance,
  type EndAttendance,
  type RecordAttendance,
  type StateAttendance,
} from './attendance.js';
import { ATTENDANCE_MODES, type AttendanceMode } from './meeting.events.js';
import { attendance, attendanceList } from './meetings.tables.js';

export class StateAttendanceBody extends CommandBody implements StateAttendance {
  @Count({ says: 'How many were present.' })
  present!: number;

  @Count({ says: 'Of how many that may be.', optional: true })
  entitled?: number;

  @Texts({ says: 'Of whom.', optional: true })
  of?: LocalizedText;

  @Id({
    says: 'At a meeting of several bodies, the one whose members they are. Where absent, they are of all together, and count for the quorum of none.',
    optional: true,
  })
  body?: Uuid;

  @Part(() => EvidenceDto, { says: 'What the count rests on.' })
  evidence!: EvidenceDto;
}

export class RecordAttendanceBody extends CommandBody implements RecordAttendance {
  @Part(() => PartyDto, { says: 'Who was present.' })
  party!: PartyDto;

  @OneOf(['member', 'observer'], { says: 'A member counts for the quorum, an observer does not.' })
  as!: 'member' | 'observer';

  @OneOf(ATTENDANCE_MODES, { says: 'How they took part.', optional: true })
  mode?: AttendanceMode;

  @When({ says: 'From when; from the opening where absent.', optional: true })
  arrived?: Occurred;
}

export class EndAttendanceBody extends CommandBody implements Omit<EndAttendance, 'attendance'> {
  @When({ says: 'When they left.' })
  left!: Occurred;
}

export class CorrectAttendanceBody extends CommandBody implements Omit<CorrectAttendance, 'attendance'> {
  @Count({ says: 'Of a count: how many were present.', optional: true })
  present?: number;

  @Count({ says: 'Of a count: of how many that may be.', optional: true })
  entitled?: number;

  @OneOf(['member', 'observer'], { says: 'By name: as what.', optional: true })
  as?: 'member' | 'observer';

  @OneOf(ATTENDANCE_MODES, { says: 'By name: how they took part.', optional: true })
  mode?: AttendanceMode;

  @When({ says: 'By name: from when.', optional: true })
  arrived?: Occurred;

  @When({ says: 'By name: until when.', optional: true })
  left?: Occurred;

  @Flag({ says: 'It was not so at all.', optional: true })
  struck?: boolean;

  @Part(() => ReasonDto, { says: 'Why it is corrected.' })
  reason!: Reason;
}

@ApiTags('at the table')
@Controller('meetings/:meeting')
export class AttendanceController {
  constructor(
    private readonly recorder: Recorder,
    private readonly register: Register,
  ) {}

  @Writes('POST', 'attendance/stated', stateAttendance, {
    says: 'States how many were present, without names.',
    body: StateAttendanceBody,
    example: {
      present: 49,
      entitled: 52,
      of: exampleText('Member States of the region'),
      evidence: { words: exampleText('49 of the 52 Member States') },
    },
  })
  stateAttendance(@Sent() sent: Sent, @Param('meeting') id: string, @Body() body: StateAttendanceBody) {
    return this.recorder.record(stateAttendance, sent, id, body);
  }

  @Writes('POST', 'attendance', recordAttendance, {
    says: 'Records somebody as present, by name.',
    body: RecordAttendanceBody,
    example: { party: { organisation: '{organisation}' }, as: 'observer', mode: 'remote' },
  })
  recordAttendance(@Sent() sent: Sent, @Param('meeting') id: string, @Body() body: RecordAttendanceBody) {
    return this.recorder.record(recordAttendance, sent, id, body);
  }

  @Writes('POST', 'attendance/:attendance/end', endAttendance, {
    says: 'Somebody left before the end.',
    body: EndAttendanceBody,
    example: { left: '2024-04-29T16:00:00+02:00' },
  })
  endAttendance(
    @Sent() sent: Sent,
    @Param('meeting') id: string,
    @Param('attendance') attendanceId: Uuid,
    @Body() body: EndAttendanceBody,
  ) {
    return this.recorder.record(endAttendance, sent, id, { ...body, attendance: attendanceId });
  }

  @Writes('POST', 'attendance/:attendance/correction', correctAttendance, {
    says: 'Corrects an attendance.',
    body: CorrectAttendanceBody,
    example: { struck: true, reason: { code: 'typing' } },
  })
  correctAttendance(
    @Sent() sent: Sent,
    @Param('meeting') id: string,
    @Param('attendance') attendanceId: Uuid,
    @Body() body: CorrectAttendanceBody,
  ) {
    return this.recorder.record(correctAttendance, sent, id, { ...body, attendance: attendanceId });
  }

  @Lists('attendance', attendanceList, ['meeting'])
  listAttendance(@Asking() asking: Asking, @Param('meeting') meeting: string) {
    return this.register.list(attendanceList, asking, { meeting });
  }
}

/** An attendance, by its own id. */
@ApiTags('at the table')
@Controller()
export class AttendancePartsController {
  constructor(private readonly register: Register) {}

  @Details('attendance/:attendance', attendance)
  attendance(@Asking() asking: Asking, @Param('attendance') id: string) {
    return this.register.detail(attendance, asking, id);
  }
}
