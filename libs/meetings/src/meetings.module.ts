import { Module } from '@nestjs/common';
import { AttendanceController, AttendancePartsController } from './attendance.http.js';
import { MeetingPartsController, MeetingsController } from './meetings.http.js';
import { ProceedingPartsController, ProceedingsController } from './proceedings.http.js';
import { RemarkPartsController, RemarksController } from './remarks.http.js';

@Module({
  controllers: [
    MeetingsController,
    MeetingPartsController,
    AttendanceController,
    AttendancePartsController,
    RemarksController,
    RemarkPartsController,
    ProceedingsController,
    ProceedingPartsController,
  ],
})
export class MeetingsModule {}
